// Walks through the bridge without .NET, for valgrind and sanitizers: every export that handles memory, from one thread and
// from eight, and what guard makes of each kind of exception. Prints nothing but failures; exit status 1 when there was one.
#include "../guard.h"

#include <array>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern "C" {
int32_t osteon_initialize();
int32_t osteon_start_teams();
const char* osteon_last_error();
int32_t osteon_operator(const char*, const char*, void**);
const char* osteon_operator_schema(void*);
int32_t osteon_call(void*, const Value*, int32_t, Value*, int32_t);
int32_t osteon_item(void*, Value*);
int32_t osteon_tensor_free(void*);
int32_t osteon_tensor_retain(void*, void**);
int32_t osteon_tensor_sizes(void*, int64_t*, int32_t);
int32_t osteon_tensor_data(void*, void**);
int32_t osteon_tensor_from_memory(void*, const int64_t*, int32_t, int32_t, void (*)(void*), void*, void**);
int32_t osteon_set_requires_grad(void*, int32_t);
int32_t osteon_grad(void*, void**);
int32_t osteon_backward(void* const*, void* const*, int32_t, void* const*, int32_t, int32_t, int32_t);
int32_t osteon_gradients(void* const*, void* const*, int32_t, void* const*, int32_t, int32_t, int32_t, int32_t, void**);
int32_t osteon_grad_mode(int32_t);
int32_t osteon_inference_enter(int32_t, void**);
int32_t osteon_inference_exit(void*);
int32_t osteon_generator_new(int64_t, uint64_t, void**);
int32_t osteon_generator_free(void*);
int32_t osteon_generator_get_state(void*, void**);
int32_t osteon_generator_set_state(void*, void*);
int32_t osteon_cuda_device_count();
int32_t osteon_cuda_memory(int64_t, int64_t*);
int32_t osteon_cuda_empty_cache();
}

