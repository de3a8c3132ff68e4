// Updates of one parameter in a single pass over memory; operator by operator each would pass four to ten times. The
// arithmetic and its order are PyTorch's.
#include "guard.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <initializer_list>

struct AdamStep {
  double beta1, beta2, eps;
  double penalty;       // added to the gradient for each unit of weight
  double keep;          // what is left of the weight itself
  double rate;          // with the correction of the mean
  double correction;    // of the root of the squares
};

struct MomentumStep {
  double momentum, rest;    // shares of the velocity and of the gradient
  double penalty, rate;
  int64_t nesterov;
};

namespace {
constexpr int64_t numbers_at_once = 1 << 15;      // fewer are not worth waking a thread

// Float tensors of one layout without gaps, so that equal offsets are equal elements.
bool alike(std::initializer_list<void*> tensors) {
  const auto first = impl(*tensors.begin());
  for (auto tensor : tensors) {
    const auto other = impl(tensor);
    if (!other->device().is_cpu() || other->layout() != at::kStrided || other->dtype() != first->dtype() ||
        first->dtype() != caffe2::TypeMeta::Make<float>() || other->sizes() != first->sizes() ||
        !other->is_non_overlapping_and_dense()) {
      return false;
    }
    for (int64_t d = 0; d < first->dim(); d++) {
      if (other->size(d) > 1 && other->stride(d) != first->stride(d)) {
        return false;
      }
    }
  }
  return true;
}

float* written(void* tensor) {
  impl(tensor)->bump_version();
  return borrow(tensor).data_ptr<float>();
}
// Apart from the threads' closures, where the compiler could not know that nothing overlaps.
void update(const AdamStep& step, float* __restrict weights, const float* __restrict gradients, float* __restrict means,
            float* __restrict squares, int64_t count) {
  const float beta1 = step.beta1, beta2 = step.beta2, eps = step.eps, penalty = step.penalty, keep = step.keep;
  const float rest1 = 1 - step.beta1, rest2 = 1 - step.beta2, rate = -step.rate, correction = step.correction;
  for (int64_t i = 0; i < count; i++) {
    const float g = gradients[i] + penalty * weights[i];
    const float m = means[i] * beta1 + rest1 * g;
    const float s = squares[i] * beta2 + rest2 * g * g;
    means[i] = m;
    squares[i] = s;
    weights[i] = weights[i] * keep + rate * m / (std::sqrt(s) / correction + eps);
  }
}

void update(const MomentumStep& step, float* __restrict weights, const float* __restrict gradients,
            float* __restrict velocities, int64_t count) {
  const float momentum = step.momentum, rest = step.rest, penalty = step.penalty, rate = -step.rate;
  const float by_gradient = step.nesterov ? 1 : 0, by_velocity = step.nesterov ? momentum : 1;
  for (int64_t i = 0; i < count; i++) {
    const float g = gradients[i] + penalty * weights[i];
    const float v = velocities[i] * momentum + rest * g;
    velocities[i] = v;
    weights[i] += rate * (by_gradient * g + by_velocity * v);
  }
}
}  // namespace

// Returns 1, or 0 when the tensors are not alike and nothing was done.
OSTEON_API int32_t osteon_adam(void* parameter, void* gradient, void* mean, void* square, const AdamStep* step) {
  return guard([&] {
    if (!alike({parameter, gradient, mean, square})) {
      return 0;
    }
    const float* gradients = borrow(gradient).data_ptr<float>();
    float *weights = written(parameter), *means = written(mean), *squares = written(square);
    at::parallel_for(0, impl(parameter)->numel(), numbers_at_once, [=](int64_t begin, int64_t end) {
      update(*step, weights + begin, gradients + begin, means + begin, squares + begin, end - begin);
    });
    return 1;
  });
}

// As above. The velocity exists already; the first step makes it.
OSTEON_API int32_t osteon_momentum(void* parameter, void* gradient, void* velocity, const MomentumStep* step) {
  return guard([&] {
    if (!alike({parameter, gradient, velocity})) {
      return 0;
    }
    const float* gradients = borrow(gradient).data_ptr<float>();
    float *weights = written(parameter), *velocities = written(velocity);
    at::parallel_for(0, impl(parameter)->numel(), numbers_at_once, [=](int64_t begin, int64_t end) {
      update(*step, weights + begin, gradients + begin, velocities + begin, end - begin);
    });
    return 1;
  });
}
