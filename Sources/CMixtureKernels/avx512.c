#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#define KERNELS_NAME "avx512"
#define KERNELS mixture_kernels_avx512
#define WIDTH 8
#define REGISTERS 32
#include "kernels.h"
#pragma clang attribute pop
#endif