namespace {
thread_local int failures = 0;

void expect(bool good, const char* what, int line) {
  if (!good) {
    std::fprintf(stderr, "driver.cpp:%d: %s; last error: %s\n", line, what, osteon_last_error());
    failures++;
  }
}
#define EXPECT(condition) expect((condition), #condition, __LINE__)

constexpr int32_t float32 = 6;
Value tensor(void* handle) {
  Value value{Tag::Tensor, 0, {0}};
  value.pointer = handle;
  return value;
}

Value integer(int64_t i) { return Value{Tag::Int, 0, {i}}; }

Value number(double d) {
  Value value{Tag::Double, 0, {0}};
  value.number = d;
  return value;
}

Value integers(int64_t* list, int32_t count) {
  Value value{Tag::Ints, count, {0}};
  value.pointer = list;
  return value;
}

void* op(const char* name, const char* overload = "") {
  void* found = nullptr;
  EXPECT(osteon_operator((std::string("aten::") + name).c_str(), overload, &found) == 0 && found);
  return found;
}

void* made(void* called, std::vector<Value> arguments) {
  Value result{};
  EXPECT(osteon_call(called, arguments.data(), int32_t(arguments.size()), &result, 1) == 1 && result.tag == Tag::Tensor);
  return result.pointer;
}

void learn(double scale) {
  int64_t size[] = {4, 4};
  std::array<float, 16> memory;
  memory.fill(float(scale));
  int released = 0;
  void* x = nullptr;
  EXPECT(osteon_tensor_from_memory(memory.data(), size, 2, float32, [](void* context) { ++*static_cast<int*>(context); }, &released, &x) == 0);
  void* weight = made(op("mul", "Scalar"), {tensor(x), number(2)});
  EXPECT(osteon_set_requires_grad(weight, 1) == 0);
  void* product = made(op("matmul"), {tensor(x), tensor(weight)});
  void* loss = made(op("sum"), {tensor(product)});
  EXPECT(osteon_backward(&loss, nullptr, 1, nullptr, 0, 1, 0) == 0);
  void* grad = nullptr;
  EXPECT(osteon_grad(weight, &grad) == 0 && grad);
  Value item{};
  void* first = made(op("select", "int"), {tensor(grad), integer(0), integer(0)});
  void* element = made(op("select", "int"), {tensor(first), integer(0), integer(0)});
  EXPECT(osteon_item(element, &item) == 0 && item.number == 4 * scale);     // a column of x sums to 4 times its value
  void* again = nullptr;
  EXPECT(osteon_gradients(&loss, nullptr, 1, &weight, 1, 0, 0, 0, &again) == 0 && again);
  for (void* handle : {again, element, first, grad, loss, product, weight, x}) {
    EXPECT(osteon_tensor_free(handle) == 0);
  }
  EXPECT(released == 1);
}

void lists() {
  int64_t size[] = {6}, sizes[] = {1, 2, 3}, found[1] = {0};
  void* zeros = made(op("zeros"), {integers(size, 1)});
  Value list{};
  EXPECT(osteon_call(op("split_with_sizes"), std::vector<Value>{tensor(zeros), integers(sizes, 3)}.data(), 2, &list, 1) == 1);
  EXPECT(list.tag == Tag::Tensors && list.count == 3);
  EXPECT(osteon_tensor_free(zeros) == 0);                                    // the parts hold the memory
  std::vector<void*> parts(static_cast<void**>(list.pointer), static_cast<void**>(list.pointer) + list.count);
  for (size_t i = 0; i < parts.size(); i++) {
    void* data = nullptr;
    EXPECT(osteon_tensor_sizes(parts[i], found, 1) == 1 && found[0] == sizes[i]);
    EXPECT(osteon_tensor_data(parts[i], &data) == 0 && *static_cast<float*>(data) == 0);
    EXPECT(osteon_tensor_free(parts[i]) == 0);
  }
}

void refusals() {
  int64_t size[] = {2, 3}, other[] = {4, 5};
  void* a = made(op("zeros"), {integers(size, 2)});
  void* b = made(op("zeros"), {integers(other, 2)});
  Value result{};
  auto call = [&](std::vector<Value> arguments) { return osteon_call(op("add", "Tensor"), arguments.data(), int32_t(arguments.size()), &result, 1); };
  EXPECT(call({tensor(a), tensor(b)}) == Failed && std::strstr(osteon_last_error(), "must match"));
  EXPECT(call({tensor(a)}) == Failed && std::strstr(osteon_last_error(), "missing"));
  EXPECT(call({integer(1), tensor(b)}) == Failed && std::strstr(osteon_last_error(), "wrong type"));
  EXPECT(call(std::vector<Value>(9, tensor(a))) == Failed && std::strstr(osteon_last_error(), "too many"));
  int64_t huge[] = {int64_t(1) << 50};
  EXPECT(osteon_call(op("empty", "memory_format"), std::vector<Value>{integers(huge, 1)}.data(), 1, &result, 1) == OutOfMemory);
  EXPECT(osteon_tensor_free(a) == 0 && osteon_tensor_free(b) == 0);
}

void exceptions() {
  auto status = [](auto thrown) { return guard([&]() -> int32_t { throw thrown; }); };
  EXPECT(status(42) == Failed && !std::strcmp(osteon_last_error(), "an exception of unknown type"));
  EXPECT(status(std::bad_alloc()) == OutOfMemory);
  EXPECT(status(std::runtime_error("of ours")) == Failed && !std::strcmp(osteon_last_error(), "of ours"));
  EXPECT(status(std::runtime_error("CUDA error: out of memory")) == OutOfMemory);
  EXPECT(status(std::runtime_error("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate")) == OutOfMemory);
  EXPECT(guard([]() -> int32_t { TORCH_CHECK(false, "of libtorch's"); return 0; }) == Failed && std::strstr(osteon_last_error(), "of libtorch's"));
  EXPECT(guard([]() -> int32_t { TORCH_CHECK_WITH(OutOfMemoryError, false, "of a GPU"); return 0; }) == OutOfMemory);
}

void modes() {
  void *inference = nullptr, *generator = nullptr, *state = nullptr;
  EXPECT(osteon_grad_mode(0) == 1 && osteon_grad_mode(1) == 0);
  EXPECT(osteon_inference_enter(1, &inference) == 0 && osteon_grad_mode(-1) == 0 && osteon_inference_exit(inference) == 0);
  EXPECT(osteon_generator_new(0, 7, &generator) == 0 && osteon_generator_get_state(generator, &state) == 0);
  EXPECT(osteon_generator_set_state(generator, state) == 0 && osteon_tensor_free(state) == 0 && osteon_generator_free(generator) == 0);
  std::array<int64_t, 4> figures{1, 1, 1, 1};
  if (osteon_cuda_device_count() == 0) {
    EXPECT(osteon_cuda_memory(1 << 8, figures.data()) == 1 && figures == (std::array<int64_t, 4>{}) && osteon_cuda_empty_cache() == 1);
  }
}
}  // namespace

int main() {
  EXPECT(osteon_initialize() == 0 && osteon_start_teams() >= 0);
  learn(1);
  lists();
  refusals();
  exceptions();
  modes();
  std::array<int, 8> failed{};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < failed.size(); i++) {
    threads.emplace_back([i, &failed] {
      for (int round = 0; round < 10; round++) {
        learn(double(i + 1));
        lists();
        refusals();
        exceptions();
      }
      failed[i] = failures;
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (int count : failed) {
    failures += count;
  }
  return failures == 0 ? 0 : 1;
}
