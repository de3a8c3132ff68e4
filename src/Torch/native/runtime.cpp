// The process: start, threads, generators, determinism.
#include "guard.h"
#include "openmp.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <malloc.h>

#include <mutex>

namespace {
at::Generator& generator(void* handle) { return *static_cast<at::Generator*>(handle); }
}  // namespace

OSTEON_API int32_t osteon_abi() { return osteon_abi_version; }

OSTEON_API const char* osteon_torch_version() { return TORCH_VERSION; }

OSTEON_API int32_t osteon_initialize() {
  return guard([&] {
    // Activations come and go with every step. Given back to the kernel, they cost a page fault per 4 KiB, each step anew.
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
    mallopt(M_TOP_PAD, 64 << 20);
    // Nothing refers to the CUDA half of libtorch, so the linker never loads it; where it exists, it registers itself.
    dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
    return 0;
  });
}

// Once, before anything is computed. 1 if teams run parallel regions from now on, 0 if libgomp does.
OSTEON_API int32_t osteon_start_teams() {
  return guard([] { return int32_t(start_teams()); });
}

OSTEON_API int32_t osteon_get_threads() {
  return guard([&] { return at::get_num_threads(); });
}

OSTEON_API int32_t osteon_set_threads(int32_t intra_op) {
  return guard([&] {
    at::set_num_threads(intra_op);
    return 0;
  });
}

// All generators of the process, the CPU's and each CUDA device's.
OSTEON_API int32_t osteon_manual_seed(uint64_t seed) {
  return guard([&] {
    at::manual_seed(seed);
    return 0;
  });
}

// The process's own generator of a device; free the handle, the generator stays.
OSTEON_API int32_t osteon_generator_default(int64_t device, void** result) {
  return guard([&] {
    *result = new at::Generator(at::globalContext().defaultGenerator(unpack_device(device)));
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_new(int64_t device, uint64_t seed, void** result) {
  return guard([&] {
    const auto where = unpack_device(device);
    auto made = where.is_cpu() ? at::detail::createCPUGenerator() : at::globalContext().defaultGenerator(where).clone();
    {
      std::lock_guard<std::mutex> lock(made.mutex());
      made.set_current_seed(seed);
    }
    *result = new at::Generator(std::move(made));
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_free(void* handle) {
  return guard([&] {
    delete static_cast<at::Generator*>(handle);
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_seed(void* handle, uint64_t seed) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    generator(handle).set_current_seed(seed);
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_initial_seed(void* handle, uint64_t* seed) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    *seed = generator(handle).current_seed();
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_get_state(void* handle, void** result) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    *result = own(generator(handle).get_state());
    return 0;
  });
}

OSTEON_API int32_t osteon_generator_set_state(void* handle, void* state) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    generator(handle).set_state(borrow(state));
    return 0;
  });
}

// Negative arguments leave a setting as it is.
OSTEON_API int32_t osteon_deterministic(int32_t on, int32_t warn_only, int32_t cudnn_benchmark, int32_t allow_tf32) {
  return guard([&] {
    auto& context = at::globalContext();
    if (on >= 0) {
      context.setDeterministicAlgorithms(on != 0, warn_only != 0);
      context.setDeterministicCuDNN(on != 0);
    }
    if (cudnn_benchmark >= 0) {
      context.setBenchmarkCuDNN(cudnn_benchmark != 0);
    }
    if (allow_tf32 >= 0) {
      context.setAllowTF32CuDNN(allow_tf32 != 0);
      context.setAllowTF32CuBLAS(allow_tf32 != 0);
    }
    return 0;
  });
}

OSTEON_API int32_t osteon_is_deterministic() {
  return guard([&] { return int32_t(at::globalContext().deterministicAlgorithms()); });
}
