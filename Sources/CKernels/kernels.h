// The kernels' text, included once for each instruction set with KERNELS(name) naming its functions.
//
// Vectors are the compiler's own (`vector_size`), so that the text compiles for any architecture; arithmetic on them is
// lane by lane, in the order that is written.
#pragma STDC FP_CONTRACT OFF

#include "CKernels.h"

typedef uint16_t u16x16 __attribute__((vector_size(32), aligned(2), may_alias));
typedef int16_t i16x16 __attribute__((vector_size(32), aligned(2), may_alias));
typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t i64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t i32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int16_t i16x4 __attribute__((vector_size(8), aligned(2), may_alias));
// As many lines as keep the recursion's chain of additions busy.
typedef double lanes64 __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef float lanes32 __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t lanes_i32 __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int16_t lanes_i16 __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

#define INLINE static inline __attribute__((always_inline))

// MARK: Texture

/// Counts each key, neighbours in tables of their own: equal keys that follow each other need not wait for each other.
INLINE void count_keys(const uint16_t *keys, ptrdiff_t count, uint32_t *table, ptrdiff_t entries, ptrdiff_t tables) {
  uint32_t *second = table + entries;
  uint32_t *third = tables == 4 ? second + entries : table;
  uint32_t *fourth = tables == 4 ? third + entries : second;
  ptrdiff_t x = 0;
  for (; x + 4 <= count; x += 4) {
    uint64_t four;
    __builtin_memcpy(&four, keys + x, 8);
    table[four & 0xFFFF] += 1;
    second[(four >> 16) & 0xFFFF] += 1;
    third[(four >> 32) & 0xFFFF] += 1;
    fourth[four >> 48] += 1;
  }
  for (; x < count; x++) table[keys[x]] += 1;
}

static void KERNELS(count_runs)(
    const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, ptrdiff_t back, ptrdiff_t back_in_plane,
    ptrdiff_t slices_back, ptrdiff_t plane, uint32_t width, uint16_t *lengths, ptrdiff_t pitch, uint16_t *keys,
    uint32_t *table, ptrdiff_t entries, ptrdiff_t tables) {
  // The run along x is the one whose length comes from the voxel just before.
  const int along = slices_back == 0 && back_in_plane == 1;
  const int narrow = entries <= 65536;
  for (ptrdiff_t s = 0; s < span_count; s++) {
    const ptrdiff_t count = spans[s].length;
    const uint16_t *here = grid + spans[s].padded;
    const uint16_t *there = here - back;
    const ptrdiff_t z = spans[s].padded / plane;
    const ptrdiff_t in_plane = spans[s].padded - z * plane;
    uint16_t *current = lengths + (z & 1) * pitch + in_plane;
    const uint16_t *previous = lengths + ((z - slices_back) & 1) * pitch + in_plane - back_in_plane;
    if (!narrow || along) {
      uint32_t run = 0;
      for (ptrdiff_t x = 0; x < count; x++) {
        const uint32_t level = here[x], neighbour = there[x];
        const uint32_t equal = -(uint32_t)(level == neighbour);
        run = ((along ? run : previous[x]) & equal) + 1;
        if (!along) current[x] = (uint16_t)run;
        const uint32_t row = (equal & (run + width)) | (~equal & neighbour);
        const ptrdiff_t key = (ptrdiff_t)row * width + level;
        table[(x & 1 ? entries : 0) + key] += 1;
      }
      continue;
    }
    const u16x16 widths = (u16x16){} + (uint16_t)width;
    for (ptrdiff_t x = 0; x < count; x += 16) {
      const u16x16 level = *(const u16x16 *)(here + x);
      const u16x16 neighbour = *(const u16x16 *)(there + x);
      const u16x16 equal = (u16x16)(level == neighbour);
      const u16x16 run = (*(const u16x16 *)(previous + x) & equal) + 1;
      *(u16x16 *)(current + x) = run;
      const u16x16 row = (equal & (run + widths)) | (~equal & neighbour);
      *(u16x16 *)(keys + x) = row * widths + level;
    }
    count_keys(keys, count, table, entries, tables);
  }
}

