// Boxed operator calls: find a schema once, then call it with a compact stack of tagged values.
#include "calls.h"

#include <ATen/core/Generator.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>

namespace {
using c10::IValue;

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 203
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

Kind list_kind(const c10::Type& element) {
  switch (element.kind()) {
    case c10::TypeKind::FloatType: return Kind::Floats;
    case c10::TypeKind::BoolType: return Kind::Bools;
    case c10::TypeKind::TensorType: return Kind::Tensors;
    case c10::TypeKind::OptionalType: return Kind::OptionalTensors;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::Ints;
    default: return Kind::Other;
  }
}

Kind kind_of(const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return Kind::Tensor;
    case c10::TypeKind::FloatType: return Kind::Float;
    case c10::TypeKind::NumberType: return Kind::Number;
    case c10::TypeKind::BoolType: return Kind::Bool;
    case c10::TypeKind::StringType: return Kind::String;
    case c10::TypeKind::DeviceObjType: return Kind::Device;
    case c10::TypeKind::GeneratorType: return Kind::Generator;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::Int;
    case c10::TypeKind::ListType: return list_kind(*type.expectRef<c10::ListType>().getElementType());
    default: return Kind::Other;
  }
}

// A wrongly typed argument would end in an internal assertion deep inside; here it still has its name.
bool fits(Tag tag, Kind kind) {
  switch (kind) {
    case Kind::Other: return true;
    case Kind::Tensor: return tag == Tag::Tensor;
    case Kind::Float: return tag == Tag::Double || tag == Tag::Int;
    case Kind::Number: return tag == Tag::Double || tag == Tag::Int || tag == Tag::Bool;
    case Kind::Int: return tag == Tag::Int || tag == Tag::Bool;
    case Kind::Bool: return tag == Tag::Bool;
    case Kind::Ints: return tag == Tag::Ints;
    case Kind::Floats: return tag == Tag::Doubles || tag == Tag::Ints;
    case Kind::Bools: return tag == Tag::Bools;
    case Kind::Tensors: return tag == Tag::Tensors;
    case Kind::OptionalTensors: return tag == Tag::Tensors || tag == Tag::OptionalTensors;
    case Kind::String: return tag == Tag::String;
    case Kind::Device: return tag == Tag::Device;
    case Kind::Generator: return tag == Tag::Generator;
  }
  return false;
}

template <class To, class From>
IValue list(const Value& value) {
  auto from = static_cast<const From*>(value.pointer);
  c10::List<To> to;
  to.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) {
    to.push_back(static_cast<To>(from[i]));
  }
  return to;
}

IValue tensors(const Value& value, bool optional) {
  auto handles = static_cast<void* const*>(value.pointer);
  if (!optional) {
    c10::List<at::Tensor> to;
    to.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) {
      to.push_back(borrow(handles[i]));
    }
    return to;
  }
  c10::List<Optional<at::Tensor>> to;
  to.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) {
    to.push_back(handles[i] ? Optional<at::Tensor>(borrow(handles[i])) : Optional<at::Tensor>());
  }
  return to;
}

IValue unpack(const Value& value, const Parameter& parameter) {
  if (value.tag == Tag::None) {
    // An undefined tensor stands for "none" in older schemas, where the type does not say optional.
    return parameter.kind == Kind::Tensor && !parameter.optional ? IValue(at::Tensor()) : IValue();
  }
  TORCH_CHECK(fits(value.tag, parameter.kind), "argument '", parameter.name, "' has the wrong type (tag ", int(value.tag), ")");
  switch (value.tag) {
    case Tag::Tensor: return IValue(borrow(value.pointer));
    case Tag::Int: return parameter.kind == Kind::Float ? IValue(double(value.integer)) : IValue(value.integer);
    case Tag::Double: return IValue(value.number);
    case Tag::Bool: return parameter.kind == Kind::Int ? IValue(value.integer) : IValue(value.integer != 0);
    case Tag::Ints: return parameter.kind == Kind::Floats ? list<double, int64_t>(value) : list<int64_t, int64_t>(value);
    case Tag::Doubles: return list<double, double>(value);
    case Tag::Bools: return list<bool, uint8_t>(value);
    case Tag::Tensors: return tensors(value, parameter.kind == Kind::OptionalTensors);
    case Tag::OptionalTensors: return tensors(value, true);
    case Tag::String: return IValue(std::string(static_cast<const char*>(value.pointer), value.count));
    case Tag::Device: return IValue(unpack_device(value.integer));
    case Tag::Generator: return IValue(*static_cast<at::Generator*>(value.pointer));
    default: TORCH_CHECK(false, "argument '", parameter.name, "' has the unknown tag ", int(value.tag));
  }
}

