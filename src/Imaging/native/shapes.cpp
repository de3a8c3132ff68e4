#include "bridge.h"

#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

using osteon::Buffer;
using osteon::guarded;
using osteon::Header;
using osteon::Plane;

// Sets every pixel of a closed outline and its inside to 1; `points` are x, y pairs that may leave the canvas.
OSTEON_EXPORT int32_t osteon_img_fill_poly(const Plane* canvas, const int32_t* points, int32_t count) {
    return guarded([&] {
        CV_Assert(canvas->type == CV_8UC1 && count > 0);
        cv::Mat target = canvas->mat();
        const auto* outline = reinterpret_cast<const cv::Point*>(points);
        const cv::Point* outlines[] = {outline};
        const int counts[] = {count};
        cv::fillPoly(target, outlines, counts, 1, cv::Scalar(1), cv::LINE_8, 0);
    });
}

// One row of int32: number of contours, then for each its length and its x, y pairs, moved by (dx, dy).
OSTEON_EXPORT int32_t osteon_img_find_contours(const Plane* canvas, int32_t mode, int32_t dx, int32_t dy, Buffer** result, Header* header) {
    return guarded([&] {
        CV_Assert(canvas->type == CV_8UC1);
        std::vector<std::vector<cv::Point>> contours;
        cv::findContours(canvas->mat(), contours, mode, cv::CHAIN_APPROX_NONE, cv::Point(dx, dy));

        size_t length = 1;
        for (const auto& contour : contours) {
            length += 1 + 2 * contour.size();
        }
        cv::Mat flat(1, static_cast<int>(length), CV_32SC1);
        auto* next = flat.ptr<int32_t>();
        *next++ = static_cast<int32_t>(contours.size());
        for (const auto& contour : contours) {
            *next++ = static_cast<int32_t>(contour.size());
            std::memcpy(next, contour.data(), contour.size() * sizeof(cv::Point));
            next += 2 * contour.size();
        }
        osteon::give(std::move(flat), result, header);
    });
}
