// Compiled for AVX-512: nothing of the standard library or of libtorch may be instantiated here, or the linker could give these
// instructions to a processor that lacks them.
#include "winograd_lowering.h"

namespace winograd::avx512 {
namespace {
alignas(64) const float outside[most_channels] = {};

// G g Gᵀ.
inline void lift_filter(const Lanes g[3][3], Lanes u[16]) {
  const Lanes half = _mm512_set1_ps(0.5f);
  Lanes t[4][3];
  for (int j = 0; j < 3; j++) {
    const Lanes ends = half * (g[0][j] + g[2][j]), middle = half * g[1][j];
    t[0][j] = g[0][j];
    t[1][j] = ends + middle;
    t[2][j] = ends - middle;
    t[3][j] = g[2][j];
  }
  for (int i = 0; i < 4; i++) {
    const Lanes ends = half * (t[i][0] + t[i][2]), middle = half * t[i][1];
    u[4 * i] = t[i][0];
    u[4 * i + 1] = ends + middle;
    u[4 * i + 2] = ends - middle;
    u[4 * i + 3] = t[i][2];
  }
}

// Pixels of a map, and zeros around it.
struct Map {
  const float* at;
  int64_t image, height, width, channels;
};

// A column of Bᵀ d, of four pixels one below the other, or, of an enlarged map, of three.
template <int N>
inline void lift_column(const float* const (&from)[N], Lanes (&t)[N]) {
  Lanes d[N];
#pragma GCC unroll 4
  for (int i = 0; i < N; i++) {
    d[i] = _mm512_loadu_ps(from[i]);
  }
  t[0] = d[0] - d[N - 2];
  if (N == 4) {
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[1] - d[N - 1];
  } else {
    t[0] = d[0] - d[1];
    t[1] = d[1] + d[1];
    t[2] = d[1] - d[2];
  }
}

// A row of (Bᵀ d) B.
inline void lift_row(const Lanes (&t)[4], float* to, int64_t apart) {
  _mm512_storeu_ps(to, t[0] - t[2]);
  _mm512_storeu_ps(to + apart, t[1] + t[2]);
  _mm512_storeu_ps(to + 2 * apart, t[2] - t[1]);
  _mm512_storeu_ps(to + 3 * apart, t[1] - t[3]);
}

inline void lift_row(const Lanes (&t)[3], float* to, int64_t apart) {
  _mm512_storeu_ps(to, t[0] - t[1]);
  _mm512_storeu_ps(to + apart, t[1] + t[1]);
  _mm512_storeu_ps(to + 2 * apart, t[1] - t[2]);
}

// Bᵀ d B of the N×N pixels from (top, left) on, of tiles side by side: 4×4, or the 3×3 of an enlarged map, whose other positions are
// zero. to[tile · row + position · apart + channel]. A tile and the next share two columns.
template <int N>
void lift(const Map& map, int64_t top, int64_t left, int64_t count, float* to, int64_t row, int64_t apart) {
  constexpr int step = N - 2, shared = 2;
  const float* line[N];
  int64_t next[N];        // from one pixel to the next; all of a line outside are the same zeros
  for (int i = 0; i < N; i++) {
    const int64_t y = top + i;
    const bool inside = y >= 0 && y < map.height;
    line[i] = inside ? map.at + (map.image * map.height + y) * map.width * map.channels : outside;
    next[i] = inside ? map.channels : 0;
  }
  const bool tall = top + N + step <= map.height;
  const float* ahead = map.at + ((map.image * map.height + top + N) * map.width + left + shared) * map.channels;
  for (int64_t c = 0; c < map.channels; c += lanes) {
    Lanes t[N][N];          // by column
    const auto column = [&](int64_t x, Lanes (&into)[N]) __attribute__((always_inline)) {
      if (x >= 0 && x < map.width) {
        const float* from[N];
#pragma GCC unroll 4
        for (int i = 0; i < N; i++) {
          from[i] = line[i] + x * next[i] + c;
        }
        lift_column(from, into);
      } else {
#pragma GCC unroll 4
        for (int i = 0; i < N; i++) {
          into[i] = _mm512_setzero_ps();
        }
      }
    };
#pragma GCC unroll 2
    for (int j = 0; j < shared; j++) {
      column(left + j, t[j]);
    }
    float* at = to + c;
    for (int64_t i = 0; i < count; i++, at += row) {
      if (tall) {       // what the next line of tiles adds
#pragma GCC unroll 2
        for (int y = 0; y < step; y++) {
#pragma GCC unroll 2
          for (int x = 0; x < step; x++) {
            _mm_prefetch(reinterpret_cast<const char*>(ahead + (y * map.width + i * step + x) * map.channels + c), _MM_HINT_T1);
          }
        }
      }
#pragma GCC unroll 2
      for (int j = shared; j < N; j++) {
        column(left + i * step + j, t[j]);
      }
#pragma GCC unroll 4
      for (int r = 0; r < N; r++) {
        Lanes one[N];
#pragma GCC unroll 4
        for (int j = 0; j < N; j++) {
          one[j] = t[j][r];
        }
        lift_row(one, at + r * N * apart, apart);
      }
#pragma GCC unroll 2
      for (int j = 0; j < shared; j++) {
#pragma GCC unroll 4
        for (int r = 0; r < N; r++) {
          t[j][r] = t[j + step][r];
        }
      }
    }
  }
}

inline int64_t positions_of(const Inputs& inputs) { return inputs.beside_channels > 0 ? positions : enlarged_positions; }

// Rows of a large power of two floats would all fall into the same few lines of the cache.
inline int64_t padded(int64_t channels) { return channels < 512 ? channels : channels + lanes; }

struct Layout {
  int64_t below, beside, out;                                       // rows
  int64_t below_apart, beside_apart, out_apart;                     // from one position to the next
  int64_t beside_at, out_at, whole;
  Layout(const Inputs& inputs, const Size& size, int64_t block)
      : below(padded(inputs.below_channels)),
        beside(padded(inputs.beside_channels)),
        out(padded(size.panels() * panel)),
        below_apart(block * below + lanes),
        beside_apart(block * beside + lanes),
        out_apart(block * out + lanes),
        beside_at(inputs.below_channels > 0 ? enlarged_positions * below_apart : 0),
        out_at(beside_at + (inputs.beside_channels > 0 ? positions * beside_apart : 0)),
        whole(out_at + positions_of(inputs) * out_apart) {}
};

// The place of position p of 16 among the nine, or -1.
inline int64_t ninth(int64_t p) { return p / 4 == 2 || p % 4 == 2 ? -1 : (p / 4 - p / 12) * 3 + p % 4 - p % 4 / 3; }
}  // namespace

void lift_filters(const float* filters, float* lifted, int64_t in, int64_t first, int64_t channels, int64_t out, bool enlarged,
                  int64_t begin, int64_t end) {
  const int64_t apart = (out + panel - 1) / panel * panel * channels;
  for (int64_t k = begin * panel; k < end * panel; k += lanes) {
    for (int64_t c = 0; c < channels; c += lanes) {
      Lanes u[16][lanes];
      for (int64_t i = 0; i < lanes; i++) {
        Lanes g[3][3], one[16];
        for (int64_t s = 0; s < 9; s++) {
          g[s / 3][s % 3] = k + i < out ? _mm512_loadu_ps(filters + ((k + i) * 9 + s) * in + first + c) : _mm512_setzero_ps();
        }
        lift_filter(g, one);
        for (int64_t position = 0; position < positions; position++) {
          u[position][i] = one[position];
        }
      }
      for (int64_t position = 0; position < positions; position++) {
        const int64_t to = enlarged ? ninth(position) : position;
        if (to >= 0) {
          transpose(u[position]);
          for (int64_t i = 0; i < lanes; i++) {
            _mm512_storeu_ps(lifted + to * apart + k * channels + (c + i) * panel, u[position][i]);
          }
        }
      }
    }
  }
}

int64_t block_of(const Inputs& inputs, const Size& size) {
  constexpr int64_t cached = 320 << 10, least = 2 * pair_rows, largest = 8 * pair_rows;
  const int64_t one = Layout(inputs, size, 1).whole * int64_t(sizeof(float));
  const int64_t most = cached / one / pair_rows * pair_rows;
  return most < least ? least : most > largest ? largest : most;
}

int64_t scratch_size(const Inputs& inputs, const Size& size, int64_t block) { return Layout(inputs, size, block).whole; }

void convolve(const Inputs& inputs, const float* lifted_below, const float* lifted_beside, const Ending& ending, float* output,
              const Size& size, float* scratch, int64_t block, int64_t begin, int64_t end) {
  const Layout layout(inputs, size, block);
  const bool nine = inputs.beside_channels == 0;
  float *below = scratch, *beside = scratch + layout.beside_at, *products = scratch + layout.out_at;
  const int64_t outs = size.panels() * panel;
  const int64_t channels = inputs.below_channels + inputs.beside_channels;
  const int64_t together = channels < 512 ? 1024 / channels : 2;       // tiles whose pixels stay in the first cache
  const auto lower_all = ending.planes ? nine ? lower_planes<3> : lower_planes<4> : nine ? lower_output<3> : lower_output<4>;
  Place lifting(size, begin), lowering(size, begin);
  for (int64_t start = begin; start < end; start += block) {
    const int64_t count = end - start < block ? end - start : block;
    for (int64_t i = 0; i < count;) {
      const int64_t some = beside_each_other(size, lifting, count - i, together);
      if (inputs.below_channels > 0) {
        const Map map{inputs.below, lifting.image, size.height / 2, size.width / 2, inputs.below_channels};
        lift<3>(map, lifting.top / 2 - 1, lifting.left / 2 - 1, some, below + i * layout.below, layout.below, layout.below_apart);
      }
      if (inputs.beside_channels > 0) {
        const Map map{inputs.beside, lifting.image, size.height, size.width, inputs.beside_channels};
        lift<4>(map, lifting.top - 1, lifting.left - 1, some, beside + i * layout.beside, layout.beside, layout.beside_apart);
      }
      lifting.advance(size, some);
      i += some;
    }
    for (int64_t position = 0; position < positions_of(inputs); position++) {
      const int64_t small = nine ? position : ninth(position);
      Factors first{}, second{};
      for (int64_t k = 0; k < outs; k += 2 * panel) {
        if (inputs.below_channels > 0 && small >= 0) {
          first = {below + small * layout.below_apart, layout.below, lifted_below + (small * outs + k) * inputs.below_channels,
                   panel * inputs.below_channels, inputs.below_channels};
        }
        if (inputs.beside_channels > 0) {
          second = {beside + position * layout.beside_apart, layout.beside,
                    lifted_beside + (position * outs + k) * inputs.beside_channels, panel * inputs.beside_channels,
                    inputs.beside_channels};
        }
        const bool pair = k + panel < outs;
        multiply(count, pair ? Pairs::of : Singles::of, pair ? pair_rows : single_rows, first, second,
                 products + position * layout.out_apart + k, layout.out);
      }
    }
    for (int64_t i = 0; i < count;) {
      const int64_t some = beside_each_other(size, lowering, count - i, strip);
      lower_all(products + i * layout.out, layout.out, layout.out_apart, ending, output, size, lowering, some);
      lowering.advance(size, some);
      i += some;
    }
  }
  _mm_sfence();
}

void finish(float* values, int64_t pixels, int64_t channels, const Ending& ending) {
  for (int64_t p = 0; p < pixels; p++) {
    for (int64_t k = 0; k < channels; k += lanes) {
      const Finish finish(ending, k);
      const __mmask16 mask = first_of(channels - k);
      const int64_t at = p * channels + k;
      Lanes value = finish(_mm512_maskz_loadu_ps(mask, values + at));
      if (ending.shortcut) {
        value += _mm512_maskz_loadu_ps(mask, ending.shortcut + at);
      }
      _mm512_mask_storeu_ps(values + at, mask, finish.rectified(value));
    }
  }
}
}  // namespace winograd::avx512
