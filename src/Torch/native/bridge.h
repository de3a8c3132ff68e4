// A small C ABI over libtorch's dispatcher. One entry point calls any ATen operator; the others serve what is no operator:
// autograd, guards, tensor metadata, generators, threads.
//
// Every export returns a status: 0 or more is success, less is one of Status, with the message in osteon_last_error (per
// thread). A tensor travels as c10::TensorImpl*: arguments are borrowed, results belong to the caller.
#pragma once
#include <cstdint>

#define OSTEON_API extern "C" __attribute__((visibility("default")))

constexpr int32_t osteon_abi_version = 7;

enum Status : int32_t { Failed = -1, OutOfMemory = -2 };

enum class Tag : int32_t {
  None, Tensor, Int, Double, Bool, Ints, Doubles, Bools, Tensors, OptionalTensors, String, Device, Generator, Default,
  Tuple, List, Dict
};

// 16 bytes, blittable. `count`: elements of a list or bytes of a string; of a returned tensor, the KiB of its storage when
// that storage is new, else 0. Tuple, List and Dict are results of TorchScript and point to `count` Values; a Dict's are keys
// and values in turn.
struct Value {
  Tag tag;
  int32_t count;
  union {
    int64_t integer;
    double number;
    void* pointer;
  };
};
static_assert(sizeof(Value) == 16, "the managed side lays Value out by hand");
