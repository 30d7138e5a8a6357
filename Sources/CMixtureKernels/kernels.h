// The kernels for one instruction set. The includer defines WIDTH, the doubles in a vector; GROUP, the
// vectors of points that are worked on at once; KERNELS, the table, and KERNELS_NAME.
//
// Loop bounds that size arrays of vectors are literals: an array sized by an inlined parameter is
// kept in memory instead of registers.

#include "CMixtureKernels.h"

#include <math.h>
#include <string.h>

typedef double V __attribute__((vector_size(WIDTH * 8), aligned(8)));
typedef long I __attribute__((vector_size(WIDTH * 8), aligned(8)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE V load(const double *p) { return *(const V *)p; }
INLINE void store(double *p, V v) { *(V *)p = v; }
INLINE V broadcast(double s) { return s - (V){0}; }
INLINE V choose(I mask, V yes, V no) { return (V)((mask & (I)yes) | (~mask & (I)no)); }
INLINE V maximum(V a, V b) { return __builtin_elementwise_max(a, b); }

INLINE double sum_of(V v) {
#if WIDTH == 8
  typedef double H __attribute__((vector_size(32)));
  typedef double Q __attribute__((vector_size(16)));
  H h = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  Q q = __builtin_shufflevector(h, h, 0, 1) + __builtin_shufflevector(h, h, 2, 3);
#elif WIDTH == 4
  typedef double Q __attribute__((vector_size(16)));
  Q q = __builtin_shufflevector(v, v, 0, 1) + __builtin_shufflevector(v, v, 2, 3);
#else
  V q = v;
#endif
  return q[0] + q[1];
}

#include "elementary.h"
#include "transposition.h"
#include "logs.h"
#include "moments.h"

const mixture_kernels KERNELS = {
    .name = KERNELS_NAME,
    .transpose_rows = transpose_rows,
    .spherical_logs = spherical_logs,
    .diagonal_logs = diagonal_logs,
    .full_logs = full_logs,
    .normalise = normalise,
    .normalise_total = normalise_total,
    .multiply = multiply,
    .total = total,
    .trace_moments = trace_moments,
    .diagonal_moments = diagonal_moments,
    .full_moments = full_moments,
    .exponential = exponential,
    .logarithm = logarithm,
};
