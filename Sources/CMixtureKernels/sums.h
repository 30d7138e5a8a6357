// Sums over the lanes of vectors.

// Lane r of the result is the sum of the lanes of v[r], for WIDTH vectors at once: each step adds the halves of two
// vectors, interleaved, so that after log2(WIDTH) steps one vector is left.
INLINE V sums_of(V *v) {
  UNROLL for (int n = WIDTH / 2; n > 0; n /= 2)
      UNROLL for (int r = 0; r < n; r++) v[r] = LOW(v[r], v[r + n]) + HIGH(v[r], v[r + n]);
  return v[0];
}

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
