// What every processor of this architecture can run.
#if defined(__aarch64__)
#define KERNELS_NAME "neon"
#define REGISTERS 32
#else
#define KERNELS_NAME "baseline"
#define REGISTERS 16
#endif
#define KERNELS mixture_kernels_baseline
#define WIDTH 2
#include "kernels.h"