static void KERNELS(count_equal)(
    const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, const ptrdiff_t *offsets,
    ptrdiff_t offset_count, uint32_t sizes, uint16_t *keys, uint32_t *table, ptrdiff_t entries,
    ptrdiff_t tables) {
  const int narrow = entries <= 65536;
  const u16x16 widths = (u16x16){} + (uint16_t)sizes;
  for (ptrdiff_t s = 0; s < span_count; s++) {
    const ptrdiff_t count = spans[s].length;
    const uint16_t *here = grid + spans[s].padded;
    for (ptrdiff_t x = 0; x < count; x += 16) {
      const u16x16 level = *(const u16x16 *)(here + x);
      u16x16 equal = {};
      // A comparison that holds is -1 in every lane.
      for (ptrdiff_t k = 0; k < offset_count; k++) {
        equal -= (u16x16)(level == *(const u16x16 *)(here + x + offsets[k]));
      }
      *(u16x16 *)(keys + x) = narrow ? level * widths + equal : equal;
    }
    if (narrow) {
      count_keys(keys, count, table, entries, tables);
    } else {
      for (ptrdiff_t x = 0; x < count; x++) table[(ptrdiff_t)here[x] * sizes + keys[x]] += 1;
    }
  }
}

INLINE int32_t find_root(int32_t *parent, int32_t node) {
  while (parent[node] != node) {
    const int32_t next = parent[parent[node]];
    parent[node] = next;
    node = next;
  }
  return node;
}

static int32_t KERNELS(link_zones)(
    const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, const ptrdiff_t *offsets,
    ptrdiff_t offset_count, const uint16_t *needed, uint16_t *keys, int32_t *node, int32_t *parent, int32_t *size,
    uint16_t *node_level) {
  int32_t nodes = 0;
  for (ptrdiff_t s = 0; s < span_count; s++) {
    const ptrdiff_t count = spans[s].length;
    const uint16_t *here = grid + spans[s].padded;
    int32_t *ids = node + spans[s].padded;
    for (ptrdiff_t x = 0; x < count; x += 16) {
      const u16x16 level = *(const u16x16 *)(here + x);
      u16x16 equal = {};
      for (ptrdiff_t k = 0; k < offset_count; k++) {
        const u16x16 bit = (u16x16){} + (uint16_t)(1u << k);
        equal |= (u16x16)(level == *(const u16x16 *)(here + x + offsets[k])) & bit;
      }
      *(u16x16 *)(keys + x) = equal;
    }
    for (ptrdiff_t x = 0; x < count; x++) {
      uint32_t mask = needed[keys[x]];
      if (mask == 0) {
        parent[nodes] = nodes;
        size[nodes] = 1;
        node_level[nodes] = here[x];
        ids[x] = nodes;
        nodes += 1;
        continue;
      }
      int32_t root = find_root(parent, ids[x + offsets[__builtin_ctz(mask)]]);
      mask &= mask - 1;
      while (mask != 0) {
        const int32_t other = find_root(parent, ids[x + offsets[__builtin_ctz(mask)]]);
        mask &= mask - 1;
        if (other != root) {
          const int32_t kept = root < other ? root : other;
          const int32_t joined = root < other ? other : root;
          parent[joined] = kept;
          size[kept] += size[joined];
          root = kept;
        }
      }
      size[root] += 1;
      ids[x] = root;
    }
  }
  return nodes;
}

// MARK: Values

#define CHOOSE(mask, a, b) ((f64x4)(((i64x4)(mask) & (i64x4)(a)) | (~(i64x4)(mask) & (i64x4)(b))))

