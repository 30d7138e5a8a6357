// What the machine can do: peak [THREADS] prints the rate of fused multiply-adds in registers, of
// the widest vectors there are, and of reading memory.

#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX512F__)
enum { WIDTH = 8 };
#elif defined(__AVX__)
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif
typedef double vector __attribute__((vector_size(8 * WIDTH)));

enum { CHAINS = 12, ROUNDS = 40 * 1000 * 1000, READ_BYTES = 256 << 20, READS = 8 };

static pthread_barrier_t barrier;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// More independent chains than a unit's latency times its number.
static double multiply_add(void) {
  vector sums[CHAINS], factor = {0}, term = {0};
  for (int lane = 0; lane < WIDTH; lane++) factor[lane] = 0.999, term[lane] = 1e-3;
  for (int chain = 0; chain < CHAINS; chain++) sums[chain] = term * (double)chain;
  for (long round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
    for (int chain = 0; chain < CHAINS; chain++) sums[chain] = sums[chain] * factor + term;
  }
  double total = 0;
  for (int chain = 0; chain < CHAINS; chain++) total += sums[chain][0];
  return total;
}

static double read_all(const vector *memory) {
  vector sums[8] = {{0}};
  for (size_t i = 0; i < READ_BYTES / sizeof(vector); i += 8)
    for (size_t j = 0; j < 8; j++) sums[j] += memory[i + j];
  double total = 0;
  for (int j = 0; j < 8; j++) total += sums[j][0];
  return total;
}

typedef struct {
  double flops, bytes, checksum;
} rates;

static void *measure(void *argument) {
  rates *found = argument;
  vector *memory = aligned_alloc(64, READ_BYTES);
  if (!memory) abort();
  memset(memory, 0, READ_BYTES);

  pthread_barrier_wait(&barrier);
  double begin = now();
  found->checksum = multiply_add();
  found->flops = 2.0 * CHAINS * WIDTH * ROUNDS / (now() - begin);

  pthread_barrier_wait(&barrier);
  begin = now();
  for (int i = 0; i < READS; i++) found->checksum += read_all(memory);
  found->bytes = (double)READS * READ_BYTES / (now() - begin);
  free(memory);
  return NULL;
}

int main(int count, char **arguments) {
  enum { MOST = 256 };
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  if (threads < 1 || threads > MOST) return 1;
  pthread_t handles[MOST];
  rates found[MOST], total = {0, 0, 0};
  pthread_barrier_init(&barrier, NULL, (unsigned)threads);
  for (int t = 0; t < threads; t++) pthread_create(&handles[t], NULL, measure, &found[t]);
  for (int t = 0; t < threads; t++) {
    pthread_join(handles[t], NULL);
    total.flops += found[t].flops;
    total.bytes += found[t].bytes;
    total.checksum += found[t].checksum;
  }
  printf("{\"bits\": %d, \"flops\": %.6g, \"bytesPerSecond\": %.6g, \"checksum\": %.3g}\n",
         64 * WIDTH, total.flops, total.bytes, total.checksum);
}
