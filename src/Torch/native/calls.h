// What can be called by osteon_call: an ATen operator, or a method of a TorchScript module.
#pragma once
#include "guard.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <functional>

enum class Kind : uint8_t { Other, Tensor, Float, Int, Number, Bool, Ints, Floats, Bools, Tensors, OptionalTensors, String, Device, Generator };

struct Parameter {
  std::string name;
  Kind kind;
  bool optional;
  bool has_default;
  c10::IValue fallback;
};

struct Operator {
  // `body` finds the arguments on the stack, without the `skipped` first ones, and leaves the results there.
  Operator(const c10::FunctionSchema& signature, size_t skipped, bool own_parameters,
           std::function<void(std::vector<c10::IValue>&)> body);

  std::function<void(std::vector<c10::IValue>&)> call;
  // Whether there may be a gradient to record though no argument takes one: a script has parameters of its own.
  bool records;
  std::vector<Parameter> parameters;
  size_t results;
  std::string schema;
};