static double KERNELS(range)(const double *values, ptrdiff_t count, double *low, double *high) {
  const double infinity = __builtin_inf();
  f64x4 lows[2] = {(f64x4){} + infinity, (f64x4){} + infinity};
  f64x4 highs[2] = {(f64x4){} - infinity, (f64x4){} - infinity};
  f64x4 odd[2] = {{}, {}};
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int j = 0; j < 2; j++) {
      const f64x4 v = *(const f64x4 *)(values + i + 4 * j);
      lows[j] = CHOOSE(v < lows[j], v, lows[j]);
      highs[j] = CHOOSE(v > highs[j], v, highs[j]);
      odd[j] += v - v;
    }
  }
  double least = infinity, most = -infinity, sum = 0;
  for (int j = 0; j < 8; j++) {
    const double a = lows[j / 4][j % 4], b = highs[j / 4][j % 4];
    least = a < least ? a : least;
    most = b > most ? b : most;
    sum += odd[j / 4][j % 4];
  }
  for (; i < count; i++) {
    const double v = values[i];
    least = v < least ? v : least;
    most = v > most ? v : most;
    sum += v - v;
  }
  *low = least;
  *high = most;
  return sum;
}

static void KERNELS(discretise)(
    const double *values, ptrdiff_t count, const double *edges, ptrdiff_t edge_count, double inverse_width,
    uint16_t *levels, uint32_t *histogram) {
  const double first = edges[0];
  const ptrdiff_t last = edge_count - 2;
  const double most = (double)last;
  for (ptrdiff_t i = 0; i < count; i++) {
    const double v = values[i];
    // The division gives the bin or a neighbour of it; the edges themselves decide. Of edges that fell together (a width
    // lost beside a large value) the quotient is no number: the search decides.
    double quotient = (v - first) * inverse_width;
    quotient = quotient > 0 ? quotient : 0;
    quotient = quotient < most ? quotient : most;
    int32_t bin = (int32_t)quotient;
    while (bin > 0 && v < edges[bin]) bin -= 1;
    // Beyond the last edge is a level of its own, as for numpy's digitize: see BinEdges.level.
    while (bin <= last && v >= edges[bin + 1]) bin += 1;
    levels[i] = (uint16_t)(bin + 1);
    histogram[(i & 3) * (edge_count + 1) + bin + 1] += 1;
  }
}

static void KERNELS(summarise)(
    const int16_t *values, ptrdiff_t count, int64_t *sum, int64_t *squares, int16_t *low, int16_t *high) {
  int64_t total = 0, total_squares = 0;
  int16_t least = INT16_MAX, most = INT16_MIN;
  for (ptrdiff_t start = 0; start < count;) {
    // 4096 values stay below 2^28, and squares of at most 2^30 are added in 64 bits.
    const ptrdiff_t end = start + 4096 < count ? start + 4096 : count;
    int32_t part = 0;
    int64_t part_squares = 0;
    for (ptrdiff_t i = start; i < end; i++) {
      const int32_t v = values[i];
      part += v;
      part_squares += (int64_t)(v * v);
      least = values[i] < least ? values[i] : least;
      most = values[i] > most ? values[i] : most;
    }
    total += part;
    total_squares += part_squares;
    start = end;
  }
  *sum = total;
  *squares = total_squares;
  *low = least;
  *high = most;
}

// MARK: Recursive filters

