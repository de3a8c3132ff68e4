// Compiled for AVX2: nothing of the standard library or of libtorch may be instantiated here, or the linker could give these
// instructions to a processor that lacks them.
#include "winograd.h"

namespace winograd {
namespace {
typedef float Lanes __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t Order __attribute__((vector_size(32)));
constexpr int64_t lanes = 8;
constexpr int rows_at_once = 6;     // 6 × 2 sums fill 12 of 16 registers

alignas(64) const float outside[most_channels] = {};

inline Lanes load(const float* from) { return *reinterpret_cast<const Lanes*>(from); }
inline void store(float* to, Lanes value) { *reinterpret_cast<Lanes*>(to) = value; }

// c[r][0..16) (+)= sum over p of a[r · ra + p · pa] · b[p][0..16).
template <int R>
inline void multiply(const float* a, int64_t ra, int64_t pa, const float* b, int64_t depth, float* c, int64_t ldc, bool add) {
  Lanes sums[R][2];
#pragma GCC unroll 6
  for (int r = 0; r < R; r++) {
    sums[r][0] = add ? load(c + r * ldc) : Lanes{};
    sums[r][1] = add ? load(c + r * ldc + lanes) : Lanes{};
  }
  for (int64_t p = 0; p < depth; p++, a += pa, b += panel) {
    const Lanes b0 = load(b), b1 = load(b + lanes);
#pragma GCC unroll 6
    for (int r = 0; r < R; r++) {
      const float value = a[r * ra];
      sums[r][0] += value * b0;
      sums[r][1] += value * b1;
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < R; r++) {
    store(c + r * ldc, sums[r][0]);
    store(c + r * ldc + lanes, sums[r][1]);
  }
}

void multiply(int64_t rows, const float* a, int64_t ra, int64_t pa, const float* b, int64_t depth, float* c, int64_t ldc, bool add) {
  for (; rows >= rows_at_once; rows -= rows_at_once, a += rows_at_once * ra, c += rows_at_once * ldc) {
    multiply<rows_at_once>(a, ra, pa, b, depth, c, ldc, add);
  }
  switch (rows) {
    case 5: multiply<5>(a, ra, pa, b, depth, c, ldc, add); break;
    case 4: multiply<4>(a, ra, pa, b, depth, c, ldc, add); break;
    case 3: multiply<3>(a, ra, pa, b, depth, c, ldc, add); break;
    case 2: multiply<2>(a, ra, pa, b, depth, c, ldc, add); break;
    case 1: multiply<1>(a, ra, pa, b, depth, c, ldc, add); break;
  }
}

void transpose(Lanes v[8]) {
  Lanes t[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = __builtin_shuffle(v[i], v[i + 1], Order{0, 8, 1, 9, 4, 12, 5, 13});
    t[i + 1] = __builtin_shuffle(v[i], v[i + 1], Order{2, 10, 3, 11, 6, 14, 7, 15});
  }
  Lanes u[8];
  for (int i = 0; i < 8; i += 4) {
    u[i] = __builtin_shuffle(t[i], t[i + 2], Order{0, 1, 8, 9, 4, 5, 12, 13});
    u[i + 1] = __builtin_shuffle(t[i], t[i + 2], Order{2, 3, 10, 11, 6, 7, 14, 15});
    u[i + 2] = __builtin_shuffle(t[i + 1], t[i + 3], Order{0, 1, 8, 9, 4, 5, 12, 13});
    u[i + 3] = __builtin_shuffle(t[i + 1], t[i + 3], Order{2, 3, 10, 11, 6, 7, 14, 15});
  }
  for (int i = 0; i < 4; i++) {
    v[i] = __builtin_shuffle(u[i], u[i + 4], Order{0, 1, 2, 3, 8, 9, 10, 11});
    v[i + 4] = __builtin_shuffle(u[i], u[i + 4], Order{4, 5, 6, 7, 12, 13, 14, 15});
  }
}

// G g Gᵀ.
inline void lift_filter(const Lanes g[3][3], Lanes u[16]) {
  Lanes t[4][3];
  for (int j = 0; j < 3; j++) {
    const Lanes ends = 0.5f * (g[0][j] + g[2][j]), middle = 0.5f * g[1][j];
    t[0][j] = g[0][j];
    t[1][j] = ends + middle;
    t[2][j] = ends - middle;
    t[3][j] = g[2][j];
  }
  for (int i = 0; i < 4; i++) {
    const Lanes ends = 0.5f * (t[i][0] + t[i][2]), middle = 0.5f * t[i][1];
    u[4 * i] = t[i][0];
    u[4 * i + 1] = ends + middle;
    u[4 * i + 2] = ends - middle;
    u[4 * i + 3] = t[i][2];
  }
}

// Where tile `index` begins.
struct Place {
  int64_t image, top, left;
  Place(const Shape& shape, int64_t index)
      : image(index / (shape.down() * shape.across())),
        top(index / shape.across() % shape.down() * 2),
        left(index % shape.across() * 2) {}
};

inline bool within(const Shape& shape, int64_t y, int64_t x) { return y >= 0 && y < shape.height && x >= 0 && x < shape.width; }

// Bᵀ d B of the 4×4 inputs under a tile, to[position · apart + channel / 16 · panels + channel % 16].
void lift_input(const float* input, const Shape& shape, int64_t index, float* to, int64_t apart, int64_t panels) {
  const Place place(shape, index);
  const float* from[4][4];
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      const int64_t y = place.top + i - 1, x = place.left + j - 1;
      from[i][j] = within(shape, y, x) ? input + ((place.image * shape.height + y) * shape.width + x) * shape.in : outside;
    }
  }
  for (int64_t c = 0; c < shape.in; c += lanes) {
    Lanes t[4][4];
    for (int j = 0; j < 4; j++) {
      const Lanes d0 = load(from[0][j] + c), d1 = load(from[1][j] + c), d2 = load(from[2][j] + c), d3 = load(from[3][j] + c);
      t[0][j] = d0 - d2;
      t[1][j] = d1 + d2;
      t[2][j] = d2 - d1;
      t[3][j] = d1 - d3;
    }
    float* at = to + c / panel * panels + c % panel;
    for (int i = 0; i < 4; i++) {
      store(at + (4 * i) * apart, t[i][0] - t[i][2]);
      store(at + (4 * i + 1) * apart, t[i][1] + t[i][2]);
      store(at + (4 * i + 2) * apart, t[i][2] - t[i][1]);
      store(at + (4 * i + 3) * apart, t[i][1] - t[i][3]);
    }
  }
}

// A g Aᵀ of the 2×2 gradients over a tile, to[position · apart + channel].
void lift_gradient(const float* gradient, const Shape& shape, int64_t index, float* to, int64_t apart) {
  const Place place(shape, index);
  const float* from[2][2];
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      const int64_t y = place.top + i, x = place.left + j;
      from[i][j] = within(shape, y, x) ? gradient + ((place.image * shape.height + y) * shape.width + x) * shape.out : outside;
    }
  }
  for (int64_t k = 0; k < shape.out; k += lanes) {
    Lanes t[4][2];
    for (int j = 0; j < 2; j++) {
      const Lanes g0 = load(from[0][j] + k), g1 = load(from[1][j] + k);
      t[0][j] = g0;
      t[1][j] = g0 + g1;
      t[2][j] = g0 - g1;
      t[3][j] = -g1;
    }
    for (int i = 0; i < 4; i++) {
      store(to + k + (4 * i) * apart, t[i][0]);
      store(to + k + (4 * i + 1) * apart, t[i][0] + t[i][1]);
      store(to + k + (4 * i + 2) * apart, t[i][0] - t[i][1]);
      store(to + k + (4 * i + 3) * apart, -t[i][1]);
    }
  }
}

