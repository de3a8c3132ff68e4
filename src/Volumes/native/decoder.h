// osteon_decoder reads one file of a hostile kind and writes numbers: a line of text about them, then their bytes.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace osteon {

// What a person can mend; printed, and the exit status is 1.
struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void write_all(const void* data, size_t length);                    // to what stdout was when the program began
inline void write_line(const std::string& line) { write_all((line + "\n").data(), line.size() + 1); }

void decode_dicom();                                                // one frame in a plain file on stdin
void list_matlab(const char* path);
void read_matlab(const char* path, const char* variable, size_t most);

}  // namespace osteon
