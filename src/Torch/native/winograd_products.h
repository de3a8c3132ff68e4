// Part of winograd_avx512.cpp, and compiled for AVX-512 with it.
#pragma once
#include "winograd_avx512.h"

#include <immintrin.h>

namespace winograd::avx512 {
namespace {
typedef __m512 Lanes;
constexpr int64_t lanes = 16;
constexpr int pair_rows = 14;       // 14 × 2 sums, two vectors of filters and one of inputs fill 31 of 32 registers
constexpr int single_rows = 28;

static_assert(lanes == panel, "a panel is one vector");

// c[r][0 .. 16 P) = the sum over p of a[r · ra + p] · b[p][0 .. 16 P), first over one pair of factors, then over another.
struct Factors {
  const float* a;
  int64_t ra;
  const float* b;     // the second panel lies `apart` behind the first
  int64_t apart, depth;
};

template <int R, int P>
inline void accumulate(const Factors& f, Lanes (&sums)[R][P]) {
  const float* a[(R + 7) / 8];      // of eight rows each: multiples of `ra` up to seven are few registers
#pragma GCC unroll 4
  for (int i = 0; i < (R + 7) / 8; i++) {
    a[i] = f.a + i * 8 * f.ra;
  }
  const float* b = f.b;
  for (int64_t p = 0; p < f.depth; p++, b += panel) {
    Lanes column[P];
#pragma GCC unroll 2
    for (int j = 0; j < P; j++) {
      column[j] = _mm512_loadu_ps(b + j * f.apart);
    }
#pragma GCC unroll 28
    for (int r = 0; r < R; r++) {
      const Lanes value = _mm512_set1_ps(a[r / 8][p + r % 8 * f.ra]);
#pragma GCC unroll 2
      for (int j = 0; j < P; j++) {
        sums[r][j] = _mm512_fmadd_ps(value, column[j], sums[r][j]);
      }
    }
  }
}

template <int R, int P>
void multiply(Factors first, Factors second, float* c, int64_t ldc) {
  Lanes sums[R][P];
#pragma GCC unroll 28
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < P; j++) {
      sums[r][j] = _mm512_setzero_ps();
    }
  }
  accumulate<R, P>(first, sums);
  if (second.depth > 0) {
    accumulate<R, P>(second, sums);
  }
#pragma GCC unroll 28
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < P; j++) {
      _mm512_storeu_ps(c + r * ldc + j * panel, sums[r][j]);
    }
  }
}

typedef void (*Multiply)(Factors, Factors, float*, int64_t);

template <int P, int... R>
struct Rows {
  static constexpr Multiply of[] = {nullptr, multiply<R, P>...};
};
using Pairs = Rows<2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14>;
using Singles = Rows<1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28>;

// In groups of rows as even as can be.
void multiply(int64_t rows, const Multiply* ways, int most, Factors first, Factors second, float* c, int64_t ldc) {
  for (int64_t left = (rows + most - 1) / most; left > 0; left--) {
    const int64_t now = (rows + left - 1) / left;
    ways[now](first, second, c, ldc);
    first.a += now * first.ra;
    second.a += now * second.ra;
    c += now * ldc;
    rows -= now;
  }
}

void transpose(Lanes v[16]) {
  Lanes t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    v[i] = _mm512_shuffle_ps(t[i], t[i + 2], 0x44);
    v[i + 1] = _mm512_shuffle_ps(t[i], t[i + 2], 0xee);
    v[i + 2] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    v[i + 3] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0xee);
  }
  // Now v[4 i + j] holds, in its quarter q, column 4 q + j of rows 4 i to 4 i + 3.
  for (int j = 0; j < 4; j++) {
    t[j] = _mm512_shuffle_f32x4(v[j], v[4 + j], 0x88);
    t[4 + j] = _mm512_shuffle_f32x4(v[j], v[4 + j], 0xdd);
    t[8 + j] = _mm512_shuffle_f32x4(v[8 + j], v[12 + j], 0x88);
    t[12 + j] = _mm512_shuffle_f32x4(v[8 + j], v[12 + j], 0xdd);
  }
  for (int j = 0; j < 4; j++) {
    v[j] = _mm512_shuffle_f32x4(t[j], t[8 + j], 0x88);
    v[8 + j] = _mm512_shuffle_f32x4(t[j], t[8 + j], 0xdd);
    v[4 + j] = _mm512_shuffle_f32x4(t[4 + j], t[12 + j], 0x88);
    v[12 + j] = _mm512_shuffle_f32x4(t[4 + j], t[12 + j], 0xdd);
  }
}
}  // namespace
}  // namespace winograd::avx512
