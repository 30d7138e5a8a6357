#include "CMixtureKernels.h"
#include "choices.h"

#include <stdlib.h>
#include <string.h>

extern const mixture_kernels mixture_kernels_baseline;
#if defined(__x86_64__)
extern const mixture_kernels mixture_kernels_avx2;
extern const mixture_kernels mixture_kernels_avx512;
#endif

const mixture_kernels *mixture_kernels_named(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, "avx512") == 0)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
               ? &mixture_kernels_avx512
               : NULL;
  if (strcmp(name, "avx2") == 0)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &mixture_kernels_avx2
                                                                           : NULL;
#endif
  return strcmp(name, mixture_kernels_baseline.name) == 0 ? &mixture_kernels_baseline : NULL;
}

const mixture_kernels *mixture_kernels_chosen(void) {
  const char *wanted = getenv("MIXTURES_KERNEL");
  const mixture_kernels *found = wanted ? mixture_kernels_named(wanted) : NULL;
  if (!found) found = mixture_kernels_named("avx512");
  if (!found) found = mixture_kernels_named("avx2");
  return found ? found : &mixture_kernels_baseline;
}

// Where moments are taken of rows about an origin: not in registers, nor of packed points.
int mixture_gains_from_common_origin(mixture_form form, long dimension) {
  return dimension > SQUARES_DIMENSION && (form != mixture_form_full || dimension < PACKED_DIMENSION);
}

static long max_of(long a, long b) { return a > b ? a : b; }

// Terms: the differences of a group of at most 64 points, and four numbers per point.
static long terms_scratch(long dimension, long stride) { return 64 * dimension + 4 * stride; }

// Moments in lanes: rows about an origin with a row of ones, and their squares or vectors of sums for each pair of rows.
static long lane_scratch(long dimension, long stride) {
  const long pairs = (dimension + 1) * (dimension + 2) / 2;
  return (dimension + 1) * stride + max_of(dimension * stride, 8 * pairs);
}

// Moments of packed points: the tile in rows, a square of sums, a panel of at most 32 KiB or eight rows, and some numbers
// per point and coordinate.
static long packed_scratch(long dimension, long stride) {
  const long padded = (dimension + 7) / 8 * 8;
  return (stride + padded) * padded + max_of(4096, 8 * padded) + 2 * stride + 4 * padded;
}

long mixture_scratch(long dimension, long stride) {
  const long moments = dimension < PACKED_DIMENSION
                           ? lane_scratch(dimension, stride)
                           : max_of(packed_scratch(dimension, stride), lane_scratch(dimension, stride));
  return 64 + max_of(terms_scratch(dimension, stride), moments);
}
