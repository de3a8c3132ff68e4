// GPUs. Everything but the figures of the caching allocator goes through what every libtorch has, with CUDA or without.
#include "guard.h"

#include <ATen/Context.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/cuda.h>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 209
#define OSTEON_DEVICE_ALLOCATOR 1
#include <c10/core/CachingDeviceAllocator.h>
#elif defined(OSTEON_CUDA)
#include <c10/cuda/CUDACachingAllocator.h>
#endif

namespace {
bool absent() { return torch::cuda::device_count() == 0; }

void start() {
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 206
  at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
#else
  at::globalContext().lazyInitCUDA();
#endif
}

c10::DeviceIndex index_of(int64_t packed) {
  const auto device = unpack_device(packed);
  TORCH_CHECK(device.is_cuda(), "a CUDA device is needed, not ", device);
  const auto index = device.has_index() ? device.index() : c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).getDevice().index();
  TORCH_CHECK(size_t(index) < torch::cuda::device_count(), "there is no ", device, "; CUDA devices: ", torch::cuda::device_count());
  return index;
}

// The first element of a statistic is the sum over its pools in every version.
template <class Stats>
void copy(const Stats& stats, int64_t* figures) {
  figures[0] = stats.allocated_bytes[0].current;
  figures[1] = stats.allocated_bytes[0].peak;
  figures[2] = stats.reserved_bytes[0].current;
  figures[3] = stats.reserved_bytes[0].peak;
}
}  // namespace

OSTEON_API int32_t osteon_cuda_device_count() {
  return guard([&] { return int32_t(torch::cuda::device_count()); });
}

OSTEON_API int32_t osteon_cuda_synchronize(int64_t device) {
  return guard([&] {
    torch::cuda::synchronize(unpack_device(device).index());
    return 0;
  });
}

// The three below return 1 when they could do it and 0 when this bridge was compiled without the means.
// Where there is no GPU nothing is allocated, and that is the answer.

OSTEON_API int32_t osteon_cuda_empty_cache() {
  return guard([&] {
    if (absent()) {
      return 1;
    }
#if defined(OSTEON_DEVICE_ALLOCATOR)
    start();
    c10::getDeviceAllocator(c10::DeviceType::CUDA)->emptyCache();
    return 1;
#elif defined(OSTEON_CUDA)
    start();
    c10::cuda::CUDACachingAllocator::emptyCache();
    return 1;
#else
    return 0;
#endif
  });
}

// Four figures in bytes: allocated, its peak, reserved, its peak.
OSTEON_API int32_t osteon_cuda_memory(int64_t device, int64_t* figures) {
  return guard([&] {
    for (int i = 0; i < 4; i++) {
      figures[i] = 0;
    }
    if (absent()) {
      return 1;
    }
    const auto index = index_of(device);
    start();
#if defined(OSTEON_DEVICE_ALLOCATOR)
    copy(c10::getDeviceAllocator(c10::DeviceType::CUDA)->getDeviceStats(index), figures);
    return 1;
#elif defined(OSTEON_CUDA)
    copy(c10::cuda::CUDACachingAllocator::getDeviceStats(index), figures);
    return 1;
#else
    (void)index;
    return 0;
#endif
  });
}

OSTEON_API int32_t osteon_cuda_reset_peak(int64_t device) {
  return guard([&] {
    if (absent()) {
      return 1;
    }
    const auto index = index_of(device);
    start();
#if defined(OSTEON_DEVICE_ALLOCATOR)
    c10::getDeviceAllocator(c10::DeviceType::CUDA)->resetPeakStats(index);
    return 1;
#elif defined(OSTEON_CUDA)
    c10::cuda::CUDACachingAllocator::resetPeakStats(index);
    return 1;
#else
    (void)index;
    return 0;
#endif
  });
}