bool takes_gradient(const Value& value) {
  if (value.tag == Tag::Tensor) {
    return impl(value.pointer)->requires_grad();
  }
  if (value.tag != Tag::Tensors && value.tag != Tag::OptionalTensors) {
    return false;
  }
  auto handles = static_cast<void* const*>(value.pointer);
  return std::any_of(handles, handles + value.count, [](void* handle) { return handle && impl(handle)->requires_grad(); });
}

// What lists and strings in results point to; it stays until this thread's next call.
thread_local std::vector<void*> returned_tensors;
thread_local std::vector<int64_t> returned_integers;
thread_local std::string returned_text;
// Of tuples, lists and dictionaries, which nest; a deque never moves what it holds.
thread_local std::deque<std::vector<Value>> returned_values;
thread_local std::deque<std::string> returned_texts;

// Asked before anything is handed over: a result that is packed in part would leak.
bool returnable(const IValue& value) {
  if (value.isTuple()) {
    const auto& elements = value.toTupleRef().elements();
    return std::all_of(elements.begin(), elements.end(), returnable);
  }
  if (value.isList()) {
    const auto elements = value.toListRef();
    return std::all_of(elements.begin(), elements.end(), returnable);
  }
  if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      if (!entry.key().isString() || !returnable(entry.value())) {
        return false;
      }
    }
    return true;
  }
  return value.isTensor() || value.isInt() || value.isDouble() || value.isBool() || value.isString() || value.isNone();
}

Value pack(IValue&& value);

Value pack_nested(const IValue& value);

Value sequence(Tag tag, std::vector<Value>&& elements) {
  returned_values.push_back(std::move(elements));
  auto& kept = returned_values.back();
  Value result{tag, int32_t(kept.size()), {0}};
  result.pointer = kept.data();
  return result;
}

template <class Elements>
std::vector<Value> pack_each(const Elements& elements) {
  std::vector<Value> values;
  values.reserve(elements.size());
  for (const IValue& element : elements) {
    values.push_back(pack_nested(element));
  }
  return values;
}

Value pack_nested(const IValue& value) {
  if (value.isTuple()) {
    return sequence(Tag::Tuple, pack_each(value.toTupleRef().elements()));
  }
  if (value.isList()) {
    return sequence(Tag::List, pack_each(value.toListRef()));
  }
  if (value.isGenericDict()) {
    std::vector<Value> values;
    for (const auto& entry : value.toGenericDict()) {
      values.push_back(pack_nested(entry.key()));
      values.push_back(pack_nested(entry.value()));
    }
    return sequence(Tag::Dict, std::move(values));
  }
  if (value.isString()) {
    returned_texts.push_back(value.toStringRef());
    Value result{Tag::String, int32_t(returned_texts.back().size()), {0}};
    result.pointer = const_cast<char*>(returned_texts.back().data());
    return result;
  }
  return pack(IValue(value));
}

int32_t new_kibibytes(const at::Tensor& tensor) {
  if (!tensor.has_storage() || tensor.storage().use_count() != 1) {
    return 0;
  }
  const size_t kibibytes = (tensor.storage().nbytes() + 1023) >> 10;
  return int32_t(std::min<size_t>(kibibytes, std::numeric_limits<int32_t>::max()));
}

Value pack(IValue&& value) {
  Value result{Tag::None, 0, {0}};
  if (value.isTensor()) {
    at::Tensor tensor = std::move(value).toTensor();
    if (tensor.defined()) {
      result.tag = Tag::Tensor;
      result.count = new_kibibytes(tensor);
      result.pointer = own(std::move(tensor));
    }
  } else if (value.isInt()) {
    result.tag = Tag::Int;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = Tag::Double;
    result.number = value.toDouble();
  } else if (value.isBool()) {
    result.tag = Tag::Bool;
    result.integer = value.toBool();
  } else if (value.isTensorList()) {
    auto list = std::move(value).toTensorVector();
    returned_tensors.clear();
    for (auto& tensor : list) {
      returned_tensors.push_back(own(std::move(tensor)));
    }
    result.tag = Tag::Tensors;
    result.count = int32_t(list.size());
    result.pointer = returned_tensors.data();
  } else if (value.isIntList()) {
    returned_integers = value.toIntVector();
    result.tag = Tag::Ints;
    result.count = int32_t(returned_integers.size());
    result.pointer = returned_integers.data();
  } else if (value.isString()) {
    returned_text = value.toStringRef();
    result.tag = Tag::String;
    result.count = int32_t(returned_text.size());
    result.pointer = const_cast<char*>(returned_text.data());
  } else if (!value.isNone()) {
    TORCH_CHECK(returnable(value), "a result of type ", value.tagKind(), " cannot be returned, or holds one that cannot");
    return pack_nested(value);
  }
  return result;
}