// Aᵀ m A, from[position · apart + channel], into the 2×2 outputs of a tile.
void lower_output(const float* from, int64_t apart, const float* bias, float* output, const Shape& shape, int64_t index) {
  const Place place(shape, index);
  for (int64_t k = 0; k < shape.out; k += lanes) {
    Lanes t[2][4];
    for (int j = 0; j < 4; j++) {
      const Lanes m0 = load(from + k + j * apart), m1 = load(from + k + (4 + j) * apart);
      const Lanes m2 = load(from + k + (8 + j) * apart), m3 = load(from + k + (12 + j) * apart);
      t[0][j] = m0 + m1 + m2;
      t[1][j] = m1 - m2 - m3;
    }
    const Lanes shift = bias ? load(bias + k) : Lanes{};
    for (int i = 0; i < 2; i++) {
      const Lanes both[2] = {t[i][0] + t[i][1] + t[i][2] + shift, t[i][1] - t[i][2] - t[i][3] + shift};
      for (int j = 0; j < 2; j++) {
        const int64_t y = place.top + i, x = place.left + j;
        if (within(shape, y, x)) {
          store(output + ((place.image * shape.height + y) * shape.width + x) * shape.out + k, both[j]);
        }
      }
    }
  }
}
}  // namespace

void lift_filters(const float* filters, float* lifted, Shape shape, int64_t begin, int64_t end) {
  const int64_t apart = shape.out * shape.in;
  for (int64_t k = begin * panel; k < end * panel; k += lanes) {
    for (int64_t c = 0; c < shape.in; c += lanes) {
      Lanes u[16][lanes];
      for (int64_t i = 0; i < lanes; i++) {
        Lanes g[3][3], one[16];
        for (int64_t s = 0; s < 9; s++) {
          g[s / 3][s % 3] = load(filters + ((k + i) * 9 + s) * shape.in + c);
        }
        lift_filter(g, one);
        for (int64_t position = 0; position < positions; position++) {
          u[position][i] = one[position];
        }
      }
      for (int64_t position = 0; position < positions; position++) {
        transpose(u[position]);
        for (int64_t i = 0; i < lanes; i++) {
          store(lifted + position * apart + k / panel * panel * shape.in + (c + i) * panel + k % panel, u[position][i]);
        }
      }
    }
  }
}

