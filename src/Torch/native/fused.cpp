// A convolution of evaluation with all that stands around it in a decoder or a residual block, in one pass over memory.
#include "convolution.h"
#include "guard.h"

#include <ATen/autocast_mode.h>
#include <ATen/ops/convolution.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace {
using at::Tensor;

// As the managed side lays it out. Null: there is none.
struct Call {
  void *below, *beside;                                   // the inputs: see wide::Step
  void *weight, *bias;
  void *norm_weight, *norm_bias, *mean, *variance;        // (out), of a batch normalisation by its statistics
  void* shortcut;
  double eps;
  int64_t stride[2], padding[2], dilation[2];
  int64_t groups;
  double most;                                            // see wide::Step
  int32_t planes, unused;
};

bool is_floats(const Tensor& t) { return t.scalar_type() == at::kFloat && t.device().is_cpu(); }

bool is_vector(const Tensor& t, int64_t length) {
  return !t.defined() || (is_floats(t) && t.dim() == 1 && t.size(0) == length && t.is_contiguous());
}

bool is_map(const Tensor& t) { return is_floats(t) && t.dim() == 4 && t.is_contiguous(at::MemoryFormat::ChannelsLast); }

// What normalisation and bias do to each output's sum.
void set_line(wide::Step& step, const Call& call, const Tensor& bias, int64_t out) {
  step.shift = bias;
  if (!call.mean) {
    return;
  }
  const auto mean = borrow(call.mean), variance = borrow(call.variance), weight = borrow(call.norm_weight), moved = borrow(call.norm_bias);
  step.scale = floats(out);
  step.shift = floats(out);
  const auto at = [](const Tensor& t, int64_t k, float otherwise) { return t.defined() ? t.data_ptr<float>()[k] : otherwise; };
  for (int64_t k = 0; k < out; k++) {
    const float scale = at(weight, k, 1) / std::sqrt(variance.data_ptr<float>()[k] + float(call.eps));
    step.scale.data_ptr<float>()[k] = scale;
    step.shift.data_ptr<float>()[k] = at(moved, k, 0) + (at(bias, k, 0) - mean.data_ptr<float>()[k]) * scale;
  }
}

bool autocasts() {
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 204
  return at::autocast::is_autocast_enabled(at::kCPU);
#else
  return at::autocast::is_cpu_enabled();
#endif
}

// Undefined where nothing is gained, or where the operators one by one have an error to tell.
Tensor fused(const Call& call) {
  const auto weight = borrow(call.weight), bias = borrow(call.bias);
  const auto vectors = {bias, borrow(call.norm_weight), borrow(call.norm_bias), borrow(call.mean), borrow(call.variance)};
  wide::Step step;
  step.below = borrow(call.below);
  step.beside = borrow(call.beside);
  step.shortcut = borrow(call.shortcut);
  step.most = float(call.most);
  step.planes = call.planes != 0;
  if (!wide::available() || c10::GradMode::is_enabled() || autocasts() || weight.dim() != 4 || !is_floats(weight) ||
      !std::all_of(vectors.begin(), vectors.end(), [&](const Tensor& t) { return is_vector(t, weight.size(0)); }) ||
      (step.shortcut.defined() && !is_map(step.shortcut))) {
    return Tensor();
  }
  const ConvolutionSettings settings{call.stride, call.padding, call.dilation, false, {}, call.groups};
  if (settings.is_same_3x3(weight) && wide::suits(step, weight)) {
    set_line(step, call, bias, weight.size(0));
    return wide::convolve(step, weight);
  }
  if (step.below.defined() || step.planes || !step.beside.defined() || !is_map(step.beside) ||
      step.beside.size(1) != weight.size(1) * call.groups) {
    return Tensor();
  }
  auto result = at::convolution(step.beside, weight, bias.defined() ? OptionalTensor(bias) : OptionalTensor(), settings.stride,
                                        settings.padding, settings.dilation, false, std::array<int64_t, 2>{0, 0}, call.groups)
                    .contiguous(at::MemoryFormat::ChannelsLast);
  if (step.shortcut.defined() && result.sizes() != step.shortcut.sizes()) {
    return Tensor();
  }
  set_line(step, call, Tensor(), weight.size(0));
  wide::finish(result, step);
  return result;
}
}  // namespace

// A result without a tensor: the operators are to be called one by one.
OSTEON_API int32_t osteon_fused_convolution(const Call* call, Value* result) {
  return guard([&] {
    auto tensor = fused(*call);
    *result = Value{tensor.defined() ? Tag::Tensor : Tag::None, tensor.defined() ? int32_t((tensor.nbytes() + 1023) >> 10) : 0, {0}};
    result->pointer = own(std::move(tensor));
    return 0;
  });
}
