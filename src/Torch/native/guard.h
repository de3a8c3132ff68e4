// What every topic shares: the wrapper that no exception passes, and the conversions between handles and tensors.
#pragma once
#include "bridge.h"

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>
#include <vector>

void set_last_error(const char* text) noexcept;
Status status_of(const char* text) noexcept;

// Runs an export's body; the body's result is the status unless something is thrown.
template <class Body>
int32_t guard(Body&& body) noexcept {
  try {
    return body();
  } catch (const c10::OutOfMemoryError& e) {
    set_last_error(e.what_without_backtrace());
    return OutOfMemory;
  } catch (const c10::Error& e) {
    set_last_error(e.what_without_backtrace());
    return status_of(e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    set_last_error("out of memory");
    return OutOfMemory;
  } catch (const std::exception& e) {
    set_last_error(e.what());
    return status_of(e.what());
  } catch (...) {
    set_last_error("an exception of unknown type");
    return Failed;
  }
}

using TensorPointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

inline c10::TensorImpl* impl(void* handle) { return static_cast<c10::TensorImpl*>(handle); }

// A second reference for the length of a call; the handle stays valid.
inline at::Tensor borrow(void* handle) {
  return handle ? at::Tensor(TensorPointer::reclaim_copy(impl(handle))) : at::Tensor();
}

// The reference goes to the caller; an undefined tensor becomes null.
inline void* own(at::Tensor&& tensor) {
  return tensor.defined() ? tensor.unsafeReleaseIntrusivePtr().release() : nullptr;
}

inline std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) {
    tensors.push_back(handles ? borrow(handles[i]) : at::Tensor());
  }
  return tensors;
}

inline c10::Device unpack_device(int64_t packed) {
  return c10::Device(c10::DeviceType(packed >> 8), c10::DeviceIndex(int8_t(packed & 255)));
}

inline int64_t pack_device(c10::Device device) { return (int64_t(device.type()) << 8) | (device.index() & 255); }
