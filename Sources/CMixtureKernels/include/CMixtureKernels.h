// The inner loops of the engine, compiled once per instruction set and chosen at run time.
//
// Legend. A tile holds `count` points in lanes: coordinate j of point i at x[j * stride + i].
// `count` and `stride` are multiples of 32, and every array over points may be read and written
// up to `count`. Packed triangles are stored row by row, entry (i, j), j <= i, at i(i + 1)/2 + j.

#ifndef C_MIXTURE_KERNELS_H
#define C_MIXTURE_KERNELS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mixture_tile {
  const double *x;
  long stride;
  long count;
  long dimension;
} mixture_tile;

typedef struct mixture_kernels {
  // "baseline", "avx2" or "avx512"; "neon" on Arm.
  const char *name;

  // x[j * stride + i] = rows[i * row_stride + j], for `count` points, which may be any number.
  void (*transpose_rows)(const double *rows, long row_stride, long count, long dimension,
                         double *x, long stride);

  // out = constant - p |x - mean|^2 / 2; NaN, from overflow, becomes -infinity.
  void (*spherical_logs)(mixture_tile tile, const double *mean, double precision,
                         double constant, double *out);

  // out = constant - sum_j p_j (x_j - mean_j)^2 / 2.
  void (*diagonal_logs)(mixture_tile tile, const double *mean, const double *precisions,
                        double constant, double *out);

  // out = constant - |A (x - mean)|^2 / 2, with A a packed lower triangle.
  // `scratch`: mixture_logs_scratch(dimension) doubles.
  void (*full_logs)(mixture_tile tile, const double *mean, const double *inverse_factor,
                    double constant, double *out, double *scratch);

  // terms: `components` runs of `stride` values. In: ln(pi_k f_k(x)); out: responsibilities.
  // logs: ln sum_k pi_k f_k(x), one per point.
  void (*normalise)(double *terms, long components, long stride, long count, double *logs);

  // As normalise, returning the sum of the logs of the points whose weight is not zero instead of each.
  double (*normalise_total)(double *terms, long components, long stride, long count,
                            const double *weights);

  // values *= factors.
  void (*multiply)(double *values, const double *factors, long count);

  // sum of a.
  double (*total)(const double *a, long count);

  // first += sum a (x - o); second += sum a |x - o|^2, its diagonal, or its packed triangle.
  void (*trace_moments)(mixture_tile tile, const double *origin, const double *a, double *first,
                        double *second);
  void (*diagonal_moments)(mixture_tile tile, const double *origin, const double *a,
                           double *first, double *second);
  // `scratch`: mixture_moments_scratch(dimension, count) doubles.
  void (*full_moments)(mixture_tile tile, const double *origin, const double *a, double *first,
                       double *second, double *scratch);

  // exp of values <= 0 (below -708: zero) and ln of positive normal values, for their tests.
  void (*exponential)(const double *x, double *out, long count);
  void (*logarithm)(const double *x, double *out, long count);
} mixture_kernels;

// The kernels for this processor, or those that the environment variable MIXTURES_KERNEL names, if
// this processor can run them.
const mixture_kernels *mixture_kernels_chosen(void);

// The kernels of that name; NULL if there are none or this processor cannot run them.
const mixture_kernels *mixture_kernels_named(const char *name);

long mixture_logs_scratch(long dimension);
long mixture_moments_scratch(long dimension, long count);

#ifdef __cplusplus
}
#endif

#endif