/// Causal and anticausal recursion of LANES lines and their sum, each with the order of operations of
/// `itk::RecursiveSeparableImageFilter::FilterDataArray`. Each starts at its end of the line and stops at the last sample
/// that is wanted.
INLINE void run_recursions(
    const lanes64 *x, lanes64 *causal, lanes32 *result, ptrdiff_t count, ptrdiff_t from, ptrdiff_t to,
    const ckernels_recursion *r) {
#define SUM(a, p, b, q, c, s, d, t) ((a) * (p) + (b) * (q) + (c) * (s) + (d) * (t))
  const double d1 = r->d[0], d2 = r->d[1], d3 = r->d[2], d4 = r->d[3];
  {
    const double n0 = r->n[0], n1 = r->n[1], n2 = r->n[2], n3 = r->n[3];
    const double b1 = r->causal_border[0], b2 = r->causal_border[1], b3 = r->causal_border[2], b4 = r->causal_border[3];
    const lanes64 v = x[0];
    const lanes64 y0 = SUM(v, n0, v, n1, v, n2, v, n3) - SUM(v, b1, v, b2, v, b3, v, b4);
    const lanes64 y1 = SUM(x[1], n0, v, n1, v, n2, v, n3) - SUM(y0, d1, v, b2, v, b3, v, b4);
    const lanes64 y2 = SUM(x[2], n0, x[1], n1, v, n2, v, n3) - SUM(y1, d1, y0, d2, v, b3, v, b4);
    const lanes64 y3 = SUM(x[3], n0, x[2], n1, x[1], n2, v, n3) - SUM(y2, d1, y1, d2, y0, d3, v, b4);
    causal[0] = y0;
    causal[1] = y1;
    causal[2] = y2;
    causal[3] = y3;
    for (ptrdiff_t k = 4; k < to; k++) {
      const lanes64 forward = SUM(x[k], n0, x[k - 1], n1, x[k - 2], n2, x[k - 3], n3);
      causal[k] = forward - SUM(causal[k - 1], d1, causal[k - 2], d2, causal[k - 3], d3, causal[k - 4], d4);
    }
  }
  const double m1 = r->m[0], m2 = r->m[1], m3 = r->m[2], m4 = r->m[3];
  const double b1 = r->anticausal_border[0], b2 = r->anticausal_border[1], b3 = r->anticausal_border[2],
               b4 = r->anticausal_border[3];
  const ptrdiff_t e = count - 1;
  const lanes64 v = x[e];
  lanes64 y4 = SUM(v, m1, v, m2, v, m3, v, m4) - SUM(v, b1, v, b2, v, b3, v, b4);
  lanes64 y3 = SUM(v, m1, v, m2, v, m3, v, m4) - SUM(y4, d1, v, b2, v, b3, v, b4);
  lanes64 y2 = SUM(x[e - 1], m1, v, m2, v, m3, v, m4) - SUM(y3, d1, y4, d2, v, b3, v, b4);
  lanes64 y1 = SUM(x[e - 2], m1, x[e - 1], m2, v, m3, v, m4) - SUM(y2, d1, y3, d2, y4, d3, v, b4);
#define KEEP(k, y) \
  if ((k) >= from && (k) < to) result[k] = __builtin_convertvector(causal[k] + (y), lanes32)
  KEEP(e, y4);
  KEEP(e - 1, y3);
  KEEP(e - 2, y2);
  KEEP(e - 3, y1);
#undef KEEP
  ptrdiff_t k = count - 4;
  for (; k > to; k--) {
    const lanes64 y = SUM(x[k], m1, x[k + 1], m2, x[k + 2], m3, x[k + 3], m4) - SUM(y1, d1, y2, d2, y3, d3, y4, d4);
    y4 = y3;
    y3 = y2;
    y2 = y1;
    y1 = y;
  }
  for (; k > from; k--) {
    const lanes64 y = SUM(x[k], m1, x[k + 1], m2, x[k + 2], m3, x[k + 3], m4) - SUM(y1, d1, y2, d2, y3, d3, y4, d4);
    y4 = y3;
    y3 = y2;
    y2 = y1;
    y1 = y;
    result[k - 1] = __builtin_convertvector(causal[k - 1] + y, lanes32);
  }
#undef SUM
}

/// Loads rows of up to LANES neighbours as doubles.
#define LOAD_ACROSS(type, vector)                                                                  \
  for (ptrdiff_t k = 0; k < count; k++) {                                                          \
    const type *row = (const type *)source + k * stride;                                           \
    if (used == LANES) {                                                                           \
      data[k] = __builtin_convertvector(*(const vector *)row, lanes64);                            \
    } else {                                                                                       \
      for (ptrdiff_t i = 0; i < LANES; i++) lines.data[k * LANES + i] = i < used ? (double)row[i] : 0; \
    }                                                                                              \
  }

