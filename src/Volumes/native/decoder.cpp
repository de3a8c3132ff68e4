#include "decoder.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <csignal>
#include <unistd.h>

namespace osteon {

namespace {
int output = -1;

void limit(int resource, rlim_t most) {
    const rlimit bound{most, most};
    setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

// Codecs print what they please; only numbers may leave by stdout.
void keep_stdout() {
    output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
}

// Whatever a file makes a codec do, it has this much memory and time, and does not outlive its parent.
void confine(rlim_t bytes, rlim_t seconds) {
#if !defined(__SANITIZE_ADDRESS__)
    limit(RLIMIT_AS, bytes);
#endif
    limit(RLIMIT_CPU, seconds);
    limit(RLIMIT_CORE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int run(int count, char** arguments) {
    const auto is = [&](const char* name, int expected) { return count == expected && std::strcmp(arguments[3], name) == 0; };
    if (count < 4) {
        throw Fault("usage: osteon_decoder BYTES SECONDS dicom|matlab [FILE [VARIABLE MOST]]");
    }
    confine(std::strtoull(arguments[1], nullptr, 10), std::strtoull(arguments[2], nullptr, 10));
    if (is("dicom", 4)) {
        decode_dicom();
    } else if (is("matlab", 5)) {
        list_matlab(arguments[4]);
    } else if (is("matlab", 7)) {
        read_matlab(arguments[4], arguments[5], std::strtoull(arguments[6], nullptr, 10));
    } else {
        throw Fault("unknown arguments");
    }
    return 0;
}
}  // namespace

void write_all(const void* data, size_t length) {
    const auto* next = static_cast<const char*>(data);
    while (length > 0) {
        const ssize_t written = write(output, next, length);
        if (written <= 0) {
            throw Fault("the result could not be written");
        }
        next += written;
        length -= static_cast<size_t>(written);
    }
}

}  // namespace osteon

int main(int count, char** arguments) {
    osteon::keep_stdout();
    try {
        return osteon::run(count, arguments);
    } catch (const std::bad_alloc&) {
        std::fputs("it asks for more memory than such a file may", stderr);
    } catch (const std::exception& e) {
        std::fputs(e.what(), stderr);
    } catch (...) {
        std::fputs("an exception of unknown type", stderr);
    }
    return 1;
}
