#include "bridge.h"

#include <cstring>
#include <opencv2/imgproc.hpp>

using osteon::guarded;
using osteon::Plane;

// One-channel planes of 8 bits, 0 or not; the border is OpenCV's own for each operation: outside counts neither as set nor as unset.
// `operation` is cv::MorphTypes', `shape` cv::MorphShapes'.
OSTEON_EXPORT int32_t osteon_img_morphology(const Plane* from, const Plane* to, int32_t operation, int32_t shape, int32_t size, int32_t iterations) {
    return guarded([&] {
        CV_Assert(from->type == CV_8UC1 && to->type == CV_8UC1 && from->height == to->height && from->width == to->width);
        cv::Mat destination = to->mat();
        cv::morphologyEx(from->mat(), destination, operation, cv::getStructuringElement(shape, cv::Size(size, size)), cv::Point(-1, -1), iterations);
        CV_Assert(destination.data == to->data);
    });
}

// The watershed chain on a grey plane: what is above `threshold` is closed; what a dilation adds to it is undecided, and so is what is nearer
// to the outside than `factor` times the farthest; the rest are seeds, numbered from 2, the outside is 1. `markers` (the plane's size) gets, with
// 32 bits, the number of the region that each pixel falls to, and -1 on the lines between them and on the plane's border; with 8 bits, whether
// that is a seed's.
OSTEON_EXPORT int32_t osteon_img_watershed(const Plane* grey, const Plane* markers, int32_t threshold, int32_t size, int32_t closing,
                                           int32_t dilation, int32_t distance, double factor) {
    return guarded([&] {
        CV_Assert(grey->type == CV_8UC1 && (markers->type == CV_32SC1 || markers->type == CV_8UC1) && grey->height == markers->height && grey->width == markers->width);
        const cv::Mat image = grey->mat(), kernel = cv::getStructuringElement(cv::MORPH_RECT, cv::Size(size, size));
        const cv::Point middle(-1, -1);
        cv::Mat set, around, far, seeds, numbers, colour;
        cv::threshold(image, set, threshold, 255, cv::THRESH_BINARY);
        if (closing > 0) {
            cv::morphologyEx(set, set, cv::MORPH_CLOSE, kernel, middle, closing);
        }
        if (dilation > 0) {
            cv::dilate(set, around, kernel, middle, dilation);
        } else {
            around = set;
        }
        cv::distanceTransform(set, far, cv::DIST_L2, distance);
        double farthest = 0;
        cv::minMaxLoc(far, nullptr, &farthest);
        cv::threshold(far, far, factor * farthest, 255, cv::THRESH_BINARY);
        far.convertTo(seeds, CV_8U);
        cv::connectedComponents(seeds, numbers);
        const bool whole = markers->type == CV_32SC1;
        cv::Mat result = whole ? markers->mat() : cv::Mat(markers->height, markers->width, CV_32SC1);
        for (int y = 0; y < result.rows; y++) {
            const auto* in = numbers.ptr<int32_t>(y);
            const auto *wide = around.ptr<uint8_t>(y), *narrow = seeds.ptr<uint8_t>(y);
            auto* out = result.ptr<int32_t>(y);
            for (int x = 0; x < result.cols; x++) {
                out[x] = wide[x] != 0 && narrow[x] == 0 ? 0 : in[x] + 1;
            }
        }
        cv::cvtColor(image, colour, cv::COLOR_GRAY2BGR);
        cv::watershed(colour, result);
        if (whole) {
            CV_Assert(result.data == markers->data);
            return;
        }
        cv::Mat mask = markers->mat();
        for (int y = 0; y < mask.rows; y++) {
            const auto* in = result.ptr<int32_t>(y);
            auto* out = mask.ptr<uint8_t>(y);
            for (int x = 0; x < mask.cols; x++) {
                out[x] = in[x] > 1;
            }
        }
    });
}
