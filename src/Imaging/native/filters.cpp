#include "bridge.h"

#include <algorithm>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>
#include <vector>

using osteon::guarded;
using osteon::Plane;

// Filters leave the frame as it is: source and destination are of one size and type, and never the same memory. Outside the image
// lies its mirror (reflect_101), OpenCV's default, where nothing else is said.

namespace {

template <typename Body>
int32_t filter(const Plane* from, const Plane* to, Body&& body) {
    return guarded([&] {
        CV_Assert(from->type == to->type && from->height == to->height && from->width == to->width && from->data != to->data);
        cv::Mat destination = to->mat();
        body(from->mat(), destination);
        CV_Assert(destination.data == to->data);
    });
}

// The median of 16-bit windows too large for cv::medianBlur: a histogram in two levels that slides along each row; the border is
// repeated, as OpenCV does.
void median16(const cv::Mat& from, cv::Mat& to, int size) {
    const int radius = size / 2, rank = size * size / 2;
    cv::Mat padded;
    cv::copyMakeBorder(from, padded, radius, radius, radius, radius, cv::BORDER_REPLICATE);
    std::vector<uint16_t> coarse(256), fine(65536);
    for (int row = 0; row < from.rows; row++) {
        std::fill(coarse.begin(), coarse.end(), uint16_t{0});
        std::fill(fine.begin(), fine.end(), uint16_t{0});
        const auto count = [&](int column, int sign) {
            for (int i = row; i < row + size; i++) {
                const auto value = padded.ptr<uint16_t>(i)[column];
                coarse[value >> 8] = static_cast<uint16_t>(coarse[value >> 8] + sign);
                fine[value] = static_cast<uint16_t>(fine[value] + sign);
            }
        };
        for (int column = 0; column < size - 1; column++) {
            count(column, 1);
        }
        auto* out = to.ptr<uint16_t>(row);
        for (int column = 0; column < from.cols; column++) {
            count(column + size - 1, 1);
            int below = 0, value = 0;
            for (; below + coarse[value >> 8] <= rank; value += 256) {
                below += coarse[value >> 8];
            }
            for (; below + fine[value] <= rank; value++) {
                below += fine[value];
            }
            out[column] = static_cast<uint16_t>(value);
            count(column, -1);
        }
    }
}

}  // namespace

OSTEON_EXPORT int32_t osteon_img_filter2d(const Plane* from, const Plane* to, const float* kernel, int32_t height, int32_t width) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        cv::filter2D(source, destination, -1, cv::Mat(height, width, CV_32FC1, const_cast<float*>(kernel)));
    });
}

// One odd kernel for rows and columns, in double precision as numpy makes it.
OSTEON_EXPORT int32_t osteon_img_sep_filter2d(const Plane* from, const Plane* to, const double* kernel, int32_t length) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        const cv::Mat column(length, 1, CV_64FC1, const_cast<double*>(kernel));
        cv::sepFilter2D(source, destination, -1, column, column);
    });
}

OSTEON_EXPORT int32_t osteon_img_blur(const Plane* from, const Plane* to, int32_t size) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) { cv::blur(source, destination, cv::Size(size, size)); });
}

OSTEON_EXPORT int32_t osteon_img_gaussian_blur(const Plane* from, const Plane* to, int32_t size, double sigma, int32_t border) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        cv::GaussianBlur(source, destination, cv::Size(size, size), sigma, 0, border);
    });
}

OSTEON_EXPORT int32_t osteon_img_median_blur(const Plane* from, const Plane* to, int32_t size) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        CV_Assert(size % 2 == 1 && size > 0 && size < 256);
        if (source.depth() == CV_16U && size > 5) {
            median16(source, destination, size);
        } else {
            cv::medianBlur(source, destination, size);
        }
    });
}

OSTEON_EXPORT int32_t osteon_img_equalize(const Plane* from, const Plane* to) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) { cv::equalizeHist(source, destination); });
}

// Grows what surrounds a region into it; `mask` is 8 bit, other than 0 where pixels are to be made up.
OSTEON_EXPORT int32_t osteon_img_inpaint(const Plane* from, const Plane* to, const Plane* mask, double radius, int32_t telea) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        cv::inpaint(source, mask->mat(), destination, radius, telea != 0 ? cv::INPAINT_TELEA : cv::INPAINT_NS);
    });
}

// Smaller by a factor, which is not quite the ratio of the sizes that it gives, and back.
OSTEON_EXPORT int32_t osteon_img_downscale(const Plane* from, const Plane* to, double factor, int32_t down, int32_t up) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        cv::Mat small;
        if (cvRound(source.cols * factor) < 1 || cvRound(source.rows * factor) < 1) {
            cv::resize(source, small, cv::Size(std::max(1, cvRound(source.cols * factor)), std::max(1, cvRound(source.rows * factor))), 0, 0, down);
        } else {
            cv::resize(source, small, cv::Size(), factor, factor, down);
        }
        cv::resize(small, destination, destination.size(), 0, 0, up);
    });
}

OSTEON_EXPORT int32_t osteon_img_recompress(const Plane* from, const Plane* to, int32_t webp, int32_t quality) {
    return filter(from, to, [&](const cv::Mat& source, cv::Mat& destination) {
        CV_Assert(source.type() == CV_8UC1);
        thread_local std::vector<uint8_t> encoded;
        const std::vector<int> parameters{webp != 0 ? cv::IMWRITE_WEBP_QUALITY : cv::IMWRITE_JPEG_QUALITY, quality};
        CV_Assert(cv::imencode(webp != 0 ? ".webp" : ".jpg", source, encoded, parameters));
        cv::imdecode(encoded, cv::IMREAD_GRAYSCALE, &destination);
    });
}