static void KERNELS(filter_across)(
    const void *source, ckernels_type type, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t used, ptrdiff_t from,
    ptrdiff_t to, const ckernels_recursion *recursion, ckernels_lines lines, float *target, ptrdiff_t target_stride,
    ckernels_sink sink, double scale, const uint8_t *wanted, ptrdiff_t wanted_stride) {
  lanes64 *data = (lanes64 *)lines.data;
  lanes32 *result = (lanes32 *)lines.result;
  switch (type) {
  case CKERNELS_INT16: LOAD_ACROSS(int16_t, lanes_i16); break;
  case CKERNELS_INT32: LOAD_ACROSS(int32_t, lanes_i32); break;
  case CKERNELS_FLOAT32: LOAD_ACROSS(float, lanes32); break;
  case CKERNELS_FLOAT64: LOAD_ACROSS(double, lanes64); break;
  }
  run_recursions(data, (lanes64 *)lines.causal, result, count, from, to > 4 ? to : 4, recursion);
  for (ptrdiff_t k = from; k < to; k++) {
    if (wanted && !wanted[(k - from) * wanted_stride]) continue;
    float *place = target + (k - from) * target_stride;
    if (used == LANES) {
      const lanes64 v = __builtin_convertvector(result[k], lanes64);
      switch (sink) {
      case CKERNELS_STORE: *(lanes32 *)place = result[k]; break;
      case CKERNELS_SCALE: *(lanes32 *)place = __builtin_convertvector(0.0 + v * scale, lanes32); break;
      case CKERNELS_ADD_SCALED:
        *(lanes32 *)place =
            __builtin_convertvector(__builtin_convertvector(*(const lanes32 *)place, lanes64) + v * scale, lanes32);
        break;
      }
      continue;
    }
    for (ptrdiff_t i = 0; i < used; i++) {
      const float v = lines.result[k * LANES + i];
      switch (sink) {
      case CKERNELS_STORE: place[i] = v; break;
      case CKERNELS_SCALE: place[i] = (float)(0.0 + (double)v * scale); break;
      case CKERNELS_ADD_SCALED: place[i] = (float)((double)place[i] + (double)v * scale); break;
      }
    }
  }
}

#define TRANSPOSE(a, b, c, d, vector)                                     \
  {                                                                       \
    const vector t0 = __builtin_shufflevector(a, b, 0, 4, 2, 6);          \
    const vector t1 = __builtin_shufflevector(a, b, 1, 5, 3, 7);          \
    const vector t2 = __builtin_shufflevector(c, d, 0, 4, 2, 6);          \
    const vector t3 = __builtin_shufflevector(c, d, 1, 5, 3, 7);          \
    a = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);                      \
    b = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);                      \
    c = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);                      \
    d = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);                      \
  }

/// Turns four rows at a time into columns. Lanes past the last row repeat it: their results are not kept.
#define LOAD_ALONG(type, vector)                                                                        \
  for (ptrdiff_t i = 0; i < LANES; i += 4) {                                                            \
    const type *row[4];                                                                                 \
    for (ptrdiff_t j = 0; j < 4; j++) {                                                                 \
      row[j] = (const type *)source + (i + j < used ? i + j : used - 1) * stride;                       \
    }                                                                                                   \
    double *place = lines.data + i;                                                                     \
    ptrdiff_t k = 0;                                                                                    \
    for (; k + 4 <= count; k += 4) {                                                                    \
      f64x4 a = __builtin_convertvector(*(const vector *)(row[0] + k), f64x4);                          \
      f64x4 b = __builtin_convertvector(*(const vector *)(row[1] + k), f64x4);                          \
      f64x4 c = __builtin_convertvector(*(const vector *)(row[2] + k), f64x4);                          \
      f64x4 d = __builtin_convertvector(*(const vector *)(row[3] + k), f64x4);                          \
      TRANSPOSE(a, b, c, d, f64x4)                                                                      \
      *(f64x4 *)(place + k * LANES) = a;                                                                \
      *(f64x4 *)(place + (k + 1) * LANES) = b;                                                          \
      *(f64x4 *)(place + (k + 2) * LANES) = c;                                                          \
      *(f64x4 *)(place + (k + 3) * LANES) = d;                                                          \
    }                                                                                                   \
    for (; k < count; k++) {                                                                            \
      for (ptrdiff_t j = 0; j < 4; j++) place[k * LANES + j] = (double)row[j][k];                       \
    }                                                                                                   \
  }

