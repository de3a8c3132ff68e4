// Convolutions where oneDNN can be beaten; see convolution.cpp for which they are.
#pragma once
#include <ATen/core/Tensor.h>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 203
#include <optional>
using OptionalTensor = std::optional<at::Tensor>;
#else
#include <c10/util/Optional.h>
using OptionalTensor = c10::optional<at::Tensor>;
#endif

// What a convolution is, apart from its tensors.
struct ConvolutionSettings {
  at::IntArrayRef stride, padding, dilation;
  bool transposed;
  at::IntArrayRef output_padding;
  int64_t groups;
  // Of 3×3, of one group, of stride 1, padded by 1: as many pixels come out as go in.
  bool is_same_3x3(const at::Tensor& weight) const;
};

at::Tensor floats(int64_t count);

// Not initialised, float32, channels last.
at::Tensor image(at::IntArrayRef sizes);

// For processors with AVX-512; winograd_avx512.h tells more. Every map is float32 and channels last.
namespace wide {
bool available();

// What lies around a 3×3 convolution; undefined tensors where there is nothing.
struct Step {
  at::Tensor below, beside;     // its input: below enlarged twice by the nearest pixels, then beside, joined by channels
  at::Tensor scale, shift;      // (out): the sum is multiplied, and added to
  at::Tensor shortcut;          // of the output's shape: is added
  float most = 0;               // what comes is held between 0 and this, infinite for ReLU; 0: it is not
  bool planes = false;          // the output is contiguous instead of channels last
};

// Whether minimal filtering is there for the inputs, and faster: decided by shapes alone.
bool suits(const Step& step, const at::Tensor& weight);

// (N, out, H, W).
at::Tensor convolve(const Step& step, const at::Tensor& weight);

// scale, shift, shortcut and most of a step, in place.
void finish(at::Tensor& output, const Step& step);
}  // namespace wide
