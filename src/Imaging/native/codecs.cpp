#include "bridge.h"

#include <libdeflate.h>

#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

using osteon::Buffer;
using osteon::guarded;
using osteon::Header;
using osteon::Plane;

// Decodes the first picture of an encoded file in memory. `flags` are cv::ImreadModes.
OSTEON_EXPORT int32_t osteon_img_decode(const uint8_t* bytes, int32_t length, int32_t flags, Buffer** result, Header* header) {
    return guarded([&] {
        const cv::Mat encoded(1, length, CV_8UC1, const_cast<uint8_t*>(bytes));
        cv::Mat decoded = cv::imdecode(encoded, flags);
        CV_Assert(!decoded.empty());
        osteon::give(std::move(decoded), result, header);
    });
}

OSTEON_EXPORT int32_t osteon_img_read_page(const char* path, int32_t page, int32_t flags, Buffer** result, Header* header) {
    return guarded([&] {
        std::vector<cv::Mat> pages;
        CV_Assert(cv::imreadmulti(path, pages, page, 1, flags) && pages.size() == 1 && !pages[0].empty());
        osteon::give(std::move(pages[0]), result, header);
    });
}

// Encodes to `extension` (".png", ".jpg"); colour planes are BGR. The result is one row of bytes.
OSTEON_EXPORT int32_t osteon_img_encode(const Plane* image, const char* extension, int32_t key, int32_t value, Buffer** result, Header* header) {
    return guarded([&] {
        std::vector<uint8_t> encoded;
        const std::vector<int> parameters{key, value};
        CV_Assert(cv::imencode(extension, image->mat(), encoded, parameters));
        osteon::give(cv::Mat(encoded, true).reshape(1, 1), result, header);
    });
}

// Inflates a zlib stream. `whole` is 1 where it gave exactly `expected` bytes and its checksum fits, otherwise 0.
OSTEON_EXPORT int32_t osteon_img_inflate(const uint8_t* bytes, int64_t length, uint8_t* result, int64_t expected, int32_t* whole) {
    return guarded([&] {
        const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
            libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
        CV_Assert(inflater != nullptr);
        *whole = libdeflate_zlib_decompress(
                     inflater.get(), bytes, static_cast<size_t>(length), result, static_cast<size_t>(expected), nullptr) == LIBDEFLATE_SUCCESS;
    });
}