// A thread's stack keeps its capacity from call to call. A nested call (from a backward hook) finds an empty one.
thread_local std::vector<IValue> spare_stack;

struct Stack {
  std::vector<IValue> values;
  Stack() { values.swap(spare_stack); }
  ~Stack() {
    values.clear();
    if (values.capacity() > spare_stack.capacity()) {
      values.swap(spare_stack);
    }
  }
};
}  // namespace

Operator::Operator(const c10::FunctionSchema& signature, size_t skipped, bool own_parameters, std::function<void(std::vector<IValue>&)> body)
    : call(std::move(body)), records(own_parameters), results(signature.returns().size()) {
  std::ostringstream text;
  text << signature;
  schema = text.str();
  for (size_t i = skipped; i < signature.arguments().size(); i++) {
    const auto& argument = signature.arguments()[i];
    auto optional = argument.type()->cast<c10::OptionalType>();
    const auto& fallback = argument.default_value();
    parameters.push_back({argument.name(), kind_of(optional ? *optional->getElementType() : *argument.type()),
                          optional != nullptr, fallback.has_value(), fallback.value_or(IValue())});
  }
}

// `*result` is null when there is no such operator. Each is made once, is never freed and lives as long as the process.
OSTEON_API int32_t osteon_operator(const char* name, const char* overload, void** result) {
  return guard([&] {
    static std::mutex mutex;
    static auto& known = *new std::map<std::pair<std::string, std::string>, Operator>();
    *result = nullptr;
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) {
      return 0;
    }
    std::lock_guard<std::mutex> lock(mutex);
    auto place = known.find({name, overload});
    if (place == known.end()) {
      Operator made(handle->schema(), 0, false, [found = *handle](std::vector<IValue>& stack) { found.callBoxed(stack); });
      place = known.emplace(std::pair<std::string, std::string>(name, overload), std::move(made)).first;
    }
    *result = &place->second;
    return 0;
  });
}

OSTEON_API const char* osteon_operator_schema(void* op) { return static_cast<Operator*>(op)->schema.c_str(); }

// Returns the number of results, at most `capacity`; with capacity 0 they are dropped (in-place operators).
OSTEON_API int32_t osteon_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  return guard([&]() -> int32_t {
    const auto& called = *static_cast<Operator*>(op);
    const auto& parameters = called.parameters;
    TORCH_CHECK(size_t(count) <= parameters.size(), count, " arguments are too many for ", called.schema);
    Stack stack;
    stack.values.reserve(std::max(parameters.size(), called.results));
    bool recorded = false;
    for (size_t i = 0; i < parameters.size(); i++) {
      if (i < size_t(count) && arguments[i].tag != Tag::Default) {
        recorded = recorded || takes_gradient(arguments[i]);
        stack.values.push_back(unpack(arguments[i], parameters[i]));
      } else {
        TORCH_CHECK(parameters[i].has_default, "argument '", parameters[i].name, "' is missing for ", called.schema);
        const auto& fallback = parameters[i].fallback;
        stack.values.push_back(fallback.isList() ? fallback.deepcopy() : fallback);
      }
    }
    returned_values.clear();
    returned_texts.clear();
    if (called.records || (recorded && c10::GradMode::is_enabled())) {
      called.call(stack.values);
    } else {
      // Nothing to record: the autograd layer would only look and pass the call on, at a third of a small call's cost.
      at::AutoDispatchBelowAutograd straight;
      called.call(stack.values);
    }
    if (capacity == 0) {
      return 0;
    }
    const auto returned = int32_t(stack.values.size());
    TORCH_CHECK(returned <= capacity, returned, " results, room for ", capacity, ": ", called.schema);
    for (int32_t i = 0; i < returned; i++) {
      results[i] = pack(std::move(stack.values[i]));
    }
    return returned;
  });
}

OSTEON_API int32_t osteon_item(void* tensor, Value* result) {
  return guard([&] {
    *result = pack(IValue(borrow(tensor).item()));
    return 0;
  });
}
