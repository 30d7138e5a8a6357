// What a library reaches: gemm SIZE prints the rate of a product of two square matrices by OpenBLAS,
// with as many threads as OPENBLAS_NUM_THREADS says.

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int count, char **arguments) {
  const int size = count > 1 ? atoi(arguments[1]) : 0;
  if (size < 1 || size > 1 << 14) return 1;
  const size_t area = (size_t)size * (size_t)size;
  double *left = malloc(8 * area), *right = malloc(8 * area), *product = malloc(8 * area);
  if (!left || !right || !product) return 1;
  for (size_t i = 0; i < area; i++) left[i] = 1.0 / (double)(1 + i % 7), right[i] = (double)(i % 5);
  double seconds = 0;
  for (int run = 0; run < 2; run++) {  // the first warms up
    const double begin = now();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, left, size, right, size, 0,
                product, size);
    seconds = now() - begin;
  }
  printf("{\"flops\": %.6g, \"checksum\": %.3g}\n", 2.0 * (double)size * (double)area / seconds, product[0]);
}
