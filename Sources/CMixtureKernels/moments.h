// Weighted moments of a tile about an origin, added to what is there.

INLINE void column_moments(const double *x, long count, double origin, const double *a,
                           double *first, double *second) {
  V f0 = {0}, f1 = {0}, s0 = {0}, s1 = {0};
  for (long i = 0; i < count; i += 2 * WIDTH) {
    V d0 = load(x + i) - origin, d1 = load(x + i + WIDTH) - origin;
    V w0 = d0 * load(a + i), w1 = d1 * load(a + i + WIDTH);
    f0 += w0;
    f1 += w1;
    s0 += w0 * d0;
    s1 += w1 * d1;
  }
  *first += sum_of(f0 + f1);
  *second += sum_of(s0 + s1);
}

static void trace_moments(mixture_tile tile, const double *origin, const double *a, double *first,
                          double *second) {
  for (long j = 0; j < tile.dimension; j++)
    column_moments(tile.x + j * tile.stride, tile.count, origin[j], a, first + j, second);
}

static void diagonal_moments(mixture_tile tile, const double *origin, const double *a,
                             double *first, double *second) {
  for (long j = 0; j < tile.dimension; j++)
    column_moments(tile.x + j * tile.stride, tile.count, origin[j], a, first + j, second + j);
}

// Small dimensions: all sums stay in registers for the whole tile.
#define FULL_MOMENTS(D)                                                                          \
  static void full_moments_##D(mixture_tile tile, const double *origin, const double *a,         \
                               double *first, double *second) {                                  \
    V f[D], s[D * (D + 1) / 2];                                                                  \
    UNROLL for (int j = 0; j < D; j++) f[j] = (V){0};                                            \
    UNROLL for (int j = 0; j < D * (D + 1) / 2; j++) s[j] = (V){0};                              \
    for (long i = 0; i < tile.count; i += WIDTH) {                                               \
      V w = load(a + i), d[D];                                                                   \
      UNROLL for (int j = 0; j < D; j++) {                                                       \
        d[j] = load(tile.x + j * tile.stride + i) - origin[j];                                   \
        V wd = w * d[j];                                                                         \
        f[j] += wd;                                                                              \
        UNROLL for (int c = 0; c <= j; c++) s[j * (j + 1) / 2 + c] += wd * d[c];                 \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int j = 0; j < D; j++) first[j] += sum_of(f[j]);                                 \
    UNROLL for (int j = 0; j < D * (D + 1) / 2; j++) second[j] += sum_of(s[j]);                  \
  }
FULL_MOMENTS(1)
FULL_MOMENTS(2)
FULL_MOMENTS(3)
FULL_MOMENTS(4)
FULL_MOMENTS(5)
FULL_MOMENTS(6)

// Middle dimensions, points in lanes. Of a chunk of points the differences times the roots of their weights
// stay in the first-level cache, while inner products of ROWS by COLUMNS of them are taken at a time. Sums stay
// vectors until the end of the tile.
#define CHUNK 128

#define PRODUCTS(ROWS, COLUMNS)                                                                  \
  INLINE void products_##ROWS##_##COLUMNS(const double *d, long i, long j, V *sums) {            \
    V s[ROWS][COLUMNS];                                                                          \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int c = 0; c < COLUMNS; c++) s[r][c] = (V){0};                               \
    for (long p = 0; p < CHUNK; p += WIDTH) {                                                    \
      V right[COLUMNS];                                                                          \
      UNROLL for (int c = 0; c < COLUMNS; c++) right[c] = load(d + (j + c) * CHUNK + p);         \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                    \
        V left = load(d + (i + r) * CHUNK + p);                                                  \
        UNROLL for (int c = 0; c < COLUMNS; c++) s[r][c] += left * right[c];                     \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int c = 0; c < COLUMNS; c++) {                                               \
          long row = i + r, column = j + c;                                                      \
          if (column <= row) sums[row * (row + 1) / 2 + column] += s[r][c];                      \
        }                                                                                        \
  }

