#include "bridge.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <tiffio.h>
#include <vector>

using osteon::Buffer;
using osteon::guarded;
using osteon::Header;

// What a page's tags say. Mirrored by TiffPage in Interop/Native.Tiff.cs.
struct TiffPage {
    uint32_t height, width, file_type;   // file_type: NewSubfileType's bits; 1 is a smaller copy, 4 a transparency mask
    uint16_t bits, samples, sample_format, photometric, orientation, compression, planar, resolution_unit;
    float x_resolution, y_resolution;
};

namespace {

// Neither mapped, as the file may be cut short under it, nor with libtiff's own messages, which would go to the console.
class Tiff {
public:
    explicit Tiff(const char* path) {
        TIFFSetErrorHandler(nullptr);
        TIFFSetWarningHandler(nullptr);
        handle_ = TIFFOpen(path, "rm");
        if (handle_ == nullptr) {
            throw std::runtime_error("libtiff cannot open it");
        }
    }

    ~Tiff() { TIFFClose(handle_); }
    Tiff(const Tiff&) = delete;
    Tiff& operator=(const Tiff&) = delete;

    operator TIFF*() const { return handle_; }

private:
    TIFF* handle_;
};

TiffPage describe(TIFF* tiff) {
    TiffPage page{};
    uint16_t value = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.height);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &page.file_type);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &page.sample_format);
    page.photometric = TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &value) ? value : static_cast<uint16_t>(PHOTOMETRIC_MINISBLACK);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &page.orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &page.compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &page.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &page.resolution_unit);
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &page.x_resolution);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &page.y_resolution);
    return page;
}

// Samples of 1, 2 and 4 bits become bytes; wider ones are already in the machine's order.
void unpack(const uint8_t* packed, uint8_t* to, uint32_t columns, uint32_t rows, size_t packed_stride, size_t stride, uint16_t bits) {
    const auto pixel = static_cast<size_t>(std::max<int>(bits, 8) / 8);
    for (uint32_t y = 0; y < rows; y++, packed += packed_stride, to += stride) {
        if (bits >= 8) {
            std::memcpy(to, packed, columns * pixel);
            continue;
        }

        for (uint32_t x = 0; x < columns; x++) {
            const uint32_t bit = x * bits;
            to[x] = static_cast<uint8_t>((packed[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1));
        }
    }
}

void read_strips(TIFF* tiff, cv::Mat& image, uint16_t bits) {
    uint32_t rows = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    const auto height = static_cast<uint32_t>(image.rows), width = static_cast<uint32_t>(image.cols);
    rows = std::max(1u, std::min(rows, height));
    const size_t packed_stride = (static_cast<size_t>(width) * bits + 7) / 8;
    std::vector<uint8_t> strip(packed_stride * rows);
    for (uint32_t y = 0; y < height; y += rows) {
        const uint32_t here = std::min(rows, height - y);
        const auto wanted = static_cast<tmsize_t>(packed_stride * here);
        if (TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, 0), strip.data(), wanted) != wanted) {
            throw std::runtime_error("a strip is damaged or cut short");
        }

        unpack(strip.data(), image.ptr(static_cast<int>(y)), width, here, packed_stride, image.step[0], bits);
    }
}

void read_tiles(TIFF* tiff, cv::Mat& image, uint16_t bits) {
    uint32_t tile_width = 0, tile_height = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
    const auto height = static_cast<uint32_t>(image.rows), width = static_cast<uint32_t>(image.cols);
    const uint64_t size = TIFFTileSize64(tiff);
    const size_t packed_stride = (static_cast<size_t>(tile_width) * bits + 7) / 8;
    // A tile that is far larger than its picture was made to exhaust memory.
    if (tile_width == 0 || tile_height == 0 || size > image.total() * image.elemSize() * 4 + (1u << 24) || size < packed_stride * tile_height) {
        throw std::runtime_error("the size of its tiles makes no sense");
    }

    std::vector<uint8_t> tile(size);
    for (uint32_t y = 0; y < height; y += tile_height) {
        for (uint32_t x = 0; x < width; x += tile_width) {
            if (TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, 0), tile.data(), static_cast<tmsize_t>(size)) < static_cast<tmsize_t>(packed_stride * tile_height)) {
                throw std::runtime_error("a tile is damaged or cut short");
            }

            unpack(tile.data(), image.ptr(static_cast<int>(y)) + x * image.elemSize(), std::min(tile_width, width - x), std::min(tile_height, height - y),
                   packed_stride, image.step[0], bits);
            if (width - x <= tile_width) {
                break;
            }
        }

        if (height - y <= tile_height) {
            break;
        }
    }
}

void go_to(TIFF* tiff, int32_t page) {
    if (page < 0 || page > UINT16_MAX || !TIFFSetDirectory(tiff, static_cast<tdir_t>(page))) {
        throw std::runtime_error("there is no such page");
    }
}

}  // namespace

// The tags of pages, up to `capacity`; `count` is how many there are, at most capacity + 1.
OSTEON_EXPORT int32_t osteon_img_tiff_pages(const char* path, TiffPage* pages, int32_t capacity, int32_t* count) {
    return guarded([&] {
        const Tiff tiff(path);
        *count = 0;
        do {
            if (*count == capacity) {
                ++*count;
                break;
            }

            pages[(*count)++] = describe(tiff);
        } while (TIFFReadDirectory(tiff));
    });
}

// One page's samples as they are stored, where a pixel has one: 8, 16 or 32 bit (the type says OpenCV's 8U, 16U or 32S). The caller has bounded its size.
OSTEON_EXPORT int32_t osteon_img_tiff_samples(const char* path, int32_t page, Buffer** result, Header* header) {
    return guarded([&] {
        const Tiff tiff(path);
        go_to(tiff, page);
        const TiffPage about = describe(tiff);
        const int depth = about.bits == 32 ? CV_32SC1 : about.bits == 16 ? CV_16UC1 : CV_8UC1;
        if (about.samples != 1 || (about.bits != 1 && about.bits != 2 && about.bits != 4 && about.bits != 8 && about.bits != 16 && about.bits != 32)) {
            throw std::runtime_error("its samples are of another kind");
        }

        cv::Mat image(static_cast<int>(about.height), static_cast<int>(about.width), depth, cv::Scalar(0));
        if (TIFFIsTiled(tiff)) {
            read_tiles(tiff, image, about.bits);
        } else {
            read_strips(tiff, image, about.bits);
        }

        osteon::give(std::move(image), result, header);
    });
}

// The palette of a page: 3 × 2^bits bytes, red, green, blue of each index; `count` is 0 where it has none.
OSTEON_EXPORT int32_t osteon_img_tiff_palette(const char* path, int32_t page, uint8_t* rgb, int32_t capacity, int32_t* count) {
    return guarded([&] {
        const Tiff tiff(path);
        go_to(tiff, page);
        uint16_t *red = nullptr, *green = nullptr, *blue = nullptr, bits = 0;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
        *count = 0;
        if (bits > 8 || !TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue)) {
            return;
        }

        const int entries = 1 << bits;
        if (entries * 3 > capacity) {
            throw std::runtime_error("its palette is too large");
        }

        for (int i = 0; i < entries; i++) {
            rgb[3 * i] = static_cast<uint8_t>(red[i] >> 8);
            rgb[3 * i + 1] = static_cast<uint8_t>(green[i] >> 8);
            rgb[3 * i + 2] = static_cast<uint8_t>(blue[i] >> 8);
        }

        *count = entries;
    });
}