void lift_turned_filters(const float* filters, float* lifted, Shape shape, int64_t begin, int64_t end) {
  const int64_t apart = shape.out * shape.in;
  for (int64_t c = begin * panel; c < end * panel; c += lanes) {
    for (int64_t k = 0; k < shape.out; k++) {
      Lanes g[3][3], u[16];
      for (int64_t s = 0; s < 9; s++) {
        g[2 - s / 3][2 - s % 3] = load(filters + (k * 9 + s) * shape.in + c);
      }
      lift_filter(g, u);
      for (int64_t position = 0; position < positions; position++) {
        store(lifted + position * apart + c / panel * panel * shape.out + k * panel + c % panel, u[position]);
      }
    }
  }
}

void convolve(const float* input, const float* lifted, const float* bias, float* output, Shape shape, float* scratch,
              int64_t block, int64_t begin, int64_t end) {
  const int64_t in = row(shape.in), out = row(shape.out);
  float* inputs = scratch;
  float* products = scratch + positions * block * in;
  for (int64_t first = begin; first < end; first += block) {
    const int64_t count = end - first < block ? end - first : block;
    for (int64_t i = 0; i < count; i++) {
      lift_input(input, shape, first + i, inputs + i * in, block * in, panel);
    }
    for (int64_t position = 0; position < positions; position++) {
      for (int64_t k = 0; k < shape.out; k += panel) {
        multiply(count, inputs + position * block * in, in, 1, lifted + (position * shape.out + k) * shape.in, shape.in,
                 products + position * block * out + k, out, false);
      }
    }
    for (int64_t i = 0; i < count; i++) {
      lower_output(products + i * out, block * out, bias, output, shape, first + i);
    }
  }
}

void lift_pair(const float* input, const float* gradient, float* inputs, float* gradients, Shape shape, int64_t block,
               int64_t first, int64_t begin, int64_t end) {
  const int64_t out = row(shape.out);
  for (int64_t i = begin; i < end; i++) {
    lift_input(input, shape, first + i, inputs + i * panel, block * shape.in, block * panel);
    lift_gradient(gradient, shape, first + i, gradients + i * out, block * out);
  }
}

void add_products(const float* inputs, const float* gradients, float* sums, Shape shape, int64_t block, int64_t count,
                  bool start, int64_t position, int64_t begin, int64_t end) {
  const int64_t out = row(shape.out);
  for (int64_t c = 0; c < shape.in; c += panel) {
    multiply(end - begin, gradients + position * block * out + begin, 1, out, inputs + (position * shape.in + c) * block, count,
             sums + (position * shape.out + begin) * shape.in + c, shape.in, !start);
  }
}

// Gᵀ s G.
void lower_filters(const float* sums, float* filters, Shape shape, int64_t begin, int64_t end) {
  const int64_t apart = shape.out * shape.in;
  for (int64_t k = begin; k < end; k++) {
    for (int64_t c = 0; c < shape.in; c += lanes) {
      const float* from = sums + k * shape.in + c;
      Lanes t[3][4];
      for (int j = 0; j < 4; j++) {
        const Lanes s1 = load(from + (4 + j) * apart), s2 = load(from + (8 + j) * apart);
        t[0][j] = load(from + j * apart) + 0.5f * (s1 + s2);
        t[1][j] = 0.5f * (s1 - s2);
        t[2][j] = 0.5f * (s1 + s2) + load(from + (12 + j) * apart);
      }
      for (int i = 0; i < 3; i++) {
        float* to = filters + (k * 9 + 3 * i) * shape.in + c;
        store(to, t[i][0] + 0.5f * (t[i][1] + t[i][2]));
        store(to + shape.in, 0.5f * (t[i][1] - t[i][2]));
        store(to + 2 * shape.in, 0.5f * (t[i][1] + t[i][2]) + t[i][3]);
      }
    }
  }
}
}  // namespace winograd
