// Part of winograd_avx512.cpp, and compiled for AVX-512 with it.
#pragma once
#include "winograd_products.h"

namespace winograd::avx512 {
namespace {
constexpr int64_t strip = 8;        // tiles side by side whose outputs are turned into planes together

// Where a tile lies.
struct Place {
  int64_t image, top, left;
  Place(const Size& size, int64_t index)
      : image(index / (size.down() * size.across())),
        top(index / size.across() % size.down() * 2),
        left(index % size.across() * 2) {}
  void advance(const Size& size, int64_t tiles) {     // not beyond the end of a line
    left += 2 * tiles;
    if (left >= size.width) {
      left = 0;
      top += 2;
      if (top >= size.height) {
        top = 0;
        image++;
      }
    }
  }
};

// Of tiles, those that lie side by side, at most `most`.
int64_t beside_each_other(const Size& size, const Place& place, int64_t tiles, int64_t most) {
  const int64_t line = size.across() - place.left / 2;
  const int64_t count = tiles < line ? tiles : line;
  return count < most ? count : most;
}

// Aᵀ m A of one panel, from[position · apart]; N is 3 where products are zero but at the nine positions of an enlarged map.
template <int N>
inline void lower(const float* from, int64_t apart, Lanes (&both)[2][2]) {
  Lanes t[2][N];
#pragma GCC unroll 4
  for (int j = 0; j < N; j++) {
    Lanes m[N];
#pragma GCC unroll 4
    for (int i = 0; i < N; i++) {
      m[i] = _mm512_loadu_ps(from + (N * i + j) * apart);
    }
    t[0][j] = N == 4 ? m[0] + m[1] + m[2] : m[0] + m[1];
    t[1][j] = N == 4 ? m[1] - m[2] - m[N - 1] : m[1] - m[2];
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; i++) {
    both[i][0] = N == 4 ? t[i][0] + t[i][1] + t[i][2] : t[i][0] + t[i][1];
    both[i][1] = N == 4 ? t[i][1] - t[i][2] - t[i][N - 1] : t[i][1] - t[i][2];
  }
}

inline __mmask16 first_of(int64_t count) { return count >= lanes ? 0xffff : __mmask16((1 << count) - 1); }

inline void store(float* to, __mmask16 mask, Lanes value, bool streams) {
  if (streams) {
    _mm512_stream_ps(to, value);
  } else {
    _mm512_mask_storeu_ps(to, mask, value);
  }
}

// What follows a sum, of 16 outputs from k on.
struct Finish {
  Lanes scale, shift, most;
  bool scales, rectifies;
  Finish(const Ending& ending, int64_t k)
      : scale(ending.scale ? _mm512_loadu_ps(ending.scale + k) : _mm512_setzero_ps()),
        shift(ending.shift ? _mm512_loadu_ps(ending.shift + k) : _mm512_setzero_ps()),
        most(_mm512_set1_ps(ending.most)),
        scales(ending.scale != nullptr),
        rectifies(ending.most > 0) {}
  Lanes operator()(Lanes sum) const { return scales ? _mm512_fmadd_ps(sum, scale, shift) : sum + shift; }
  // The second operand is what comes of a comparison with what is no number.
  Lanes rectified(Lanes value) const { return rectifies ? _mm512_min_ps(most, _mm512_max_ps(_mm512_setzero_ps(), value)) : value; }
};

template <int N>
void lower_output(const float* from, int64_t row, int64_t apart, const Ending& ending, float* output, const Size& size, const Place& place,
                  int64_t count) {
  const int64_t line = size.width * size.out;
  const bool tall = place.top + 1 < size.height;
  for (int64_t k = 0; k < size.out; k += lanes) {
    const Finish finish(ending, k);
    const __mmask16 mask = first_of(size.out - k);
    int64_t at = ((place.image * size.height + place.top) * size.width + place.left) * size.out + k;
    for (int64_t t = 0; t < count; t++, at += 2 * size.out) {
      Lanes both[2][2];
      lower<N>(from + t * row + k, apart, both);
      const bool wide = place.left + 2 * t + 1 < size.width;
#pragma GCC unroll 2
      for (int i = 0; i < 2; i++) {
#pragma GCC unroll 2
        for (int j = 0; j < 2; j++) {
          if ((i == 0 || tall) && (j == 0 || wide)) {
            const int64_t to = at + i * line + j * size.out;
            Lanes value = finish(both[i][j]);
            if (ending.shortcut) {
              value += _mm512_maskz_loadu_ps(mask, ending.shortcut + to);
            }
            store(output + to, mask, finish.rectified(value), ending.streams);
          }
        }
      }
    }
  }
}

// Into planes; at most `strip` tiles.
template <int N>
void lower_planes(const float* from, int64_t row, int64_t apart, const Ending& ending, float* output, const Size& size, const Place& place,
                  int64_t count) {
  const int64_t plane = size.height * size.width;
  const int64_t wide = size.width - place.left < 2 * count ? size.width - place.left : 2 * count;
  const __mmask16 mask = first_of(wide);
  for (int64_t k = 0; k < size.out; k += lanes) {
    const Finish finish(ending, k);
    Lanes line[2][16] = {};
    for (int64_t t = 0; t < count; t++) {
      Lanes both[2][2];
      lower<N>(from + t * row + k, apart, both);
      for (int i = 0; i < 2; i++) {
        line[i][2 * t] = finish.rectified(finish(both[i][0]));
        line[i][2 * t + 1] = finish.rectified(finish(both[i][1]));
      }
    }
    const int64_t outs = size.out - k < lanes ? size.out - k : lanes;
    for (int i = 0; i < 2 && place.top + i < size.height; i++) {
      transpose(line[i]);
      float* to = output + (place.image * size.out + k) * plane + (place.top + i) * size.width + place.left;
      for (int64_t c = 0; c < outs; c++) {
        store(to + c * plane, mask, line[i][c], ending.streams && mask == 0xffff);
      }
    }
  }
}
}  // namespace
}  // namespace winograd::avx512
