#include "decoder.h"

#include <hdf5.h>
#include <sstream>
#include <string>
#include <vector>

namespace osteon {

namespace {
// A handle of HDF5, closed by what opened it.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
    Handle(const Handle&) = delete;
    ~Handle() {
        if (id_ >= 0) {
            close_(id_);
        }
    }
    operator hid_t() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

constexpr int max_axes = 32;

struct Variable {
    std::string kind = "opaque";                                    // MATLAB's class
    bool complex = false, empty = false;
    std::string stored = "-";                                       // what the numbers are on disk: f8, u1, …; - for no numbers
    std::vector<hsize_t> axes;                                      // in MATLAB's order
};

Handle open_file(const char* path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    Handle file(H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file) {
        throw Fault("HDF5 cannot open it");
    }
    return file;
}

bool has(hid_t object, const char* attribute) { return H5Aexists(object, attribute) > 0; }

// MATLAB writes a text of fixed length, other programs one of variable length.
std::string text_of(hid_t object, const char* attribute) {
    const Handle a(H5Aopen(object, attribute, H5P_DEFAULT), H5Aclose);
    const Handle type(a ? H5Aget_type(a) : -1, H5Tclose);
    const Handle space(a ? H5Aget_space(a) : -1, H5Sclose);
    if (!type || !space || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
        return "";
    }
    if (H5Tis_variable_str(type) > 0) {
        char* text = nullptr;
        if (H5Aread(a, type, &text) < 0 || text == nullptr) {
            return "";
        }
        const std::string copy(text);
        H5free_memory(text);
        return copy;
    }
    std::vector<char> text(H5Tget_size(type) + 1);
    return text.size() <= 256 && H5Aread(a, type, text.data()) >= 0 ? std::string(text.data()) : "";
}

// The type numbers are read as: the machine's own, of the same size.
hid_t native_of(hid_t type) {
    const size_t size = H5Tget_size(type);
    if (H5Tget_class(type) == H5T_FLOAT) {
        return size == 8 ? H5T_NATIVE_DOUBLE : size == 4 ? H5T_NATIVE_FLOAT : -1;
    }
    if (H5Tget_class(type) != H5T_INTEGER) {
        return -1;
    }
    const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    switch (size) {
        case 1: return is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8;
        case 2: return is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16;
        case 4: return is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32;
        case 8: return is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
        default: return -1;
    }
}

std::string code_of(hid_t type) {
    if (native_of(type) < 0) {
        return "-";
    }
    const char kind = H5Tget_class(type) == H5T_FLOAT ? 'f' : H5Tget_sign(type) == H5T_SGN_2 ? 'i' : 'u';
    return kind + std::to_string(H5Tget_size(type));
}

const char* class_of(hid_t type) {
    if (H5Tget_class(type) == H5T_FLOAT) {
        return H5Tget_size(type) == 8 ? "double" : H5Tget_size(type) == 4 ? "single" : "opaque";
    }
    if (H5Tget_class(type) != H5T_INTEGER) {
        return H5Tget_class(type) == H5T_STRING ? "char" : "opaque";
    }
    const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    switch (H5Tget_size(type)) {
        case 1: return is_signed ? "int8" : "uint8";
        case 2: return is_signed ? "int16" : "uint16";
        case 4: return is_signed ? "int32" : "uint32";
        case 8: return is_signed ? "int64" : "uint64";
        default: return "opaque";
    }
}

Variable describe_dataset(hid_t set) {
    Variable v;
    const Handle type(H5Dget_type(set), H5Tclose);
    const Handle space(H5Dget_space(set), H5Sclose);
    if (!type || !space) {
        throw Fault("HDF5 cannot tell a variable's type");
    }
    const std::string given = has(set, "MATLAB_class") ? text_of(set, "MATLAB_class") : "";
    v.complex = H5Tget_class(type) == H5T_COMPOUND;
    v.kind = !given.empty() ? given : v.complex ? "double" : class_of(type);
    v.stored = code_of(type);
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > max_axes) {
        throw Fault("a variable has too many axes");
    }
    std::vector<hsize_t> axes(static_cast<size_t>(rank));
    if (rank > 0) {
        H5Sget_simple_extent_dims(space, axes.data(), nullptr);
    }
    v.empty = has(set, "MATLAB_empty");
    if (v.empty) {
        // An array without numbers keeps its axes as its data.
        hsize_t lengths[max_axes] = {};
        const hssize_t count = H5Sget_simple_extent_npoints(space);
        if (count < 1 || count > max_axes || H5Tget_class(type) != H5T_INTEGER || H5Dread(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, lengths) < 0) {
            throw Fault("an empty variable has no axes");
        }
        v.axes.assign(lengths, lengths + count);
    } else {
        v.axes.assign(axes.rbegin(), axes.rend());
    }
    while (v.axes.size() < 2) {
        v.axes.push_back(1);
    }
    return v;
}

Variable describe(hid_t object) {
    if (H5Iget_type(object) == H5I_DATASET) {
        return describe_dataset(object);
    }
    Variable v;
    v.axes = {1, 1};
    const std::string given = has(object, "MATLAB_class") ? text_of(object, "MATLAB_class") : "";
    v.kind = has(object, "MATLAB_sparse") ? "sparse" : given == "function_handle" ? "function" : given.empty() ? "struct" : given;
    return v;
}

// class, complex or real, numbers on disk, axes
std::string line_of(const Variable& v) {
    std::ostringstream line;
    line << v.kind << ' ' << (v.complex ? "complex" : "real") << ' ' << v.stored << ' ';
    for (size_t i = 0; i < v.axes.size(); i++) {
        line << (i ? "x" : "") << v.axes[i];
    }
    return line.str();
}

// Names of MATLAB's own workings begin with '#'.
herr_t list_one(hid_t file, const char* name, const H5L_info_t*, void* lines) {
    if (name[0] == '#') {
        return 0;
    }
    const Handle object(H5Oopen(file, name, H5P_DEFAULT), H5Oclose);
    if (!object) {
        return 0;
    }
    try {
        std::string line = line_of(describe(object)) + ' ' + name;
        for (char& c : line) {
            c = static_cast<unsigned char>(c) < ' ' ? '?' : c;
        }
        static_cast<std::vector<std::string>*>(lines)->push_back(line);
        return 0;
    } catch (const Fault&) {
        return -1;
    }
}
}  // namespace

void list_matlab(const char* path) {
    const Handle file = open_file(path);
    std::vector<std::string> lines;
    if (H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, nullptr, list_one, &lines) < 0) {
        throw Fault("HDF5 cannot list its variables");
    }
    for (const std::string& line : lines) {
        write_line(line);
    }
}

void read_matlab(const char* path, const char* name, size_t most) {
    const Handle file = open_file(path);
    const Handle set(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
    if (!set) {
        throw Fault("HDF5 cannot open the variable");
    }
    const Variable v = describe_dataset(set);
    if (v.empty) {
        write_line(line_of(v));
        return;
    }
    const Handle type(H5Dget_type(set), H5Tclose);
    const Handle space(H5Dget_space(set), H5Sclose);
    const hid_t native = native_of(type);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (native < 0 || count < 0 || static_cast<size_t>(count) > most / H5Tget_size(native)) {
        throw Fault("the variable holds no real numbers, or too many");
    }
    std::vector<char> numbers(static_cast<size_t>(count) * H5Tget_size(native));
    if (H5Dread(set, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) < 0) {
        throw Fault("HDF5 cannot read the variable");
    }
    write_line(line_of(v));
    write_all(numbers.data(), numbers.size());
}

}  // namespace osteon
