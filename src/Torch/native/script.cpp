// TorchScript modules: load, look inside, call.
#include "calls.h"

#include <ATen/core/class_type.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cmath>

namespace {
using torch::jit::Module;

Module& script(void* handle) { return *static_cast<Module*>(handle); }

enum class MemberKind : int32_t { Parameter, Buffer, Module };

// 0.5·x·(1 + erf(x/√2)), or 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
torch::jit::Value* composed_gelu(torch::jit::Graph& graph, torch::jit::Value* x, bool tanh) {
  auto times = [&](torch::jit::Value* value, double factor) { return graph.insert(c10::aten::mul, {value, factor}); };
  torch::jit::Value* inner = nullptr;
  if (tanh) {
    auto cube = graph.insert(c10::aten::mul, {graph.insert(c10::aten::mul, {x, x}), x});
    inner = graph.insert(c10::aten::tanh, {times(graph.insert(c10::aten::add, {x, times(cube, 0.044715)}), std::sqrt(2 / M_PI))});
  } else {
    inner = graph.insert(c10::aten::erf, {times(x, std::sqrt(0.5))});
  }
  return graph.insert(c10::aten::mul, {times(x, 0.5), graph.insert(c10::aten::add, {inner, 1})});
}

void compose_gelu(torch::jit::Block* block, bool exact, bool tanh) {
  for (auto it = block->nodes().begin(); it != block->nodes().end();) {
    auto node = *it++;
    for (auto inner : node->blocks()) {
      compose_gelu(inner, exact, tanh);
    }
    if (node->kind() != c10::aten::gelu) {
      continue;
    }
    const auto form = node->inputs().size() > 1 ? torch::jit::constant_as<std::string>(node->input(1)) : std::string("none");
    const bool is_tanh = form && *form == "tanh";
    if (is_tanh ? tanh : exact) {
      torch::jit::WithInsertPoint here(node);
      node->output()->replaceAllUsesWith(composed_gelu(*node->owningGraph(), node->input(0), is_tanh));
      node->destroy();
    }
  }
}
}  // namespace

// A child of a module, a parameter or a buffer. `name` lasts until this thread's next call of osteon_script_members, `handle`
// belongs to the caller.
struct Member {
  const char* name;
  void* handle;
  MemberKind kind;
  int32_t unused;
};

// The file is a program of libtorch's interpreter: reading it may run what it says.
OSTEON_API int32_t osteon_script_load(const char* path, int64_t device, int32_t has_device, void** result) {
  return guard([&] {
    *result = new Module(has_device ? torch::jit::load(path, unpack_device(device)) : torch::jit::load(path));
    return 0;
  });
}

OSTEON_API int32_t osteon_script_save(void* module, const char* path) {
  return guard([&] {
    script(module).save(path);
    return 0;
  });
}

OSTEON_API int32_t osteon_script_free(void* module) {
  return guard([&] {
    delete &script(module);
    return 0;
  });
}

OSTEON_API int32_t osteon_script_train(void* module, int32_t on) {
  return guard([&] {
    script(module).train(on != 0);
    return 0;
  });
}

OSTEON_API int32_t osteon_script_is_training(void* module) {
  return guard([&] { return int32_t(script(module).is_training()); });
}

// Where libtorch's own GELU has a wrong gradient: writes it out in operators whose gradients are right. Before the first call.
OSTEON_API int32_t osteon_script_compose_gelu(void* module, int32_t exact, int32_t tanh) {
  return guard([&] {
    for (auto function : script(module)._ivalue()->compilation_unit()->get_functions()) {
      if (auto graph = torch::jit::tryToGraphFunction(*function)) {
        compose_gelu(graph->graph()->block(), exact != 0, tanh != 0);
      }
    }
    return 0;
  });
}

// Returns how many there are, in the order of their declaration; fills them when there is room for all.
OSTEON_API int32_t osteon_script_members(void* module, Member* members, int32_t capacity) {
  return guard([&] {
    thread_local std::vector<std::string> names;
    const auto object = script(module)._ivalue();
    const auto type = object->type();
    std::vector<size_t> slots;
    names.clear();
    for (size_t i = 0; i < type->numAttributes(); i++) {
      const auto& value = object->getSlot(i);
      const bool is_state = value.isTensor() && value.toTensor().defined() && (type->is_parameter(i) || type->is_buffer(i));
      if (is_state || value.isModule()) {
        slots.push_back(i);
        names.push_back(type->getAttributeName(i));
      }
    }
    for (size_t i = 0; slots.size() <= size_t(capacity) && i < slots.size(); i++) {
      const auto& value = object->getSlot(slots[i]);
      const bool is_module = value.isModule();
      members[i].name = names[i].c_str();
      members[i].kind = is_module ? MemberKind::Module : type->is_parameter(slots[i]) ? MemberKind::Parameter : MemberKind::Buffer;
      members[i].handle = is_module ? static_cast<void*>(new Module(value.toModule())) : own(at::Tensor(value.toTensor()));
    }
    return int32_t(slots.size());
  });
}

// `*result` is null when the module has no such method; it holds on to the module.
OSTEON_API int32_t osteon_script_method(void* module, const char* name, void** result) {
  return guard([&] {
    *result = nullptr;
    if (auto method = script(module).find_method(name)) {
      const auto& schema = method->function().getSchema();
      *result = new Operator(schema, 1, true, [method = *method](std::vector<c10::IValue>& stack) {
        // Operators one after another, as eager code runs them: the profiling executor changes its plan, and with it the last
        // bits, after the first calls, so that a training that was resumed would part from one that was not.
        torch::jit::GraphOptimizerEnabledGuard plain(false);
        auto value = method(std::move(stack));
        stack.clear();
        stack.push_back(std::move(value));
      });
    }
    return 0;
  });
}

OSTEON_API int32_t osteon_script_method_free(void* method) {
  return guard([&] {
    delete static_cast<Operator*>(method);
    return 0;
  });
}
