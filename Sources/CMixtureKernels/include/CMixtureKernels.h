// The inner loops of the engine, compiled once per instruction set and chosen at run time.
//
// Legend. A tile holds `count` points in lanes: coordinate j of point i at x[j * stride + i].
// `count` is a multiple of 32, `stride` of 8, and every array over points may be read and written up to `count`; arrays over points and components are K runs of `stride`. Parameters of K components follow
// each other without gaps. Packed triangles are stored row by row, entry (i, j), j <= i, at i(i + 1)/2 + j.
// Everything works at any alignment, and faster at one of 64 bytes.

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

// How much of the second moments is wanted: nothing, their trace, their diagonal, or all.
typedef enum mixture_form {
  mixture_form_none,
  mixture_form_trace,
  mixture_form_diagonal,
  mixture_form_full,
} mixture_form;

// What weights there are: all one, all one or zero, the smallest positive one, infinite if there is none, and their sum.
typedef struct mixture_weights {
  int are_units;
  int are_whole;
  double smallest;
  double total;
} mixture_weights;

typedef struct mixture_kernels {
  // "baseline", "avx2" or "avx512"; "neon" on Arm.
  const char *name;

  // x[j * stride + i] = rows[i * row_stride + j], for `count` points, which may be any number.
  void (*transpose_rows)(const double *rows, long row_stride, long count, long dimension,
                         double *x, long stride);

  // The same of floats, which are widened.
  void (*transpose_single_rows)(const float *rows, long row_stride, long count, long dimension,
                                double *x, long stride);

  // terms_k = constant_k - p_k |x - mean_k|^2 / 2; NaN, from overflow, becomes -infinity.
  void (*spherical_terms)(mixture_tile tile, long components, const double *means,
                          const double *precisions, const double *constants, double *terms);

  // terms_k = constant_k - sum_j p_kj (x_j - mean_kj)^2 / 2.
  void (*diagonal_terms)(mixture_tile tile, long components, const double *means,
                         const double *precisions, const double *constants, double *terms);

  // terms_k = constant_k - sum_j (r_kj (x_j - origin_j) - shift_kj)^2 / 2: a third less work than the above where the
  // origin is near all means.
  void (*scaled_terms)(mixture_tile tile, long components, const double *origin,
                       const double *roots, const double *shifts, const double *constants,
                       double *terms, double *scratch);

  // terms_k = constant_k - |A_k (x - mean_k)|^2 / 2, with A_k a packed lower triangle; -infinity, possibly, where that is
  // below the largest term of the point plus `log_negligible`.
  void (*full_terms)(mixture_tile tile, long components, const double *means,
                     const double *inverse_factors, const double *constants,
                     double log_negligible, double *terms, double *scratch);

  // out[j * stride + i] = (A (x - origin))_j.
  void (*whiten)(mixture_tile tile, const double *origin, const double *inverse_factor,
                 double *out, double *scratch);

  // out[j * stride + i] = (B (x - origin))_j for a square matrix B, row by row.
  void (*transform)(mixture_tile tile, const double *origin, const double *matrix, double *out,
                    double *scratch);

  // In: terms ln(pi_k f_k(x)); out: responsibilities. logs: ln sum_k pi_k f_k(x), one per point.
  void (*normalise)(double *terms, long components, long stride, long count, double *logs);

  // As normalise, returning the sum of the logs of the points whose weight is not zero instead of each. Without weights,
  // NULL, all count. `upcoming` bytes from `next` on are fetched from memory meanwhile.
  double (*normalise_total)(double *terms, long components, long stride, long count,
                            const double *weights, const void *next, long upcoming);

  // As normalise_total, returning the sum of weight times log of the points whose weight is not zero. If asked for, it
  // multiplies responsibilities by weights.
  double (*normalise_weighted)(double *terms, long components, long stride, long count,
                               const double *weights, int multiplies, const void *next,
                               long upcoming);

  // terms_k += log_factors[label * known + k] of each point, -infinity from component `known` on; a negative label says nothing.
  // `count` may be any number.
  void (*add_labels)(double *terms, long components, long stride, long count, const int *labels,
                     long known, const double *log_factors);

  // weights *= factors; `count` may be any number.
  mixture_weights (*scale_weights)(double *weights, const double *factors, long count);

  // out: the run with the largest term of each point, the first of equals. `count` may be any number.
  void (*largest)(const double *terms, long components, long stride, long count, long *out);

  // Whether no value is infinite or no number. `count` is a multiple of 8.
  int (*all_finite)(const double *values, long count);

  // values *= factors.
  void (*multiply)(double *values, const double *factors, long count);

  // Adds the moments of a tile about the origin of each component, origin_stride = d, or about one for all,
  // origin_stride = 0; without second moments only the latter. The sums of a component are sum a, the d sums
  // a (x - o), and the trace or the diagonal of sum a (x - o)(x - o)'; or, with all second moments, the packed triangle
  // of sum a (1, x - o)(1, x - o)'.
  // Where all shares of a component, or in large dimensions that of a point, are at most `negligible`, they may be left
  // out.
  void (*moments)(mixture_tile tile, long components, mixture_form form, const double *origins,
                  long origin_stride, const double *shares, double negligible, double *sums,
                  double *scratch);

  // exp of values <= 0 (below -708: zero) and ln of positive normal values.
  void (*exponential)(const double *x, double *out, long count);
  void (*logarithm)(const double *x, double *out, long count);
} mixture_kernels;

// The kernels for this processor, or those that the environment variable MIXTURES_KERNEL names, if
// this processor can run them.
const mixture_kernels *mixture_kernels_chosen(void);

// The kernels of that name; NULL if there are none or this processor cannot run them.
const mixture_kernels *mixture_kernels_named(const char *name);

// Whether second moments about one origin for all components cost less than about an origin for each.
int mixture_gains_from_common_origin(mixture_form form, long dimension);

// How many doubles of scratch any of the above needs for a tile of that stride.
long mixture_scratch(long dimension, long stride);

#ifdef __cplusplus
}
#endif

#endif
