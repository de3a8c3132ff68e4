#include "guard.h"

namespace {
thread_local std::string last_error;
}

void set_last_error(std::string text) noexcept { last_error = std::move(text); }

// On the CPU running out of memory is a plain error; only its text tells.
Status status_of(const std::string& text) noexcept {
  return text.find("can't allocate memory") != std::string::npos || text.find("not enough memory") != std::string::npos
             ? OutOfMemory
             : Failed;
}

OSTEON_API const char* osteon_last_error() { return last_error.c_str(); }
