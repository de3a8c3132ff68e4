// Gradients, and the per-thread modes that decide whether and how they are recorded.
#include "guard.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

OSTEON_API int32_t osteon_set_requires_grad(void* tensor, int32_t on) {
  return guard([&] {
    borrow(tensor).set_requires_grad(on != 0);
    return 0;
  });
}

OSTEON_API int32_t osteon_grad(void* tensor, void** result) {
  return guard([&] {
    at::Tensor grad = borrow(tensor).grad();
    *result = own(std::move(grad));
    return 0;
  });
}

OSTEON_API int32_t osteon_set_grad(void* tensor, void* grad) {
  return guard([&] {
    borrow(tensor).mutable_grad() = borrow(grad);
    return 0;
  });
}

// Puts the other tensor's memory, type and device under this one; its identity and gradient history stay.
OSTEON_API int32_t osteon_set_data(void* tensor, void* data) {
  return guard([&] {
    borrow(tensor).set_data(borrow(data));
    return 0;
  });
}

OSTEON_API int32_t osteon_backward(void* const* outputs, void* const* gradients, int32_t count, void* const* inputs,
                                   int32_t input_count, int32_t retain_graph, int32_t create_graph) {
  return guard([&] {
    torch::autograd::backward(borrow_all(outputs, count), borrow_all(gradients, count), retain_graph != 0, create_graph != 0,
                              borrow_all(inputs, input_count));
    return 0;
  });
}

// `results` has room for `input_count` handles; null where an unused input is allowed.
OSTEON_API int32_t osteon_gradients(void* const* outputs, void* const* gradients, int32_t count, void* const* inputs,
                                    int32_t input_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused,
                                    void** results) {
  return guard([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(gradients, count), retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (int32_t i = 0; i < input_count; i++) {
      results[i] = own(std::move(found[i]));
    }
    return 0;
  });
}

// A negative argument only reads. Returns the mode before.
OSTEON_API int32_t osteon_grad_mode(int32_t set) {
  return guard([&] {
    const bool before = c10::GradMode::is_enabled();
    if (set >= 0) {
      c10::GradMode::set_enabled(set != 0);
    }
    return int32_t(before);
  });
}

// Enter and exit on one thread, last in, first out.
OSTEON_API int32_t osteon_inference_enter(int32_t on, void** result) {
  return guard([&] {
    *result = new c10::InferenceMode(on != 0);
    return 0;
  });
}

OSTEON_API int32_t osteon_inference_exit(void* mode) {
  return guard([&] {
    delete static_cast<c10::InferenceMode*>(mode);
    return 0;
  });
}

// Returns the state before: on | dtype << 8. A negative `on` only reads.
OSTEON_API int32_t osteon_autocast(int32_t device_type, int32_t on, int32_t dtype) {
  return guard([&] {
    namespace autocast = at::autocast;
    const auto type = at::ScalarType(dtype);
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 204
    const auto device = c10::DeviceType(device_type);
    const int32_t before = int32_t(autocast::is_autocast_enabled(device)) | (int32_t(autocast::get_autocast_dtype(device)) << 8);
    if (on >= 0) {
      autocast::set_autocast_enabled(device, on != 0);
      autocast::set_autocast_dtype(device, type);
    }
#else
    const bool cuda = c10::DeviceType(device_type) == c10::DeviceType::CUDA;
    const bool enabled = cuda ? autocast::is_enabled() : autocast::is_cpu_enabled();
    const auto current = cuda ? autocast::get_autocast_gpu_dtype() : autocast::get_autocast_cpu_dtype();
    const int32_t before = int32_t(enabled) | (int32_t(current) << 8);
    if (on >= 0 && cuda) {
      autocast::set_enabled(on != 0);
      autocast::set_autocast_gpu_dtype(type);
    } else if (on >= 0) {
      autocast::set_cpu_enabled(on != 0);
      autocast::set_autocast_cpu_dtype(type);
    }
#endif
    return before;
  });
}

// The cache of cast weights lives as long as the outermost region.
OSTEON_API int32_t osteon_autocast_nesting(int32_t delta) {
  return guard([&] {
    const int depth = delta > 0 ? at::autocast::increment_nesting() : at::autocast::decrement_nesting();
    if (depth == 0) {
      at::autocast::clear_cache();
    }
    return depth;
  });
}
