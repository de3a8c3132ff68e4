#include "guard.h"

#include <cstring>

namespace {
thread_local std::string last_error;
}

// Runs inside a handler, where nothing may be thrown: when memory is so short that the text does not fit, a shorter one does.
void set_last_error(const char* text) noexcept {
  try {
    last_error = text;
  } catch (...) {
    last_error.assign("out of memory");                            // short enough to need none
  }
}

// Only a GPU's allocator throws a type of its own. On the CPU, and out of cuBLAS and cuDNN, only the text tells.
Status status_of(const char* text) noexcept {
  for (const char* sign : {"can't allocate memory", "not enough memory", "out of memory", "_STATUS_ALLOC_FAILED"}) {
    if (std::strstr(text, sign)) {
      return OutOfMemory;
    }
  }
  return Failed;
}

OSTEON_API const char* osteon_last_error() { return last_error.c_str(); }
