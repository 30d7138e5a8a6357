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

// Rows hold doubles, or floats that are widened on the way: `single` is a constant wherever this is inlined.
INLINE V load_values(const void *rows, long index, int single) {
  typedef float F __attribute__((vector_size(WIDTH * 4), aligned(4)));
  return single ? __builtin_convertvector(*(const F *)((const float *)rows + index), V)
                : load((const double *)rows + index);
}

// WIDTH points of WIDTH columns, of which the first `columns` are stored.
INLINE void transpose_block(const void *rows, long index, long row_stride, int single, long columns,
                            double *x, long stride) {
  V block[WIDTH];
  UNROLL for (int r = 0; r < WIDTH; r++) block[r] =
      load_values(rows, index + r * row_stride, single);
  transpose(block);
  if (columns == WIDTH) {
    UNROLL for (int r = 0; r < WIDTH; r++) store(x + r * stride, block[r]);
  } else {
    UNROLL for (int r = 0; r < WIDTH - 1; r++) if (r < columns) store(x + r * stride, block[r]);
  }
}

#if WIDTH == 8
typedef double H __attribute__((vector_size(32), aligned(8)));

INLINE H load_half(const void *rows, long index, int single) {
  typedef float F __attribute__((vector_size(16), aligned(4)));
  return single ? __builtin_convertvector(*(const F *)((const float *)rows + index), H)
                : *(const H *)((const double *)rows + index);
}

// Eight points of at most four columns: two points share a vector, which halves the shuffles.
INLINE void transpose_narrow_block(const void *rows, long index, long row_stride, int single,
                                   long columns, double *x, long stride) {
  V pair[4];
  UNROLL for (int r = 0; r < 4; r++) {
    H low = load_half(rows, index + r * row_stride, single);
    H high = load_half(rows, index + (r + 4) * row_stride, single);
    pair[r] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  V even01 = __builtin_shufflevector(pair[0], pair[1], 0, 8, 2, 10, 4, 12, 6, 14);
  V even23 = __builtin_shufflevector(pair[2], pair[3], 0, 8, 2, 10, 4, 12, 6, 14);
  V odd01 = __builtin_shufflevector(pair[0], pair[1], 1, 9, 3, 11, 5, 13, 7, 15);
  V odd23 = __builtin_shufflevector(pair[2], pair[3], 1, 9, 3, 11, 5, 13, 7, 15);
  store(x, __builtin_shufflevector(even01, even23, 0, 1, 8, 9, 4, 5, 12, 13));
  if (columns > 1)
    store(x + stride, __builtin_shufflevector(odd01, odd23, 0, 1, 8, 9, 4, 5, 12, 13));
  if (columns > 2)
    store(x + 2 * stride, __builtin_shufflevector(even01, even23, 2, 3, 10, 11, 6, 7, 14, 15));
  if (columns > 3)
    store(x + 3 * stride, __builtin_shufflevector(odd01, odd23, 2, 3, 10, 11, 6, 7, 14, 15));
}
#endif

// Pairs without a gap between them: the commonest of small dimensions. Returns how many points it took.
INLINE long transpose_pairs(const void *rows, long count, int single, double *x, long stride) {
  long i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    V a = load_values(rows, 2 * i, single), b = load_values(rows, 2 * i + WIDTH, single);
    store(x + i, EVEN(a, b));
    store(x + stride + i, ODD(a, b));
  }
  return i;
}

// WIDTH points of one column.
INLINE void gather_column(const void *rows, long index, long row_stride, int single, double *x) {
  typedef float F __attribute__((vector_size(WIDTH * 4)));
  if (single) {
    F column;
    UNROLL for (int r = 0; r < WIDTH; r++) column[r] = ((const float *)rows)[index + r * row_stride];
    store(x, __builtin_convertvector(column, V));
  } else {
    V column;
    UNROLL for (int r = 0; r < WIDTH; r++) column[r] = ((const double *)rows)[index + r * row_stride];
    store(x, column);
  }
}

// Points of at least WIDTH columns. Of long vectors, more than two columns left over are taken by a block that ends
// with the last column and repeats some of the one before it; else column by column, which is faster then.
INLINE long transpose_wide(const void *rows, long row_stride, long count, long dimension,
                           int single, double *x, long stride) {
  const long over = dimension % WIDTH, whole = dimension - over;
  const int overlaps = WIDTH == 8 && over > 2;
  long i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    const long first = i * row_stride;
    for (long j = 0; j < whole; j += WIDTH)
      transpose_block(rows, first + j, row_stride, single, WIDTH, x + j * stride + i, stride);
    if (overlaps) {
      const long j = dimension - WIDTH;
      transpose_block(rows, first + j, row_stride, single, WIDTH, x + j * stride + i, stride);
    } else {
      for (long j = whole; j < dimension; j++)
        gather_column(rows, first + j, row_stride, single, x + j * stride + i);
    }
  }
  return i;
}

// Points of fewer columns: whole vectors are read beyond the end of a row, but never beyond that of all rows.
INLINE long transpose_narrow(const void *rows, long row_stride, long count, long dimension,
                             int single, double *x, long stride) {
  const long end = (count - 1) * row_stride + dimension;
  long i = 0;
#if WIDTH == 8
  if (dimension <= 4)
    for (; i + WIDTH <= count && (i + WIDTH - 1) * row_stride + 4 <= end; i += WIDTH)
      transpose_narrow_block(rows, i * row_stride, row_stride, single, dimension, x + i, stride);
#endif
  for (; i + WIDTH <= count && (i + WIDTH - 1) * row_stride + WIDTH <= end; i += WIDTH)
    transpose_block(rows, i * row_stride, row_stride, single, dimension, x + i, stride);
  return i;
}

INLINE void transpose_any_rows(const void *rows, long row_stride, long count, long dimension,
                               int single, double *x, long stride) {
  long done = dimension == 2 && row_stride == 2
                  ? transpose_pairs(rows, count, single, x, stride)
              : dimension >= WIDTH
                  ? transpose_wide(rows, row_stride, count, dimension, single, x, stride)
                  : transpose_narrow(rows, row_stride, count, dimension, single, x, stride);
  for (long i = done; i < count; i++)
    for (long j = 0; j < dimension; j++)
      x[j * stride + i] = single ? ((const float *)rows)[i * row_stride + j]
                                 : ((const double *)rows)[i * row_stride + j];
}

static void transpose_rows(const double *rows, long row_stride, long count, long dimension,
                           double *x, long stride) {
  transpose_any_rows(rows, row_stride, count, dimension, 0, x, stride);
}

static void transpose_single_rows(const float *rows, long row_stride, long count, long dimension,
                                  double *x, long stride) {
  transpose_any_rows(rows, row_stride, count, dimension, 1, x, stride);
}
