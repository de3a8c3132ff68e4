// Convolutions where oneDNN can be beaten: 3×3 ones by minimal filtering, and bfloat16 where oneDNN has no such kernels and
// libtorch falls back on loops. Everything else goes on to libtorch.
#include "convolution.h"
#include "guard.h"
#include "winograd.h"

#include <ATen/Parallel.h>
#include <ATen/ops/convolution_backward_native.h>
#include <ATen/ops/convolution_native.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>
#include <torch/library.h>

#include <algorithm>

at::Tensor floats(int64_t count) { return at::empty({count}, at::kFloat); }

at::Tensor image(at::IntArrayRef sizes) {
  return at::empty(sizes, at::TensorOptions().dtype(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
}

bool ConvolutionSettings::is_same_3x3(const at::Tensor& weight) const {
  const auto all_one = [](at::IntArrayRef values) { return std::all_of(values.begin(), values.end(), [](int64_t v) { return v == 1; }); };
  return weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3 && groups == 1 && !transposed && all_one(stride) &&
         all_one(padding) && all_one(dilation);
}

namespace {
using at::IntArrayRef;
using at::Tensor;

using Settings = ConvolutionSettings;

// With fewer tiles the filters' own transform costs more than is saved; with fewer channels, the tiles'.
constexpr int64_t fewest_tiles = 48, fewest_products = 512;

winograd::Shape shape_of(const Tensor& input, const Tensor& weight) {
  return {input.size(0), input.size(2), input.size(3), weight.size(1), weight.size(0)};
}

bool suits(const Tensor& input, const Tensor& weight, const Settings& s) {
  const auto fits = [](int64_t channels) { return channels % winograd::panel == 0 && channels <= winograd::most_channels; };
  return input.dim() == 4 && input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat &&
         s.is_same_3x3(weight) && fits(weight.size(0)) && fits(weight.size(1)) &&
         input.size(1) == weight.size(1) && input.is_contiguous(at::MemoryFormat::ChannelsLast) &&
         input.size(1) * weight.size(0) >= fewest_products && shape_of(input, weight).tiles() >= fewest_tiles;
}

// Tiles whose transforms stay in the second cache, and enough blocks for all threads.
int64_t block_of(const winograd::Shape& shape) {
  constexpr int64_t cached = 768 << 10;
  const int64_t most = cached / int64_t(sizeof(float)) / winograd::scratch_size(shape, 1) / 6 * 6;
  return std::clamp<int64_t>(most, 24, 96);
}

void convolve(const Tensor& input, const Tensor& lifted, const float* bias, Tensor& output, const winograd::Shape& shape) {
  const int64_t block = block_of(shape);
  at::parallel_for(0, shape.tiles(), block, [&](int64_t begin, int64_t end) {
    auto scratch = floats(winograd::scratch_size(shape, block));
    winograd::convolve(input.data_ptr<float>(), lifted.data_ptr<float>(), bias, output.data_ptr<float>(), shape,
                       scratch.data_ptr<float>(), block, begin, end);
  });
}

Tensor forward(const Tensor& input, const Tensor& weight, const OptionalTensor& bias) {
  const auto shape = shape_of(input, weight);
  const auto filters = weight.contiguous(at::MemoryFormat::ChannelsLast);
  auto lifted = floats(winograd::positions * shape.in * shape.out);
  at::parallel_for(0, shape.out / winograd::panel, 1, [&](int64_t begin, int64_t end) {
    winograd::lift_filters(filters.data_ptr<float>(), lifted.data_ptr<float>(), shape, begin, end);
  });
  auto output = image({shape.images, shape.out, shape.height, shape.width});
  const auto shift = bias && bias->defined() ? bias->contiguous() : Tensor();
  convolve(input, lifted, shift.defined() ? shift.data_ptr<float>() : nullptr, output, shape);
  return output;
}

Tensor input_gradient(const Tensor& gradient, const Tensor& filters, const winograd::Shape& shape) {
  auto lifted = floats(winograd::positions * shape.in * shape.out);
  at::parallel_for(0, shape.in / winograd::panel, 1, [&](int64_t begin, int64_t end) {
    winograd::lift_turned_filters(filters.data_ptr<float>(), lifted.data_ptr<float>(), shape, begin, end);
  });
  auto output = image({shape.images, shape.in, shape.height, shape.width});
  convolve(gradient, lifted, nullptr, output, {shape.images, shape.height, shape.width, shape.out, shape.in});
  return output;
}

Tensor filter_gradient(const Tensor& gradient, const Tensor& input, const winograd::Shape& shape) {
  constexpr int64_t cached = 4 << 20, outputs_at_once = 48;
  const int64_t block = std::clamp<int64_t>(cached / int64_t(sizeof(float)) / (winograd::positions * (shape.in + shape.out)), 48, 512);
  auto inputs = floats(winograd::positions * shape.in * block);
  auto gradients = floats(winograd::positions * winograd::row(shape.out) * block);
  auto sums = floats(winograd::positions * shape.in * shape.out);
  const int64_t parts = (shape.out + outputs_at_once - 1) / outputs_at_once;
  for (int64_t first = 0; first < shape.tiles(); first += block) {
    const int64_t count = std::min(block, shape.tiles() - first);
    at::parallel_for(0, count, 8, [&](int64_t begin, int64_t end) {
      winograd::lift_pair(input.data_ptr<float>(), gradient.data_ptr<float>(), inputs.data_ptr<float>(),
                          gradients.data_ptr<float>(), shape, block, first, begin, end);
    });
    at::parallel_for(0, winograd::positions * parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t from = i % parts * outputs_at_once;
        winograd::add_products(inputs.data_ptr<float>(), gradients.data_ptr<float>(), sums.data_ptr<float>(), shape, block, count,
                               first == 0, i / parts, from, std::min(from + outputs_at_once, shape.out));
      }
    });
  }
  auto result = image({shape.out, shape.in, 3, 3});
  at::parallel_for(0, shape.out, 8, [&](int64_t begin, int64_t end) {
    winograd::lower_filters(sums.data_ptr<float>(), result.data_ptr<float>(), shape, begin, end);
  });
  return result;
}

#if defined(__x86_64__)
bool has_winograd() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && !__builtin_cpu_supports("avx512f"); }