#if GROUP == 4
#define BLOCK 4
PRODUCTS(4, 4)
PRODUCTS(3, 4)
PRODUCTS(2, 4)
PRODUCTS(1, 4)
PRODUCTS(3, 3)
PRODUCTS(2, 2)
PRODUCTS(1, 1)
#else
#define BLOCK 3
PRODUCTS(3, 3)
PRODUCTS(2, 3)
PRODUCTS(1, 3)
PRODUCTS(2, 2)
PRODUCTS(1, 1)
#endif

#define ROW_OF_BLOCKS(ROWS, SQUARE, WIDE)                                                        \
  {                                                                                              \
    for (long j = 0; j + BLOCK <= i; j += BLOCK) WIDE(d, i, j, sums);                            \
    SQUARE(d, i, i, sums);                                                                       \
  }

static void add_products(const double *d, long dimension, V *sums) {
  long i = 0;
#if GROUP == 4
  for (; i + 4 <= dimension; i += 4) ROW_OF_BLOCKS(4, products_4_4, products_4_4)
  switch (dimension - i) {
  case 3: ROW_OF_BLOCKS(3, products_3_3, products_3_4) break;
  case 2: ROW_OF_BLOCKS(2, products_2_2, products_2_4) break;
  case 1: ROW_OF_BLOCKS(1, products_1_1, products_1_4) break;
  default: break;
  }
#else
  for (; i + 3 <= dimension; i += 3) ROW_OF_BLOCKS(3, products_3_3, products_3_3)
  switch (dimension - i) {
  case 2: ROW_OF_BLOCKS(2, products_2_2, products_2_3) break;
  case 1: ROW_OF_BLOCKS(1, products_1_1, products_1_3) break;
  default: break;
  }
#endif
}

static void full_moments_lanes(mixture_tile tile, const double *origin, const double *a,
                               double *first, double *second, double *scratch) {
  const long dimension = tile.dimension, pairs = dimension * (dimension + 1) / 2;
  V *sums = (V *)scratch, *firsts = sums + pairs;
  double *d = (double *)(firsts + dimension);
  for (long j = 0; j < pairs + dimension; j++) sums[j] = (V){0};
  for (long start = 0; start < tile.count; start += CHUNK) {
    const long points = tile.count - start < CHUNK ? tile.count - start : CHUNK;
    for (long p = 0; p < points; p += WIDTH) {
      V root = __builtin_elementwise_sqrt(load(a + start + p));
      for (long j = 0; j < dimension; j++) {
        V scaled = (load(tile.x + j * tile.stride + start + p) - origin[j]) * root;
        store(d + j * CHUNK + p, scaled);
        firsts[j] += scaled * root;
      }
    }
    for (long p = points; p < CHUNK; p += WIDTH)
      for (long j = 0; j < dimension; j++) store(d + j * CHUNK + p, (V){0});
    add_products(d, dimension, sums);
  }
  for (long j = 0; j < pairs; j++) second[j] += sum_of(sums[j]);
  for (long j = 0; j < dimension; j++) first[j] += sum_of(firsts[j]);
}

// Large dimensions: weighted differences sqrt(a)(x - o) are transposed into one row per point, and their outer products
// summed, WIDTH rows by up to three times WIDTH columns of the triangle at a time.

