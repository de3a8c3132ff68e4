// Tensors for the kernels of winograd_avx512.h: what suits them, threads, and memory.
#include "convolution.h"
#include "winograd_avx512.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>

namespace wide {
#ifndef OSTEON_AVX512
bool available() { return false; }
bool suits(const Step&, const at::Tensor&) { return false; }
at::Tensor convolve(const Step&, const at::Tensor&) { return {}; }
void finish(at::Tensor&, const Step&) {}
#else
namespace {
using at::Tensor;
using namespace winograd;
using avx512::Ending;
using avx512::Inputs;
using avx512::Size;

// With fewer tiles transforming the filters costs more than is saved, the more so where those leave the caches. Counted in one image,
// so that an image alone comes out as in a batch.
constexpr int64_t few_tiles = 8, more_tiles = 32, cached_filters = 4 << 20;

bool enough(const avx512::Size& size, int64_t in) {
  const int64_t filters = positions * size.out * in * int64_t(sizeof(float));
  return size.down() * size.across() >= (filters <= cached_filters ? few_tiles : more_tiles);
}

// Maps of this size leave the caches before the next layer comes to read them.
constexpr int64_t beyond_caches = 16 << 20;

bool is_map(const Tensor& t) {
  return t.dim() == 4 && t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous(at::MemoryFormat::ChannelsLast);
}

bool whole_panels(int64_t channels) { return channels > 0 && channels % panel == 0 && channels <= most_channels; }

int64_t channels_of(const Tensor& map) { return map.defined() ? map.size(1) : 0; }

const float* data(const Tensor& t) { return t.defined() ? t.data_ptr<float>() : nullptr; }

Size size_of(const Step& step, int64_t out) {
  return step.beside.defined() ? Size{step.beside.size(0), step.beside.size(2), step.beside.size(3), out}
                               : Size{step.below.size(0), 2 * step.below.size(2), 2 * step.below.size(3), out};
}

// (out) as whole panels.
Tensor padded(const Tensor& values, const Size& size) {
  if (!values.defined() || values.size(0) == size.panels() * panel) {
    return values;
  }
  auto whole = at::zeros({size.panels() * panel}, at::kFloat);
  whole.narrow(0, 0, values.size(0)).copy_(values);
  return whole;
}

void run(const Inputs& inputs, const float* lifted_below, const float* lifted_beside, Ending ending, Tensor& output, const Size& size) {
  auto* to = output.data_ptr<float>();
  ending.streams = output.numel() * int64_t(sizeof(float)) >= beyond_caches && reinterpret_cast<uintptr_t>(to) % 64 == 0 &&
                   (ending.planes ? size.width : size.out) % panel == 0;
  const int64_t block = avx512::block_of(inputs, size);
  at::parallel_for(0, size.tiles(), block, [&](int64_t begin, int64_t end) {
    auto scratch = floats(avx512::scratch_size(inputs, size, block));
    avx512::convolve(inputs, lifted_below, lifted_beside, ending, to, size, scratch.data_ptr<float>(), block, begin, end);
  });
}

Tensor lifted(const Tensor& filters, int64_t first, int64_t channels, const Size& size, bool enlarged) {
  if (channels == 0) {
    return Tensor();
  }
  auto to = floats((enlarged ? avx512::enlarged_positions : positions) * size.panels() * panel * channels);
  at::parallel_for(0, size.panels(), 1, [&](int64_t begin, int64_t end) {
    avx512::lift_filters(filters.data_ptr<float>(), to.data_ptr<float>(), filters.size(1), first, channels, size.out, enlarged, begin, end);
  });
  return to;
}
}  // namespace

bool available() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

bool suits(const Step& step, const Tensor& weight) {
  const auto fits = [](const Tensor& map) { return !map.defined() || (is_map(map) && whole_panels(map.size(1))); };
  if (!fits(step.below) || !fits(step.beside) || !(step.below.defined() || step.beside.defined())) {
    return false;
  }
  const auto size = size_of(step, weight.size(0));
  const bool shortcut_meets = !step.shortcut.defined() || (!step.planes && is_map(step.shortcut) &&
      step.shortcut.sizes() == at::IntArrayRef({size.images, size.out, size.height, size.width}));
  const bool meet = !step.below.defined() || (step.below.size(0) == size.images && 2 * step.below.size(2) == size.height &&
                                              2 * step.below.size(3) == size.width);
  // At 16 channels in and out transforms cost what products save; what is done on the way is then the gain.
  const bool alone = !step.below.defined() && !step.scale.defined() && step.most == 0 && !step.planes;
  return meet && shortcut_meets && weight.scalar_type() == at::kFloat && channels_of(step.below) + channels_of(step.beside) == weight.size(1) &&
         (step.planes || weight.size(0) % panel == 0) && enough(size, weight.size(1)) &&
         (!alone || weight.size(0) * weight.size(1) > panel * panel);
}

Tensor convolve(const Step& step, const Tensor& weight) {
  const auto size = size_of(step, weight.size(0));
  const auto filters = weight.contiguous(at::MemoryFormat::ChannelsLast);
  const int64_t below = channels_of(step.below), beside = channels_of(step.beside);
  const auto lifted_below = lifted(filters, 0, below, size, true), lifted_beside = lifted(filters, below, beside, size, false);
  const auto scale = padded(step.scale, size), shift = padded(step.shift, size);
  const Inputs inputs{data(step.below), below, data(step.beside), beside};
  const Ending ending{data(scale), data(shift), data(step.shortcut), step.most, step.planes, false};
  const std::array<int64_t, 4> sizes{size.images, size.out, size.height, size.width};
  auto output = step.planes ? at::empty(sizes, at::kFloat) : image(sizes);
  run(inputs, data(lifted_below), data(lifted_beside), ending, output, size);
  return output;
}

void finish(Tensor& output, const Step& step) {
  const int64_t channels = output.size(1), pixels = output.numel() / channels;
  const Size size{output.size(0), output.size(2), output.size(3), channels};
  const auto scale = padded(step.scale, size), shift = padded(step.shift, size);
  const Ending ending{data(scale), data(shift), data(step.shortcut), step.most, false, false};
  at::parallel_for(0, pixels, std::max<int64_t>(1, (int64_t(1) << 15) / channels), [&](int64_t begin, int64_t end) {
    Ending part = ending;
    part.shortcut = ending.shortcut ? ending.shortcut + begin * channels : nullptr;
    avx512::finish(output.data_ptr<float>() + begin * channels, end - begin, channels, part);
  });
}
#endif
}  // namespace wide
