// Between points in rows and points in lanes.

#if WIDTH == 8
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#elif WIDTH == 4
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#else
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 2)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

// One perfect shuffle; after log2(WIDTH) of them rows have become columns.
INLINE void shuffle_rows(V *rows) {
  V out[WIDTH];
  UNROLL for (int r = 0; r < WIDTH / 2; r++) {
    out[2 * r] = LOW(rows[r], rows[r + WIDTH / 2]);
    out[2 * r + 1] = HIGH(rows[r], rows[r + WIDTH / 2]);
  }
  UNROLL for (int r = 0; r < WIDTH; r++) rows[r] = out[r];
}

INLINE void transpose(V *rows) {
  shuffle_rows(rows);
#if WIDTH > 2
  shuffle_rows(rows);
#endif
#if WIDTH > 4
  shuffle_rows(rows);
#endif
}

#if WIDTH == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif WIDTH == 4
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#else
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

// Pairs without a gap between them: the commonest of small dimensions. Returns how many points it took.
static long transpose_pairs(const double *rows, long count, double *x, long stride) {
  long i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    V a = load(rows + 2 * i), b = load(rows + 2 * i + WIDTH);
    store(x + i, EVEN(a, b));
    store(x + stride + i, ODD(a, b));
  }
  return i;
}

static void transpose_rows(const double *rows, long row_stride, long count, long dimension,
                           double *x, long stride) {
  const long whole_points = count / WIDTH * WIDTH, whole_columns = dimension / WIDTH * WIDTH;
  const int are_pairs = dimension == 2 && row_stride == 2;
  for (long i = are_pairs ? transpose_pairs(rows, count, x, stride) : 0; i < whole_points;
       i += WIDTH) {
    for (long j = 0; j < whole_columns; j += WIDTH) {
      V block[WIDTH];
      UNROLL for (int r = 0; r < WIDTH; r++) block[r] = load(rows + (i + r) * row_stride + j);
      transpose(block);
      UNROLL for (int r = 0; r < WIDTH; r++) store(x + (j + r) * stride + i, block[r]);
    }
    for (long j = whole_columns; j < dimension; j++) {
      V column;
      UNROLL for (int r = 0; r < WIDTH; r++) column[r] = rows[(i + r) * row_stride + j];
      store(x + j * stride + i, column);
    }
  }
  for (long i = whole_points; i < count; i++)
    for (long j = 0; j < dimension; j++) x[j * stride + i] = rows[i * row_stride + j];
}
