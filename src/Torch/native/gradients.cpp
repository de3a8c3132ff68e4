// Operators whose forward pass is libtorch's and whose backward pass is ours.
#include "guard.h"

#include <ATen/ops/empty_strided.h>
#include <torch/csrc/autograd/custom_function.h>

namespace {
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// One axis of a linear map that acts on each axis apart. Both tables are (k, n): element i of the input reaches k elements of
// the output, indices[·][i], with weights[·][i].
struct Axis {
  int64_t axis;
  at::Tensor indices;
  at::Tensor weights;
};

struct Axes {
  std::vector<Axis> list;
};

// Each input element sums what it reached, in the tables' order: no two threads ever add to one number.
at::Tensor gather(const at::Tensor& gradient, const Axis& along) {
  std::vector<int64_t> shape(gradient.dim(), 1);
  shape[along.axis] = -1;
  at::Tensor sum;
  for (int64_t k = 0; k < along.indices.size(0); k++) {
    auto part = gradient.index_select(along.axis, along.indices.select(0, k)).mul(along.weights.select(0, k).view(shape));
    sum = k == 0 ? part : sum.add(part);
  }
  return sum;
}

struct Separable : Function<Separable> {
  static Variable forward(AutogradContext* context, const Variable& input, const Variable& output, const Axes& axes) {
    variable_list tables;
    std::vector<int64_t> numbers;
    for (const auto& along : axes.list) {
      numbers.push_back(along.axis);
      tables.push_back(along.indices);
      tables.push_back(along.weights);
    }
    context->save_for_backward(std::move(tables));
    context->saved_data["axes"] = numbers;
    context->saved_data["dtype"] = int64_t(input.scalar_type());
    return output.detach();
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    auto gradient = gradients[0];
    const auto tables = context->get_saved_variables();
    const auto axes = context->saved_data["axes"].toIntVector();
    for (size_t i = 0; i < axes.size(); i++) {
      const Axis along{axes[i], tables[2 * i], tables[2 * i + 1]};
      gradient = gather(gradient.to(along.weights.scalar_type()), along);
    }
    return {gradient.to(at::ScalarType(context->saved_data["dtype"].toInt())), Variable(), Variable()};
  }
};

// The identity; its gradient lies in memory as the values do.
struct Aligned : Function<Aligned> {
  static Variable forward(AutogradContext* context, const Variable& input) {
    context->saved_data["strides"] = input.strides().vec();
    return input.detach();
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto& gradient = gradients[0];
    const auto strides = context->saved_data["strides"].toIntVector();
    return {gradient.strides() == at::IntArrayRef(strides)
                ? gradient
                : at::empty_strided(gradient.sizes(), strides, gradient.options()).copy_(gradient)};
  }
};
}  // namespace

// `output` was computed from `input` without recording; the result has its values, and the tables' gradient.
OSTEON_API int32_t osteon_separable(void* input, void* output, const int64_t* axes, void* const* indices, void* const* weights,
                                    int32_t count, void** result) {
  return guard([&] {
    Axes all;
    for (int32_t i = 0; i < count; i++) {
      all.list.push_back({axes[i], borrow(indices[i]), borrow(weights[i])});
    }
    *result = own(Separable::apply(borrow(input), borrow(output), all));
    return 0;
  });
}

OSTEON_API int32_t osteon_aligned(void* tensor, void** result) {
  return guard([&] {
    *result = own(Aligned::apply(borrow(tensor)));
    return 0;
  });
}
