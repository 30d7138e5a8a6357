// What every processor of this architecture can run.
#if defined(__aarch64__)
#define KERNELS_NAME "neon"
#define GROUP 4  // 32 registers
#else
#define KERNELS_NAME "baseline"
#define GROUP 2  // 16 registers
#endif
#define KERNELS mixture_kernels_baseline
#define WIDTH 2
#include "kernels.h"