bool has_bfloat16() { return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"); }
#else
bool has_winograd() { return false; }

bool has_bfloat16() { return true; }    // libtorch knows its own ways elsewhere
#endif

// Sums in float32 and rounds once, as processors with bfloat16 instructions do.
bool widens(const Tensor& input) { return input.scalar_type() == at::kBFloat16 && !has_bfloat16(); }

Tensor convolution(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, IntArrayRef stride, IntArrayRef padding,
                   IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups) {
  if (widens(input)) {
    const auto wide = bias && bias->defined() ? OptionalTensor(bias->to(at::kFloat)) : OptionalTensor();
    return convolution(input.to(at::kFloat), weight.to(at::kFloat), wide, stride, padding, dilation, transposed, output_padding,
                       groups).to(at::kBFloat16);
  }
  const Settings settings{stride, padding, dilation, transposed, output_padding, groups};
  wide::Step step;
  step.beside = input;
  // In training transforming changed filters in every step, forward and backward, takes what products save: oneDNN stays.
  if (wide::available() && !c10::GradMode::is_enabled() && settings.is_same_3x3(weight) && wide::suits(step, weight)) {
    step.shift = bias && bias->defined() ? bias->to(at::kFloat).contiguous() : Tensor();
    return wide::convolve(step, weight);
  }
  return has_winograd() && suits(input, weight, settings)
             ? forward(input, weight, bias)
             : at::native::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
}

std::tuple<Tensor, Tensor, Tensor> convolution_backward(const Tensor& gradient, const Tensor& input, const Tensor& weight,
                                                        at::OptionalIntArrayRef bias_sizes, IntArrayRef stride,
                                                        IntArrayRef padding, IntArrayRef dilation, bool transposed,
                                                        IntArrayRef output_padding, int64_t groups, std::array<bool, 3> wanted) {
  if (widens(input)) {
    auto [for_input, for_weight, for_bias] =
        convolution_backward(gradient.to(at::kFloat), input.to(at::kFloat), weight.to(at::kFloat), bias_sizes, stride, padding,
                             dilation, transposed, output_padding, groups, wanted);
    const auto narrow = [](const Tensor& t) { return t.defined() ? t.to(at::kBFloat16) : t; };
    return {narrow(for_input), narrow(for_weight), narrow(for_bias)};
  }
  if (!has_winograd() || !suits(input, weight, {stride, padding, dilation, transposed, output_padding, groups})) {
    return at::native::convolution_backward(gradient, input, weight, bias_sizes, stride, padding, dilation, transposed,
                                            output_padding, groups, wanted);
  }
  const auto shape = shape_of(input, weight);
  const auto outputs = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  return {wanted[0] ? input_gradient(outputs, weight.contiguous(at::MemoryFormat::ChannelsLast), shape) : Tensor(),
          wanted[1] ? filter_gradient(outputs, input, shape) : Tensor(),
          wanted[2] ? outputs.sum(IntArrayRef({0, 2, 3})) : Tensor()};
}
}  // namespace

TORCH_LIBRARY_IMPL(aten, CPU, library) {
  if (has_winograd() || wide::available() || !has_bfloat16()) {
    library.impl("convolution", TORCH_FN(convolution));
    library.impl("convolution_backward", TORCH_FN(convolution_backward));
  }
}
