// The C surface of the imaging bridge. Every export returns 0, or -1 with a message for the calling thread.
#pragma once

#include <cstdint>
#include <exception>
#include <opencv2/core.hpp>

#define OSTEON_EXPORT extern "C" __attribute__((visibility("default")))

namespace osteon {

// Pixels that belong to the caller: row-major, without gaps; `type` is OpenCV's (depth and channels).
struct Plane {
    void* data;
    int32_t height, width, type;

    cv::Mat mat() const {
        CV_Assert(data != nullptr && height > 0 && width > 0);
        return cv::Mat(height, width, type, data);
    }
};

// A result whose size the caller could not know: it asks, copies, and frees.
struct Buffer {
    cv::Mat mat;
};

struct Header {
    int32_t height, width, type, reserved;
};

void prepare();                          // once a process: no logs, no threads of OpenCV's own
void remember(const char* message) noexcept;

// The only way into OpenCV: nothing is ever thrown across the border.
template <typename Body>
int32_t guarded(Body&& body) noexcept {
    try {
        prepare();
        body();
        return 0;
    } catch (const cv::Exception& e) {
        remember(e.err.empty() ? e.what() : e.err.c_str());
    } catch (const std::exception& e) {
        remember(e.what());
    } catch (...) {
        remember("an exception of unknown type");
    }
    return -1;
}

// Hands a matrix to the caller, who frees it.
void give(cv::Mat mat, Buffer** result, Header* header);

}  // namespace osteon
