#include "CMixtureKernels.h"

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

// Differences x - mean of one group of points; at most 64 points in a group.
long mixture_logs_scratch(long dimension) { return 64 * dimension; }

// In lanes: vectors of sums, and a chunk of 128 scaled differences. In panels: the padded sums, the roots of the
// weights, and at most a tile of scaled differences.
long mixture_moments_scratch(long dimension, long count) {
  long padded = dimension + 8;
  return 8 * padded * padded + count + padded * (count + 128);
}
