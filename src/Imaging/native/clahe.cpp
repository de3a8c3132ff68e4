#include "bridge.h"

#include <algorithm>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Contrast-limited adaptive histogram equalisation of 8-bit images: the numbers of cv::CLAHE, bit for bit. Where the processor can look
// up bytes in registers (AVX-512 VBMI) it takes a third of the time, elsewhere the same. Floating-point operations keep OpenCV's
// order; this file is compiled without contraction to fused multiply-add.

using osteon::guarded;
using osteon::Plane;

namespace {

constexpr int bins = 256;

// A tile's table: its clipped histogram, summed up.
void make_table(const cv::Mat& tile, int limit, float scale, uint8_t* table) {
    int parts[4][bins] = {};                              // four counters, so that equal neighbours do not wait for each other
    for (int y = 0; y < tile.rows; y++) {
        const auto* row = tile.ptr<uint8_t>(y);
        int x = 0;
        for (; x + 8 <= tile.cols; x += 8) {
            uint64_t word;
            std::memcpy(&word, row + x, sizeof word);
            for (int i = 0; i < 8; i++, word >>= 8) {
                parts[i & 3][word & 255]++;
            }
        }
        for (; x < tile.cols; x++) {
            parts[0][row[x]]++;
        }
    }
    int* histogram = parts[0];
    for (int i = 0; i < bins; i++) {
        histogram[i] += parts[1][i] + parts[2][i] + parts[3][i];
    }
    if (limit > 0) {
        int clipped = 0;
        for (int i = 0; i < bins; i++) {
            clipped += std::max(histogram[i] - limit, 0);
            histogram[i] = std::min(histogram[i], limit);
        }
        const int batch = clipped / bins;
        int residual = clipped - batch * bins;
        for (int i = 0; i < bins; i++) {
            histogram[i] += batch;
        }
        if (residual != 0) {
            const int step = std::max(bins / residual, 1);
            for (int i = 0; i < bins && residual > 0; i += step, residual--) {
                histogram[i]++;
            }
        }
    }
    int sum = 0;
    for (int i = 0; i < bins; i++) {
        sum += histogram[i];
        table[i] = cv::saturate_cast<uint8_t>(static_cast<float>(sum) * scale);
    }
}

struct Axis {
    std::vector<int> first, second;
    std::vector<float> weight, rest;                      // of the second and of the first

    Axis(int length, int tile, int tiles) : first(length), second(length), weight(length), rest(length) {
        const float inverse = 1.0f / static_cast<float>(tile);
        for (int i = 0; i < length; i++) {
            const float place = static_cast<float>(i) * inverse - 0.5f;
            const int floor = cvFloor(place);
            weight[i] = place - static_cast<float>(floor);
            rest[i] = 1.0f - weight[i];
            first[i] = std::max(floor, 0);
            second[i] = std::min(floor + 1, tiles - 1);
        }
    }
};

// The tables of the four tiles whose centres surround a run of pixels.
struct Corners {
    const uint8_t *upper_left, *upper_right, *lower_left, *lower_right;
};

// Blends a run of pixels of one row between the four tables; `weight` and `rest` are the right's and the left's per column.
using Blend = void (*)(const uint8_t* from, uint8_t* to, int count, const Corners& corners, const float* weight, const float* rest, float lower, float upper);

void blend(const uint8_t* from, uint8_t* to, int count, const Corners& corners, const float* weight, const float* rest, float lower, float upper) {
    for (int x = 0; x < count; x++) {
        const uint8_t v = from[x];
        const float above = corners.upper_left[v] * rest[x] + corners.upper_right[v] * weight[x];
        const float below = corners.lower_left[v] * rest[x] + corners.lower_right[v] * weight[x];
        to[x] = cv::saturate_cast<uint8_t>(above * upper + below * lower);
    }
}

#if defined(__x86_64__)
#define OSTEON_LANES __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

// A table of 256 bytes in registers: two look-ups of 128, of which the highest bit chooses.
struct Table {
    __m512i part[4];
};

OSTEON_LANES inline Table load_table(const uint8_t* bytes) {
    return {{_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64), _mm512_loadu_si512(bytes + 128), _mm512_loadu_si512(bytes + 192)}};
}

OSTEON_LANES inline __m512i look_up(const Table& table, __m512i index) {
    const __m512i low = _mm512_permutex2var_epi8(table.part[0], index, table.part[1]);
    const __m512i high = _mm512_permutex2var_epi8(table.part[2], index, table.part[3]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
}

template <int quarter>
OSTEON_LANES inline __m512 numbers(__m512i bytes) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bytes, quarter)));
}