static void KERNELS(filter_along)(
    const void *source, ckernels_type type, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t used, ptrdiff_t from,
    ptrdiff_t to, const ckernels_recursion *recursion, ckernels_lines lines, float *target, ptrdiff_t target_stride) {
  switch (type) {
  case CKERNELS_INT16: LOAD_ALONG(int16_t, i16x4); break;
  case CKERNELS_INT32: LOAD_ALONG(int32_t, i32x4); break;
  case CKERNELS_FLOAT32: LOAD_ALONG(float, f32x4); break;
  case CKERNELS_FLOAT64: LOAD_ALONG(double, f64x4); break;
  }
  run_recursions(
      (const lanes64 *)lines.data, (lanes64 *)lines.causal, (lanes32 *)lines.result, count, from, to > 4 ? to : 4,
      recursion);
  for (ptrdiff_t i = 0; i < used; i += 4) {
    const float *place = lines.result + i;
    ptrdiff_t k = from;
    if (i + 4 <= used) {
      float *row = target + i * target_stride - from;
      for (; k + 4 <= to; k += 4) {
        f32x4 a = *(const f32x4 *)(place + k * LANES);
        f32x4 b = *(const f32x4 *)(place + (k + 1) * LANES);
        f32x4 c = *(const f32x4 *)(place + (k + 2) * LANES);
        f32x4 d = *(const f32x4 *)(place + (k + 3) * LANES);
        TRANSPOSE(a, b, c, d, f32x4)
        *(f32x4 *)(row + k) = a;
        *(f32x4 *)(row + target_stride + k) = b;
        *(f32x4 *)(row + 2 * target_stride + k) = c;
        *(f32x4 *)(row + 3 * target_stride + k) = d;
      }
    }
    for (; k < to; k++) {
      for (ptrdiff_t j = 0; j < 4 && i + j < used; j++) target[(i + j) * target_stride + k - from] = place[k * LANES + j];
    }
  }
}

typedef int16_t i16x8 __attribute__((vector_size(16), aligned(2), may_alias));

