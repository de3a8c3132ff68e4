#include "bridge.h"

#include <opencv2/imgproc.hpp>

using osteon::guarded;
using osteon::Plane;

namespace {
// OpenCV allocates anew when the destination does not fit; the caller's memory must never be left unwritten.
void expect_in_place(const cv::Mat& mat, const Plane* plane) { CV_Assert(mat.data == plane->data); }
}  // namespace

OSTEON_EXPORT int32_t osteon_img_resize(const Plane* from, const Plane* to, int32_t interpolation) {
    return guarded([&] {
        CV_Assert(from->type == to->type);
        cv::Mat destination = to->mat();
        cv::resize(from->mat(), destination, destination.size(), 0, 0, interpolation);
        expect_in_place(destination, to);
    });
}

// `matrix` maps source to destination coordinates, row by row (2×3), or back, where `interpolation` has WARP_INVERSE_MAP.
OSTEON_EXPORT int32_t osteon_img_warp_affine(
    const Plane* from, const Plane* to, const double* matrix, int32_t interpolation, int32_t border, const double* value) {
    return guarded([&] {
        CV_Assert(from->type == to->type);
        cv::Mat destination = to->mat();
        const cv::Mat transform(2, 3, CV_64FC1, const_cast<double*>(matrix));
        const cv::Scalar fill(value[0], value[1], value[2], value[3]);
        cv::warpAffine(from->mat(), destination, transform, destination.size(), interpolation, border, fill);
        expect_in_place(destination, to);
    });
}

// As for the affine map, with a matrix of 3×3.
OSTEON_EXPORT int32_t osteon_img_warp_perspective(
    const Plane* from, const Plane* to, const double* matrix, int32_t interpolation, int32_t border, const double* value) {
    return guarded([&] {
        CV_Assert(from->type == to->type);
        cv::Mat destination = to->mat();
        const cv::Mat transform(3, 3, CV_64FC1, const_cast<double*>(matrix));
        const cv::Scalar fill(value[0], value[1], value[2], value[3]);
        cv::warpPerspective(from->mat(), destination, transform, destination.size(), interpolation, border, fill);
        expect_in_place(destination, to);
    });
}

// `x` and `y` hold a source coordinate for each pixel of the destination (CV_32FC1).
OSTEON_EXPORT int32_t osteon_img_remap(
    const Plane* from, const Plane* to, const Plane* x, const Plane* y, int32_t interpolation, int32_t border, const double* value) {
    return guarded([&] {
        CV_Assert(from->type == to->type && x->type == CV_32FC1 && y->type == CV_32FC1);
        cv::Mat destination = to->mat();
        CV_Assert(x->mat().size() == destination.size() && y->mat().size() == destination.size());
        const cv::Scalar fill(value[0], value[1], value[2], value[3]);
        cv::remap(from->mat(), destination, x->mat(), y->mat(), interpolation, border, fill);
        expect_in_place(destination, to);
    });
}

OSTEON_EXPORT int32_t osteon_img_flip(const Plane* from, const Plane* to, int32_t code) {
    return guarded([&] {
        CV_Assert(from->type == to->type);
        cv::Mat destination = to->mat();
        cv::flip(from->mat(), destination, code);
        expect_in_place(destination, to);
    });
}

OSTEON_EXPORT int32_t osteon_img_lut(const Plane* from, const Plane* to, const uint8_t* table) {
    return guarded([&] {
        CV_Assert(from->type == CV_8UC1 && to->type == CV_8UC1);
        cv::Mat destination = to->mat();
        cv::LUT(from->mat(), cv::Mat(1, 256, CV_8UC1, const_cast<uint8_t*>(table)), destination);
        expect_in_place(destination, to);
    });
}
