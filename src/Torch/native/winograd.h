// 3×3 convolutions with 2.25 times fewer multiplications: Winograd's minimal filtering F(2×2, 3×3), as Lavin and Gray 2016
// (arXiv:1509.09308) apply it to networks. Each 2×2 tile of outputs is a product over channels at 16 positions.
//
// Everything is float32, channels last, stride 1, padded by 1; channels in and out are multiples of `panel`. The functions
// take a range of work, so that the caller chooses the threads; how it is cut changes no bit of any result.
#pragma once
#include <cstdint>

namespace winograd {
constexpr int64_t positions = 16;
constexpr int64_t panel = 16;
constexpr int64_t most_channels = 4096;

struct Shape {
  int64_t images, height, width, in, out;
  int64_t down() const { return (height + 1) / 2; }
  int64_t across() const { return (width + 1) / 2; }
  int64_t tiles() const { return images * down() * across(); }
};

// Rows of a power of two floats would all fall into the same few lines of the cache.
inline int64_t row(int64_t channels) { return channels + 16; }

// Filters (out, 3, 3, in) as the products take them, (16, out / 16, in, 16); panels of outputs [begin, end).
void lift_filters(const float* filters, float* lifted, Shape shape, int64_t begin, int64_t end);

// The filters of the gradient for the inputs, turned round: (16, in / 16, out, 16); panels of inputs [begin, end).
void lift_turned_filters(const float* filters, float* lifted, Shape shape, int64_t begin, int64_t end);

// Outputs of tiles [begin, end), `block` at a time. `scratch` holds scratch_size(shape, block) floats; bias may be null.
void convolve(const float* input, const float* lifted, const float* bias, float* output, Shape shape, float* scratch,
              int64_t block, int64_t begin, int64_t end);
inline int64_t scratch_size(Shape shape, int64_t block) { return positions * block * (row(shape.in) + row(shape.out)); }

// For the gradient of the filters, tiles [first + begin, first + end) of at most `block`: inputs as (16, in / 16, block, 16),
// gradients of outputs as (16, block, row(out)).
void lift_pair(const float* input, const float* gradient, float* inputs, float* gradients, Shape shape, int64_t block,
               int64_t first, int64_t begin, int64_t end);

// Adds the products over `count` tiles to `sums` (16, out, in), or starts them; of outputs [begin, end) at one position.
void add_products(const float* inputs, const float* gradients, float* sums, Shape shape, int64_t block, int64_t count,
                  bool start, int64_t position, int64_t begin, int64_t end);

// The gradient of filters [begin, end), (out, 3, 3, in), from the sums.
void lower_filters(const float* sums, float* filters, Shape shape, int64_t begin, int64_t end);
}  // namespace winograd