static void KERNELS(interleave_int16)(
    const int16_t *rows, ptrdiff_t stride, ptrdiff_t count, const ckernels_normalisation *normalisation,
    double *columns, ptrdiff_t pitch) {
  const double shift = -normalisation->mean, factor = normalisation->factor;
  const double limit = normalisation->limit, scale = normalisation->scale;
  // Where nothing is to be done, nothing is: the same bits for any sample.
  const int plain = normalisation->is_identity;
  ptrdiff_t n = 0;
  for (; n + 8 <= count; n += 8) {
    i16x8 r[8], s[8];
    for (ptrdiff_t i = 0; i < 8; i++) r[i] = *(const i16x8 *)(rows + i * stride + n);
    for (ptrdiff_t i = 0; i < 4; i++) {
      s[2 * i] = __builtin_shufflevector(r[i], r[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      s[2 * i + 1] = __builtin_shufflevector(r[i], r[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    // s[2i], s[2i + 1]: rows i and i + 4 by turns, first and second half.
    for (ptrdiff_t h = 0; h < 2; h++) {
      const i16x8 low = __builtin_shufflevector(s[h], s[4 + h], 0, 8, 1, 9, 2, 10, 3, 11);
      const i16x8 high = __builtin_shufflevector(s[h], s[4 + h], 4, 12, 5, 13, 6, 14, 7, 15);
      const i16x8 low2 = __builtin_shufflevector(s[2 + h], s[6 + h], 0, 8, 1, 9, 2, 10, 3, 11);
      const i16x8 high2 = __builtin_shufflevector(s[2 + h], s[6 + h], 4, 12, 5, 13, 6, 14, 7, 15);
      r[4 * h] = __builtin_shufflevector(low, low2, 0, 8, 1, 9, 2, 10, 3, 11);
      r[4 * h + 1] = __builtin_shufflevector(low, low2, 4, 12, 5, 13, 6, 14, 7, 15);
      r[4 * h + 2] = __builtin_shufflevector(high, high2, 0, 8, 1, 9, 2, 10, 3, 11);
      r[4 * h + 3] = __builtin_shufflevector(high, high2, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (ptrdiff_t k = 0; k < 8; k++) {
      double *place = columns + (n + k) * pitch;
      for (ptrdiff_t h = 0; h < 2; h++) {
        const i16x4 half = h ? __builtin_shufflevector(r[k], r[k], 4, 5, 6, 7)
                             : __builtin_shufflevector(r[k], r[k], 0, 1, 2, 3);
        f64x4 v = __builtin_convertvector(half, f64x4);
        if (!plain) {
          v = (v + shift) * factor;
          const i64x4 above = v > limit, below = v < -limit;
          const f64x4 most = limit - (f64x4){0, 0, 0, 0}, least = -most;
          v = (f64x4)(((i64x4)v & ~above) | ((i64x4)most & above));
          v = (f64x4)(((i64x4)v & ~below) | ((i64x4)least & below));
          v *= scale;
        }
        *(f64x4 *)(place + 4 * h) = v;
      }
    }
  }
  for (; n < count; n++) {
    for (ptrdiff_t i = 0; i < 8; i++) {
      double v = rows[i * stride + n];
      if (!plain) {
        v = (v + shift) * factor;
        v = (v > limit ? limit : v < -limit ? -limit : v) * scale;
      }
      columns[n * pitch + i] = v;
    }
  }
}

static void KERNELS(interleave)(
    const double *rows, ptrdiff_t stride, ptrdiff_t count, double *columns, ptrdiff_t pitch) {
  for (ptrdiff_t i = 0; i < 8; i += 4) {
    const double *row = rows + i * stride;
    double *place = columns + i;
    ptrdiff_t n = 0;
    for (; n + 4 <= count; n += 4) {
      f64x4 a = *(const f64x4 *)(row + n), b = *(const f64x4 *)(row + stride + n);
      f64x4 c = *(const f64x4 *)(row + 2 * stride + n), d = *(const f64x4 *)(row + 3 * stride + n);
      TRANSPOSE(a, b, c, d, f64x4)
      *(f64x4 *)(place + pitch * n) = a;
      *(f64x4 *)(place + pitch * (n + 1)) = b;
      *(f64x4 *)(place + pitch * (n + 2)) = c;
      *(f64x4 *)(place + pitch * (n + 3)) = d;
    }
    for (; n < count; n++) {
      for (ptrdiff_t j = 0; j < 4; j++) place[pitch * n + j] = row[j * stride + n];
    }
  }
}

static void KERNELS(deinterleave)(
    const double *columns, ptrdiff_t pitch, ptrdiff_t count, ptrdiff_t used, double *rows, ptrdiff_t stride) {
  for (ptrdiff_t i = 0; i < used; i += 4) {
    const double *place = columns + i;
    double *row = rows + i * stride;
    ptrdiff_t n = 0;
    if (i + 4 <= used) {
      for (; n + 4 <= count; n += 4) {
        f64x4 a = *(const f64x4 *)(place + pitch * n), b = *(const f64x4 *)(place + pitch * (n + 1));
        f64x4 c = *(const f64x4 *)(place + pitch * (n + 2)), d = *(const f64x4 *)(place + pitch * (n + 3));
        TRANSPOSE(a, b, c, d, f64x4)
        *(f64x4 *)(row + n) = a;
        *(f64x4 *)(row + stride + n) = b;
        *(f64x4 *)(row + 2 * stride + n) = c;
        *(f64x4 *)(row + 3 * stride + n) = d;
      }
    }
    for (; n < count; n++) {
      for (ptrdiff_t j = 0; j < 4 && i + j < used; j++) row[j * stride + n] = place[pitch * n + j];
    }
  }
}

/// The recursions along `strip` lines, a number that the compiler knows: what goes from one sample to the next stays in
/// registers.
INLINE void spline_strip(
    double *base, ptrdiff_t count, ptrdiff_t stride, const ptrdiff_t strip, double gain, double pole, double factor) {
  double carry[32];
  for (ptrdiff_t i = 0; i < strip; i++) carry[i] = base[i];
  for (ptrdiff_t n = 1; n < count; n++) {
    double *row = base + n * stride;
    for (ptrdiff_t i = 0; i < strip; i++) {
      carry[i] = gain * row[i] + pole * carry[i];
      row[i] = carry[i];
    }
  }
  double *last = base + (count - 1) * stride;
  for (ptrdiff_t i = 0; i < strip; i++) {
    carry[i] = factor * (pole * last[i - stride] + last[i]);
    last[i] = carry[i];
  }
  for (ptrdiff_t n = count - 2; n >= 0; n--) {
    double *row = base + n * stride;
    for (ptrdiff_t i = 0; i < strip; i++) {
      carry[i] = pole * (carry[i] - row[i]);
      row[i] = carry[i];
    }
  }
}

static void KERNELS(spline_recursions)(
    double *base, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t width, double gain, double pole) {
  const double factor = pole / (pole * pole - 1);
  ptrdiff_t start = 0;
  for (; start + 32 <= width; start += 32) spline_strip(base + start, count, stride, 32, gain, pole, factor);
  for (; start + 16 <= width; start += 16) spline_strip(base + start, count, stride, 16, gain, pole, factor);
  for (; start + 8 <= width; start += 8) spline_strip(base + start, count, stride, 8, gain, pole, factor);
  for (; start < width; start++) spline_strip(base + start, count, stride, 1, gain, pole, factor);
}

static void KERNELS(spline_row)(
    const double *weights, const double *const *slices, const double *weight_z, ptrdiff_t pitch, double *row) {
  for (ptrdiff_t start = 0; start < pitch; start += 16) {
    // Four vectors side by side, since each addition waits for the one before.
    f64x4 sum[4] = {{0}, {0}, {0}, {0}};
    for (ptrdiff_t c = 0; c < 4; c++) {
      const double wz = weight_z[c];
      for (ptrdiff_t k = 0; k < 16; k++) {
        const double *w = weights + k * pitch + start, *g = slices[c] + k * pitch + start;
        for (ptrdiff_t i = 0; i < 4; i++) {
          sum[i] += *(const f64x4 *)(w + 4 * i) * wz * *(const f64x4 *)(g + 4 * i);
        }
      }
    }
    for (ptrdiff_t i = 0; i < 4; i++) *(f64x4 *)(row + start + 4 * i) = sum[i];
  }
}

const ckernels KERNELS(table) = {
    .set = KERNEL_SET,
    .lanes = LANES,
    .count_runs = KERNELS(count_runs),
    .count_equal = KERNELS(count_equal),
    .link_zones = KERNELS(link_zones),
    .range = KERNELS(range),
    .discretise = KERNELS(discretise),
    .summarise = KERNELS(summarise),
    .filter_across = KERNELS(filter_across),
    .filter_along = KERNELS(filter_along),
    .interleave = KERNELS(interleave),
    .deinterleave = KERNELS(deinterleave),
    .spline_recursions = KERNELS(spline_recursions),
    .interleave_int16 = KERNELS(interleave_int16),
    .spline_row = KERNELS(spline_row),
};