template <int quarter>
OSTEON_LANES inline void blend_quarter(__m512i a, __m512i b, __m512i c, __m512i d, uint8_t* to, int count, const float* weight, const float* rest, __m512 lower, __m512 upper) {
    if (count <= 16 * quarter) {
        return;
    }
    const auto inside = static_cast<__mmask16>(count >= 16 * quarter + 16 ? 0xFFFF : (1 << (count - 16 * quarter)) - 1);
    const __m512 w = _mm512_maskz_loadu_ps(inside, weight + 16 * quarter), r = _mm512_maskz_loadu_ps(inside, rest + 16 * quarter);
    const __m512 above = _mm512_add_ps(_mm512_mul_ps(numbers<quarter>(a), r), _mm512_mul_ps(numbers<quarter>(b), w));
    const __m512 below = _mm512_add_ps(_mm512_mul_ps(numbers<quarter>(c), r), _mm512_mul_ps(numbers<quarter>(d), w));
    const __m512 value = _mm512_add_ps(_mm512_mul_ps(above, upper), _mm512_mul_ps(below, lower));
    _mm_mask_storeu_epi8(to + 16 * quarter, inside, _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(value)));
}

// The same, 64 pixels at a time.
OSTEON_LANES void blend_lanes(const uint8_t* from, uint8_t* to, int count, const Corners& corners, const float* weight, const float* rest, float lower, float upper) {
    const Table first = load_table(corners.upper_left), second = load_table(corners.upper_right);
    const Table third = load_table(corners.lower_left), fourth = load_table(corners.lower_right);
    const __m512 below = _mm512_set1_ps(lower), above = _mm512_set1_ps(upper);
    for (int x = 0; x < count; x += 64) {
        const int left = count - x;
        const __m512i index = _mm512_maskz_loadu_epi8(left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1, from + x);
        const __m512i a = look_up(first, index), b = look_up(second, index), c = look_up(third, index), d = look_up(fourth, index);
        blend_quarter<0>(a, b, c, d, to + x, left, weight + x, rest + x, below, above);
        blend_quarter<1>(a, b, c, d, to + x, left, weight + x, rest + x, below, above);
        blend_quarter<2>(a, b, c, d, to + x, left, weight + x, rest + x, below, above);
        blend_quarter<3>(a, b, c, d, to + x, left, weight + x, rest + x, below, above);
    }
}

const Blend best_blend = __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") ? blend_lanes : blend;
#else
const Blend best_blend = blend;
#endif

void equalize_tiles(const cv::Mat& source, cv::Mat& destination, double clip, int across, int down) {
    cv::Mat padded = source;
    if (source.cols % across != 0 || source.rows % down != 0) {
        cv::copyMakeBorder(source, padded, 0, down - source.rows % down, 0, across - source.cols % across, cv::BORDER_REFLECT_101);
    }
    const cv::Size tile(padded.cols / across, padded.rows / down);
    const int total = tile.area();
    const int limit = clip > 0 ? std::max(static_cast<int>(clip * total / bins), 1) : 0;
    const float scale = static_cast<float>(bins - 1) / static_cast<float>(total);
    std::vector<uint8_t> tables(static_cast<size_t>(across) * down * bins);
    for (int i = 0; i < across * down; i++) {
        const cv::Rect area((i % across) * tile.width, (i / across) * tile.height, tile.width, tile.height);
        make_table(padded(area), limit, scale, &tables[static_cast<size_t>(i) * bins]);
    }
    const Axis columns(source.cols, tile.width, across), rows(source.rows, tile.height, down);
    std::vector<int> starts;                              // columns where other tables begin to count
    for (int x = 0; x < source.cols; x++) {
        if (x == 0 || columns.first[x] != columns.first[x - 1] || columns.second[x] != columns.second[x - 1]) {
            starts.push_back(x);
        }
    }
    for (int y = 0; y < source.rows; y++) {
        for (size_t i = 0; i < starts.size(); i++) {
            const int x = starts[i], end = i + 1 < starts.size() ? starts[i + 1] : source.cols;
            const auto table = [&](int row, int column) { return &tables[(static_cast<size_t>(row) * across + column) * bins]; };
            const Corners corners{table(rows.first[y], columns.first[x]), table(rows.first[y], columns.second[x]),
                                  table(rows.second[y], columns.first[x]), table(rows.second[y], columns.second[x])};
            best_blend(source.ptr<uint8_t>(y) + x, destination.ptr<uint8_t>(y) + x, end - x, corners, &columns.weight[x], &columns.rest[x], rows.weight[y], rows.rest[y]);
        }
    }
}

}  // namespace

OSTEON_EXPORT int32_t osteon_img_clahe(const Plane* from, const Plane* to, double limit, int32_t across, int32_t down) {
    return guarded([&] {
        CV_Assert(from->type == to->type && from->height == to->height && from->width == to->width && across > 0 && down > 0);
        cv::Mat destination = to->mat();
        if (from->type == CV_8UC1) {
            equalize_tiles(from->mat(), destination, limit, across, down);
        } else {
            cv::createCLAHE(limit, cv::Size(across, down))->apply(from->mat(), destination);
        }
        CV_Assert(destination.data == to->data);
    });
}
