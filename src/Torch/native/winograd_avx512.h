// Winograd's filtering of winograd.h for processors with AVX-512, and what networks do around a convolution in the same pass over
// memory: joining an enlarged map with another, normalising, adding a shortcut, rectifying.
#pragma once
#include "winograd.h"

namespace winograd::avx512 {
// Of the 16 positions of a tile, those at which a map enlarged twice by its nearest pixels is not zero: of the rows a, b, b, c
// under a tile the transform makes a - b, 2b, 0, b - c.
constexpr int64_t enlarged_positions = 9;

// Channels last, (images, height, width, channels), each a multiple of `panel`; 0 channels where there is no such map.
struct Inputs {
  const float* below;         // (images, height / 2, width / 2, below_channels): enlarged twice
  int64_t below_channels;
  const float* beside;        // (images, height, width, beside_channels)
  int64_t beside_channels;
};

// output = sum · scale + shift + shortcut, then held between 0 and `most`; null and 0 leave a step out.
struct Ending {
  const float* scale;         // whole panels of outputs, as shift
  const float* shift;
  const float* shortcut;      // laid out as the outputs, channels last
  float most;                 // infinite for ReLU
  bool planes;                // outputs as (images, out, height, width); else channels last; has no shortcut
  bool streams;               // past the caches; whole vectors must then lie on whole lines
};

struct Size {
  int64_t images, height, width, out;
  int64_t down() const { return (height + 1) / 2; }
  int64_t across() const { return (width + 1) / 2; }
  int64_t tiles() const { return images * down() * across(); }
  int64_t panels() const { return (out + panel - 1) / panel; }
};

// Filters (out, 3, 3, in), of which the channels [first, first + channels) are taken, as the products want them:
// (positions, panels, channels, 16), with zeros behind the last output; of panels [begin, end).
void lift_filters(const float* filters, float* lifted, int64_t in, int64_t first, int64_t channels, int64_t out, bool enlarged,
                  int64_t begin, int64_t end);

// Tiles whose transforms stay in the second cache.
int64_t block_of(const Inputs& inputs, const Size& size);
int64_t scratch_size(const Inputs& inputs, const Size& size, int64_t block);

// Outputs of tiles [begin, end), `block` at a time. How they are cut changes no bit of any result.
void convolve(const Inputs& inputs, const float* lifted_below, const float* lifted_beside, const Ending& ending, float* output,
              const Size& size, float* scratch, int64_t block, int64_t begin, int64_t end);

// The same ending of a convolution that was computed elsewhere, (pixels, channels).
void finish(float* values, int64_t pixels, int64_t channels, const Ending& ending);
}  // namespace winograd::avx512
