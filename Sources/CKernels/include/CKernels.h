// The inner loops that are worth an instruction set of their own. Each is written once (`kernels.h`) and compiled for
// every machine and, on x86-64, once more for processors with AVX2; the processor is asked once which to use.
// Both give the same bits: the order of operations is written out, and no product is fused with a sum.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Instruction sets that kernels are compiled for.
typedef enum : int32_t {
  /// What every processor of the architecture has (x86-64-v1: SSE2).
  CKERNELS_BASELINE = 0,
  CKERNELS_AVX2 = 1,
} ckernels_set;

/// A run of neighbouring voxels along x.
typedef struct {
  /// First voxel's offset in the padded grid.
  ptrdiff_t padded;
  /// Voxels in the run.
  ptrdiff_t length;
} ckernels_span;

/// The number type of an image's voxels.
typedef enum : int32_t { CKERNELS_INT16, CKERNELS_INT32, CKERNELS_FLOAT32, CKERNELS_FLOAT64 } ckernels_type;

/// Coefficients of a recursive filter of fourth order (`RecursiveGaussian`).
typedef struct {
  double n[4], d[4], m[4], causal_border[4], anticausal_border[4];
} ckernels_recursion;

/// Room for the lines that are filtered side by side: `lanes` samples for each place on the line.
typedef struct {
  double *data;
  double *causal;
  float *result;
} ckernels_lines;

/// What becomes of a filtered sample v.
typedef enum : int32_t {
  /// target = v
  CKERNELS_STORE,
  /// target = float(0.0 + v * scale)
  CKERNELS_SCALE,
  /// target = float(target + v * scale)
  CKERNELS_ADD_SCALED,
} ckernels_sink;

/// What becomes of a sample v: min(max((v + -mean) * factor, -limit), limit) * scale, or v itself.
typedef struct {
  double mean, factor, limit, scale;
  int32_t is_identity;
} ckernels_normalisation;

/// One instruction set's kernels.
typedef struct {
  ckernels_set set;
  /// Lines that the recursive filter takes side by side.
  ptrdiff_t lanes;

  /// Adds, for each voxel, one to `table[row * width + level]`: row is the level one step back or, where that is the
  /// voxel's own, `width` + the length that its run has reached. `lengths` holds the lengths of two slices by turns, each
  /// `pitch` long; `table` two tables of `entries` counts, to be added up.
  void (*count_runs)(
      const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, ptrdiff_t back, ptrdiff_t back_in_plane,
      ptrdiff_t slices_back, ptrdiff_t plane, uint32_t width, uint16_t *lengths, ptrdiff_t pitch, uint16_t *keys,
      uint32_t *table, ptrdiff_t entries, ptrdiff_t tables);

  /// Adds, for each voxel, one to `table[level * sizes + n]`, n being the number of the voxels at `offsets` with its level.
  void (*count_equal)(
      const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, const ptrdiff_t *offsets,
      ptrdiff_t offset_count, uint32_t sizes, uint16_t *keys, uint32_t *table, ptrdiff_t entries, ptrdiff_t tables);

  /// Joins voxels of one level that touch into zones by union-find. `needed` says for each set of equal earlier
  /// neighbours (bit k: the one at `offsets[k]`) which must be joined. Returns how many nodes were made; those that are
  /// their own parent are zones, `node_level` and `size` theirs.
  int32_t (*link_zones)(
      const ckernels_span *spans, ptrdiff_t span_count, const uint16_t *grid, const ptrdiff_t *offsets,
      ptrdiff_t offset_count, const uint16_t *needed, uint16_t *keys, int32_t *node, int32_t *parent, int32_t *size,
      uint16_t *node_level);

  /// Smallest and largest value; returns 0, or not a number where one of them is not finite.
  double (*range)(const double *values, ptrdiff_t count, double *low, double *high);

  /// levels[i] = 1 + the bin of values[i] between the `edge_count` ascending edges; counts them in `histogram`, which
  /// holds four tables of `edge_count + 1`, to be added up. The first and last bin take what lies beyond.
  void (*discretise)(
      const double *values, ptrdiff_t count, const double *edges, ptrdiff_t edge_count, double inverse_width,
      uint16_t *levels, uint32_t *histogram);

  /// Sum, sum of squares, least and greatest of int16 values.
  void (*summarise)(
      const int16_t *values, ptrdiff_t count, int64_t *sum, int64_t *squares, int16_t *low, int16_t *high);

  /// Filters `used` (at most `lanes`) lines that lie side by side: sample k of line i is at `source[k * stride + i]`.
  /// Samples from..<to of the results go to `target[(k - from) * target_stride + i]`; where `wanted` is given, only those
  /// with `wanted[(k - from) * wanted_stride]` set.
  void (*filter_across)(
      const void *source, ckernels_type type, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t used, ptrdiff_t from,
      ptrdiff_t to, const ckernels_recursion *recursion, ckernels_lines lines, float *target, ptrdiff_t target_stride,
      ckernels_sink sink, double scale, const uint8_t *_Nullable wanted, ptrdiff_t wanted_stride);

  /// The same for lines along memory: sample k of line i is at `source[i * stride + k]`, and the results at
  /// `target[i * target_stride + k - from]`.
  void (*filter_along)(
      const void *source, ckernels_type type, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t used, ptrdiff_t from,
      ptrdiff_t to, const ckernels_recursion *recursion, ckernels_lines lines, float *target, ptrdiff_t target_stride);

  /// Turns 8 lines into columns: `columns[pitch * n + i] = rows[i * stride + n]`.
  void (*interleave)(const double *rows, ptrdiff_t stride, ptrdiff_t count, double *columns, ptrdiff_t pitch);

  /// And back: `rows[i * stride + n] = columns[pitch * n + i]` for the first `used` lines.
  void (*deinterleave)(
      const double *columns, ptrdiff_t pitch, ptrdiff_t count, ptrdiff_t used, double *rows, ptrdiff_t stride);

  /// The recursions of the cubic B-spline prefilter along `width` lines of `count` (at least 2) samples side by side, in
  /// place: sample n of line i is at `base[n * stride + i]`. Samples are multiplied by `gain` first, but the first, which
  /// is what the recursion starts from.
  void (*spline_recursions)(
      double *base, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t width, double gain, double pole);

  /// Turns 8 lines of int16 samples into columns of normalised ones: `columns[pitch * n + i]` from
  /// `rows[i * stride + n]`.
  void (*interleave_int16)(
      const int16_t *rows, ptrdiff_t stride, ptrdiff_t count, const ckernels_normalisation *normalisation,
      double *columns, ptrdiff_t pitch);

  /// A row of a cubic B-spline, each voxel the sum of 64 products added one by one (`itk::BSplineInterpolateImageFunction`):
  /// `row[i]` is the sum of `weights[k * pitch + i] * weight_z[c] * slices[c][k * pitch + i]` over c, and over 16 k within.
  /// `pitch` is a multiple of 16.
  void (*spline_row)(
      const double *weights, const double *_Nonnull const *_Nonnull slices, const double *weight_z, ptrdiff_t pitch,
      double *row);
} ckernels;

/// The kernels for this processor.
const ckernels *ckernels_best(void);

/// One instruction set's kernels; null where this processor or architecture lacks it.
const ckernels *_Nullable ckernels_for(ckernels_set set);

#pragma clang assume_nonnull end

#endif
