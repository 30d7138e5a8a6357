// The kernels for one instruction set. The includer defines WIDTH, the doubles in a vector; REGISTERS, how many
// vectors the processor holds; KERNELS, the table, and KERNELS_NAME.
//
// Loop bounds that size arrays of vectors are literals: an array sized by an inlined parameter is
// kept in memory instead of registers.

#include "CMixtureKernels.h"
#include "choices.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef double V __attribute__((vector_size(WIDTH * 8), aligned(8)));
typedef long I __attribute__((vector_size(WIDTH * 8), aligned(8)));
typedef unsigned long U __attribute__((vector_size(WIDTH * 8), aligned(8)));

// The vectors of points that are worked on at once.
#if REGISTERS == 32
#define GROUP 4
#else
#define GROUP 2
#endif

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE V load(const double *p) { return *(const V *)p; }
INLINE void store(double *p, V v) { *(V *)p = v; }
INLINE V broadcast(double s) { return s - (V){0}; }
INLINE V choose(I mask, V yes, V no) { return (V)((mask & (I)yes) | (~mask & (I)no)); }

INLINE int any_of(I mask) {
  long found = 0;
  UNROLL for (int lane = 0; lane < WIDTH; lane++) found |= mask[lane];
  return found != 0;
}

// The larger of each pair; b where a is no number.
INLINE V maximum(V a, V b) {
#if WIDTH == 8
  return (V)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif WIDTH == 4
  return (V)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
  return (V)_mm_max_pd((__m128d)a, (__m128d)b);
#else
  return choose(a > b, a, b);
#endif
}

#include "transposition.h"
#include "sums.h"
#include "elementary.h"
#include "responsibilities.h"
#include "classification.h"
#include "logs.h"
#include "moments.h"
#include "products.h"

const mixture_kernels KERNELS = {
    .name = KERNELS_NAME,
    .transpose_rows = transpose_rows,
    .transpose_single_rows = transpose_single_rows,
    .spherical_terms = spherical_terms,
    .diagonal_terms = diagonal_terms,
    .scaled_terms = scaled_terms,
    .full_terms = full_terms,
    .whiten = whiten,
    .transform = transform,
    .normalise = normalise,
    .normalise_total = normalise_total,
    .normalise_weighted = normalise_weighted,
    .add_labels = add_labels,
    .scale_weights = scale_weights,
    .largest = largest_runs,
    .all_finite = all_finite,
    .multiply = multiply,
    .moments = moments,
    .exponential = exponential,
    .logarithm = logarithm,
};