// `sums`, column by column, each padded to `stride` rows: adds sum_p panel[p][i] panel[p][j] for ROWS vectors of
// rows and WIDTH columns.
#define OUTER(ROWS, COLUMNS)                                                                     \
  INLINE void outer_##ROWS(const double *panel, long stride, long points, long i, long j,        \
                           double *sums) {                                                       \
    V s[COLUMNS][ROWS];                                                                          \
    UNROLL for (int c = 0; c < COLUMNS; c++)                                                     \
        UNROLL for (int r = 0; r < ROWS; r++)                                                    \
            s[c][r] = load(sums + (j + c) * stride + i + r * WIDTH);                             \
    for (long p = 0; p < points; p++) {                                                          \
      const double *row = panel + p * stride;                                                    \
      V left[ROWS];                                                                              \
      UNROLL for (int r = 0; r < ROWS; r++) left[r] = load(row + i + r * WIDTH);                 \
      UNROLL for (int c = 0; c < COLUMNS; c++) {                                                 \
        V right = broadcast(row[j + c]);                                                         \
        UNROLL for (int r = 0; r < ROWS; r++) s[c][r] += left[r] * right;                        \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int c = 0; c < COLUMNS; c++)                                                     \
        UNROLL for (int r = 0; r < ROWS; r++)                                                    \
            store(sums + (j + c) * stride + i + r * WIDTH, s[c][r]);                             \
  }
#if GROUP == 4
#define COLUMNS_AT_ONCE 8
OUTER(3, 8)
OUTER(2, 8)
OUTER(1, 8)
#else
#define COLUMNS_AT_ONCE 4
OUTER(3, 4)
OUTER(2, 4)
OUTER(1, 4)
#endif

// The points of a chunk stay in the first-level cache while all blocks of the triangle pass over them.
#define CHUNK_BYTES 24576

INLINE long chunk_points(long stride) {
  long points = CHUNK_BYTES / (8 * stride) / WIDTH * WIDTH;
  return points < WIDTH ? WIDTH : points;
}

INLINE void pack_chunk(mixture_tile tile, const double *origin, const double *roots, long start,
                       long points, long stride, double *first, double *panel) {
  for (long j = 0; j < stride; j += WIDTH) {
    V sums[WIDTH];
    UNROLL for (int r = 0; r < WIDTH; r++) sums[r] = (V){0};
    for (long p = 0; p < points; p += WIDTH) {
      V rows[WIDTH], root = load(roots + start + p);
      UNROLL for (int r = 0; r < WIDTH; r++) {
        rows[r] = (V){0};
        if (j + r < tile.dimension) {
          rows[r] = (load(tile.x + (j + r) * tile.stride + start + p) - origin[j + r]) * root;
          sums[r] += rows[r] * root;
        }
      }
      transpose(rows);
      UNROLL for (int r = 0; r < WIDTH; r++) store(panel + (p + r) * stride + j, rows[r]);
    }
    UNROLL for (int r = 0; r < WIDTH; r++)
        if (j + r < tile.dimension) first[j + r] += sum_of(sums[r]);
  }
}

static void full_moments_panels(mixture_tile tile, const double *origin, const double *a,
                                double *first, double *second, double *scratch) {
  const long stride = (tile.dimension + 7) / 8 * 8;
  const long chunk = chunk_points(stride);
  double *sums = scratch, *roots = sums + stride * stride, *panel = roots + tile.count;
  memset(sums, 0, (size_t)(stride * stride) * sizeof(double));
  for (long p = 0; p < tile.count; p += WIDTH)
    store(roots + p, __builtin_elementwise_sqrt(load(a + p)));
  for (long start = 0; start < tile.count; start += chunk) {
    long points = tile.count - start < chunk ? tile.count - start : chunk;
    pack_chunk(tile, origin, roots, start, points, stride, first, panel);
    for (long j = 0; j < tile.dimension; j += COLUMNS_AT_ONCE) {
      long i = j / WIDTH * WIDTH;
      for (; i + 3 * WIDTH <= stride; i += 3 * WIDTH) outer_3(panel, stride, points, i, j, sums);
      if (i + 2 * WIDTH <= stride)
        outer_2(panel, stride, points, i, j, sums);
      else if (i + WIDTH <= stride)
        outer_1(panel, stride, points, i, j, sums);
    }
  }
  for (long i = 0; i < tile.dimension; i++)
    for (long j = 0; j <= i; j++) second[i * (i + 1) / 2 + j] += sums[j * stride + i];
}

// From here on the transposition costs less than the inner products of lanes.
#define PANEL_DIMENSION 24

static void full_moments(mixture_tile tile, const double *origin, const double *a, double *first,
                         double *second, double *scratch) {
  switch (tile.dimension) {
  case 1: full_moments_1(tile, origin, a, first, second); break;
  case 2: full_moments_2(tile, origin, a, first, second); break;
  case 3: full_moments_3(tile, origin, a, first, second); break;
  case 4: full_moments_4(tile, origin, a, first, second); break;
  case 5: full_moments_5(tile, origin, a, first, second); break;
  case 6: full_moments_6(tile, origin, a, first, second); break;
  default:
    if (tile.dimension < PANEL_DIMENSION)
      full_moments_lanes(tile, origin, a, first, second, scratch);
    else
      full_moments_panels(tile, origin, a, first, second, scratch);
  }
}
