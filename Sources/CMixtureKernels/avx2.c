#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNELS_NAME "avx2"
#define KERNELS mixture_kernels_avx2
#define WIDTH 4
#define REGISTERS 16
#include "kernels.h"
#pragma clang attribute pop
#endif
