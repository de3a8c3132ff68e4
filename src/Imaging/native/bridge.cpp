#include "bridge.h"

#include <cstring>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>

namespace osteon {

namespace {
thread_local char last_message[1024];

int ignore_error(int, const char*, const char*, const char*, int, void*) { return 0; }
}  // namespace

void prepare() {
    static std::once_flag once;
    std::call_once(once, [] {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        cv::redirectError(ignore_error);
        // The callers' threads are the parallelism; a second pool would only fight them.
        cv::setNumThreads(1);
    });
}

void remember(const char* message) noexcept {
    std::strncpy(last_message, message, sizeof last_message - 1);
    last_message[sizeof last_message - 1] = '\0';
}

void give(cv::Mat mat, Buffer** result, Header* header) {
    if (!mat.isContinuous()) {
        mat = mat.clone();
    }
    *header = {mat.rows, mat.cols, mat.type(), 0};
    *result = new Buffer{std::move(mat)};
}

}  // namespace osteon

OSTEON_EXPORT const char* osteon_img_message() { return osteon::last_message; }

OSTEON_EXPORT const char* osteon_img_opencv_version() {
    static const std::string version = cv::getVersionString();
    return version.c_str();
}

OSTEON_EXPORT int32_t osteon_img_buffer_copy(const osteon::Buffer* buffer, void* destination, int64_t capacity) {
    return osteon::guarded([&] {
        const auto bytes = static_cast<int64_t>(buffer->mat.total() * buffer->mat.elemSize());
        CV_Assert(bytes == capacity);
        std::memcpy(destination, buffer->mat.data, static_cast<size_t>(bytes));
    });
}

OSTEON_EXPORT void osteon_img_buffer_free(osteon::Buffer* buffer) { delete buffer; }
