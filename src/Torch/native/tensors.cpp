// Tensor handles: references, metadata, memory.
#include "guard.h"

#include <ATen/ops/from_blob.h>
#include <c10/core/ScalarType.h>

namespace {
template <class Array>
void copy(Array from, int64_t* to, int32_t capacity) {
  for (size_t i = 0; i < from.size() && i < size_t(capacity); i++) {
    to[i] = from[i];
  }
}
}  // namespace

enum TensorFlag : int32_t { RequiresGrad = 1, Leaf = 2, Contiguous = 4, ChannelsLast = 8 };

// The managed side's copy of what an operator returned: one crossing instead of several.
struct TensorInfo {
  int64_t elements;
  int64_t device;
  int32_t dimensions;
  int32_t dtype;
  int32_t flags;
  int32_t element_size;
};

OSTEON_API int32_t osteon_tensor_free(void* tensor) {
  return guard([&] {
    auto released = TensorPointer::reclaim(impl(tensor));
    return 0;
  });
}

OSTEON_API int32_t osteon_tensor_retain(void* tensor, void** result) {
  return guard([&] {
    *result = TensorPointer::reclaim_copy(impl(tensor)).release();
    return 0;
  });
}

OSTEON_API int32_t osteon_tensor_info(void* tensor, TensorInfo* info) {
  return guard([&] {
    auto t = borrow(tensor);
    const bool dense = t.layout() == at::kStrided;
    info->elements = t.numel();
    info->device = pack_device(t.device());
    info->dimensions = int32_t(t.dim());
    info->dtype = int32_t(t.scalar_type());
    info->flags = (t.requires_grad() ? RequiresGrad : 0) | (t.is_leaf() ? Leaf : 0) |
                  (dense && t.is_contiguous() ? Contiguous : 0) |
                  (dense && t.is_contiguous(at::MemoryFormat::ChannelsLast) ? ChannelsLast : 0);
    info->element_size = int32_t(t.element_size());
    return 0;
  });
}

// Both return the number of dimensions and fill at most `capacity`.
OSTEON_API int32_t osteon_tensor_sizes(void* tensor, int64_t* out, int32_t capacity) {
  return guard([&] {
    copy(impl(tensor)->sizes(), out, capacity);
    return int32_t(impl(tensor)->dim());
  });
}

OSTEON_API int32_t osteon_tensor_strides(void* tensor, int64_t* out, int32_t capacity) {
  return guard([&] {
    copy(impl(tensor)->strides(), out, capacity);
    return int32_t(impl(tensor)->dim());
  });
}

OSTEON_API int32_t osteon_tensor_data(void* tensor, void** data) {
  return guard([&] {
    *data = borrow(tensor).data_ptr();
    return 0;
  });
}

// A tensor over memory of the caller's; `release(context)` runs when the last reference goes, on whatever thread drops it.
OSTEON_API int32_t osteon_tensor_from_memory(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype,
                                             void (*release)(void*), void* context, void** result) {
  return guard([&] {
    auto options = at::TensorOptions().dtype(at::ScalarType(dtype));
    *result = own(at::from_blob(data, {sizes, size_t(dimensions)}, [release, context](void*) { release(context); }, options));
    return 0;
  });
}
