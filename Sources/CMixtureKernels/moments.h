// Weighted moments of a tile about an origin for each component, added to what is there.
//
// The sums of a component are N = sum a, the d sums a (x - o), and then the trace or the diagonal of its second moments; or,
// if all second moments are wanted, the packed triangle of the moments of (1, x - o), which holds N at (0, 0) and the
// first moments in its first column.

INLINE double total_above(const double *a, long count, double negligible) {
  V sum = {0};
  for (long i = 0; i < count; i += WIDTH) {
    V share = load(a + i);
    sum += (V)((I)share & (share > negligible));
  }
  return sum_of(sum);
}

// A row of ones, and the d coordinates relative to the origin.
INLINE void centred_rows(mixture_tile tile, const double *origin, double *rows) {
  for (long p = 0; p < tile.count; p += WIDTH) store(rows + p, broadcast(1.0));
  for (long j = 0; j < tile.dimension; j++)
    for (long p = 0; p < tile.count; p += WIDTH)
      store(rows + (j + 1) * tile.stride + p, load(tile.x + j * tile.stride + p) - origin[j]);
}

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

// STEP: 0 where all columns share one second moment, 1 where each has its own.
#define COLUMN_MOMENTS(NAME, STEP)                                                               \
  static void NAME(mixture_tile tile, long components, const double *origins,                    \
                   const double *shares, double negligible, double *sums) {                      \
    const long d = tile.dimension, seconds = 1 + STEP * (d - 1);                                 \
    for (long k = 0; k < components; k++) {                                                      \
      const double *a = shares + k * tile.stride;                                                \
      double *first = sums + k * (1 + d + seconds) + 1, *second = first + d;                     \
      double count = total_above(a, tile.count, negligible);                                     \
      if (count == 0) continue;                                                                  \
      first[-1] += count;                                                                        \
      for (long j = 0; j < d; j++)                                                               \
        column_moments(tile.x + j * tile.stride, tile.count, origins[k * d + j], a, first + j,   \
                       second + STEP * j);                                                       \
    }                                                                                            \
  }
COLUMN_MOMENTS(own_trace_moments, 0)
COLUMN_MOMENTS(own_diagonal_moments, 1)

// Adds the sums of the lanes of `count` vectors.
INLINE void add_sums(V *v, long count, double *sums) {
  long e = 0;
  for (; e + WIDTH <= count; e += WIDTH) store(sums + e, load(sums + e) + sums_of(v + e));
  for (; e < count; e++) sums[e] += sum_of(v[e]);
}

// Small dimensions: all sums stay in registers for the whole tile, twice, since each waits for its predecessor.
#if REGISTERS == 32
#define ABREAST 2
#else
#define ABREAST 1
#endif

#define SMALL_SQUARES(D)                                                                         \
  INLINE void squares_##D(mixture_tile tile, const double *origin, const double *a, V *s) {      \
    V n[ABREAST], f[ABREAST][D], q[ABREAST][D];                                                  \
    UNROLL for (int v = 0; v < ABREAST; v++) {                                                   \
      n[v] = (V){0};                                                                             \
      UNROLL for (int j = 0; j < D; j++) f[v][j] = q[v][j] = (V){0};                             \
    }                                                                                            \
    for (long i = 0; i < tile.count; i += ABREAST * WIDTH)                                       \
      UNROLL for (int v = 0; v < ABREAST; v++) {                                                 \
        V w = load(a + i + v * WIDTH);                                                           \
        n[v] += w;                                                                               \
        UNROLL for (int j = 0; j < D; j++) {                                                     \
          V d = load(tile.x + j * tile.stride + i + v * WIDTH) - origin[j];                      \
          V wd = w * d;                                                                          \
          f[v][j] += wd;                                                                         \
          q[v][j] += wd * d;                                                                     \
        }                                                                                        \
      }                                                                                          \
    UNROLL for (int v = 1; v < ABREAST; v++) {                                                   \
      n[0] += n[v];                                                                              \
      UNROLL for (int j = 0; j < D; j++) f[0][j] += f[v][j], q[0][j] += q[v][j];                 \
    }                                                                                            \
    s[0] = n[0];                                                                                 \
    UNROLL for (int j = 0; j < D; j++) s[1 + j] = f[0][j], s[1 + D + j] = q[0][j];               \
  }                                                                                              \
  INLINE void diagonal_moments_##D(mixture_tile tile, const double *origin, const double *a,     \
                                   double *sums) {                                               \
    V s[1 + 2 * D];                                                                              \
    squares_##D(tile, origin, a, s);                                                             \
    add_sums(s, 1 + 2 * D, sums);                                                                \
  }                                                                                              \
  INLINE void trace_moments_##D(mixture_tile tile, const double *origin, const double *a,        \
                                double *sums) {                                                  \
    V s[1 + 2 * D];                                                                              \
    squares_##D(tile, origin, a, s);                                                             \
    UNROLL for (int j = 1; j < D; j++) s[1 + D] += s[1 + D + j];                                 \
    add_sums(s, 2 + D, sums);                                                                    \
  }
SMALL_SQUARES(1)
SMALL_SQUARES(2)
SMALL_SQUARES(3)
SMALL_SQUARES(4)

INLINE long packed(long i, long j) { return i * (i + 1) / 2 + j; }

#define PADDED(COUNT) (((COUNT) + WIDTH - 1) / WIDTH * WIDTH)

// Small dimensions: all sums stay in registers for the whole tile.
#define SMALL_MOMENTS(D)                                                                         \
  INLINE void full_moments_##D(mixture_tile tile, const double *origin, const double *a,         \
                               double *sums) {                                                   \
    enum { COUNT = (D + 1) * (D + 2) / 2 };                                                      \
    V s[PADDED(COUNT)];                                                                          \
    UNROLL for (int e = 0; e < PADDED(COUNT); e++) s[e] = (V){0};                                \
    for (long i = 0; i < tile.count; i += WIDTH) {                                               \
      V w = load(a + i), d[D + 1];                                                               \
      s[0] += w;                                                                                 \
      UNROLL for (int j = 1; j <= D; j++) {                                                      \
        d[j] = load(tile.x + (j - 1) * tile.stride + i) - origin[j - 1];                         \
        V wd = w * d[j];                                                                         \
        s[j * (j + 1) / 2] += wd;                                                                \
        UNROLL for (int c = 1; c <= j; c++) s[j * (j + 1) / 2 + c] += wd * d[c];                 \
      }                                                                                          \
    }                                                                                            \
    add_sums(s, COUNT, sums);                                                                    \
  }
SMALL_MOMENTS(1)
SMALL_MOMENTS(2)
SMALL_MOMENTS(3)
SMALL_MOMENTS(4)
#if REGISTERS == 32
SMALL_MOMENTS(5)
#define SMALL_DIMENSION 5
#else
#define SMALL_DIMENSION 4
#endif

// Middle dimensions, points in lanes. The rows are those of the tile about an origin, with a row of ones before them: with
// it, N and the first moments are the first column of the triangle of second ones. Of a chunk of points that fits into
// the first-level cache, inner products of a block of rows are taken at a time. Sums stay vectors until the end of the
// tile.
#define CHUNK 128

// NAME_ROWS_COLUMNS: rows i... by COLUMNS columns j...; with a CORNER of one, also by those that follow, up to the diagonal.
#define ROW_PRODUCTS(NAME, ROWS, COLUMNS, CORNER)                                                \
  INLINE void NAME##_##ROWS##_##COLUMNS(const double *x, long stride, const double *a,           \
                                        long points, long i, long j, V *sums) {                  \
    V s[ROWS][COLUMNS + CORNER * ROWS];                                                          \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int c = 0; c < COLUMNS + CORNER * (r + 1); c++)                              \
            s[r][c] = sums[packed(i + r, j + c)];                                                \
    for (long p = 0; p < points; p += WIDTH) {                                                   \
      V left[ROWS], share = load(a + p);                                                         \
      UNROLL for (int r = 0; r < ROWS; r++) left[r] = load(x + (i + r) * stride + p) * share;    \
      UNROLL for (int c = 0; c < COLUMNS + CORNER * ROWS; c++) {                                 \
        V right = load(x + (j + c) * stride + p);                                                \
        UNROLL for (int r = c < COLUMNS ? 0 : c - COLUMNS; r < ROWS; r++)                        \
            s[r][c] += left[r] * right;                                                          \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int c = 0; c < COLUMNS + CORNER * (r + 1); c++)                              \
            sums[packed(i + r, j + c)] = s[r][c];                                                \
  }
#define RECTANGLE(ROWS, COLUMNS) ROW_PRODUCTS(rectangle, ROWS, COLUMNS, 0)
#define TRAPEZOID(ROWS, COLUMNS) ROW_PRODUCTS(trapezoid, ROWS, COLUMNS, 1)

// Strips of so many rows, cut into rectangles of four columns and a trapezoid at the diagonal: as many sums as leave registers
// for the rows of the strip and a column, and, where multiplying and adding are two steps, for a product.
#if REGISTERS == 32
#define STRIP 4
#elif WIDTH == 4
#define STRIP 3
#else
#define STRIP 2
#endif
#define ON_STRIP(NAME, COLUMNS) ON_STRIP_OF(NAME, STRIP, COLUMNS)
#define ON_STRIP_OF(NAME, ROWS, COLUMNS) ON_ROWS(NAME, ROWS, COLUMNS)
#define ON_ROWS(NAME, ROWS, COLUMNS) NAME##_##ROWS##_##COLUMNS

TRAPEZOID(1, 0)
TRAPEZOID(2, 0)
#if STRIP > 2
TRAPEZOID(3, 0)
#endif
#if STRIP > 3
TRAPEZOID(4, 0)
#endif
#define STRIP_PRODUCTS(SHAPE, COLUMNS) SHAPE(STRIP, COLUMNS)
STRIP_PRODUCTS(RECTANGLE, 4)
STRIP_PRODUCTS(TRAPEZOID, 1)
STRIP_PRODUCTS(TRAPEZOID, 2)
#if STRIP == 3
STRIP_PRODUCTS(RECTANGLE, 3)
#else
STRIP_PRODUCTS(TRAPEZOID, 3)
#endif

// The first strip has the rows that remain.
static void add_products(const double *x, long stride, long rows, const double *a, long points,
                         V *sums) {
  long i = rows % STRIP;
  switch (i) {
  case 1: trapezoid_1_0(x, stride, a, points, 0, 0, sums); break;
  case 2: trapezoid_2_0(x, stride, a, points, 0, 0, sums); break;
#if STRIP > 3
  case 3: trapezoid_3_0(x, stride, a, points, 0, 0, sums); break;
#endif
  default: break;
  }
  for (; i < rows; i += STRIP) {
    long j = 0;
    for (; j + 4 <= i; j += 4) ON_STRIP(rectangle, 4)(x, stride, a, points, i, j, sums);
    switch (i - j) {
    case 1: ON_STRIP(trapezoid, 1)(x, stride, a, points, i, j, sums); break;
    case 2: ON_STRIP(trapezoid, 2)(x, stride, a, points, i, j, sums); break;
    case 3:
#if STRIP == 3
      ON_STRIP(rectangle, 3)(x, stride, a, points, i, j, sums);
      ON_STRIP(trapezoid, 0)(x, stride, a, points, i, i, sums);
#else
      ON_STRIP(trapezoid, 3)(x, stride, a, points, i, j, sums);
#endif
      break;
    default: ON_STRIP(trapezoid, 0)(x, stride, a, points, i, i, sums);
    }
  }
}

static void full_moments_lanes(const double *x, long stride, long rows, const double *a,
                               long points, double *sums, double *scratch) {
  const long count = packed(rows, 0);
  V *vectors = (V *)scratch;
  memset(vectors, 0, (size_t)count * sizeof(V));
  for (long p = 0; p < points; p += CHUNK)
    add_products(x + p, stride, rows, a + p, points - p < CHUNK ? points - p : CHUNK, vectors);
  add_sums(vectors, count, sums);
}

// Large dimensions: the tile is turned into rows once. For each component, its points of weight worth mentioning are
// packed, sqrt(a) (x - o) a row, and the outer products of the rows summed: ROWS_AT_ONCE rows by up to three
// vectors of columns of the triangle at a time.

// `sums` has rows of `stride`: adds sum_p panel[p][i] panel[p][j] for ROWS rows from i and VECTORS vectors from j.
#define OUTER(ROWS, VECTORS)                                                                     \
  INLINE void outer_##VECTORS(const double *panel, long stride, long points, long i, long j,     \
                              double *sums) {                                                    \
    V s[ROWS][VECTORS];                                                                          \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int c = 0; c < VECTORS; c++)               \
        s[r][c] = load(sums + (i + r) * stride + j + c * WIDTH);                                 \
    for (long p = 0; p < points; p++) {                                                          \
      const double *row = panel + p * stride;                                                    \
      V right[VECTORS];                                                                          \
      UNROLL for (int c = 0; c < VECTORS; c++) right[c] = load(row + j + c * WIDTH);             \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                    \
        V left = broadcast(row[i + r]);                                                          \
        UNROLL for (int c = 0; c < VECTORS; c++) s[r][c] += left * right[c];                     \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int c = 0; c < VECTORS; c++)               \
        store(sums + (i + r) * stride + j + c * WIDTH, s[r][c]);                                 \
  }
#if REGISTERS == 32
#define ROWS_AT_ONCE 8
OUTER(8, 3)
OUTER(8, 2)
OUTER(8, 1)
#else
#define ROWS_AT_ONCE 4
OUTER(4, 3)
OUTER(4, 2)
OUTER(4, 1)
#endif

// The points of a chunk stay in the first-level cache while all blocks of the triangle pass over them.
#define CHUNK_BYTES 32768

INLINE long padded_dimension(long dimension) { return (dimension + 7) / 8 * 8; }

INLINE void rows_of_tile(mixture_tile tile, long stride, double *rows) {
  for (long j = 0; j < stride; j += WIDTH)
    for (long i = 0; i < tile.count; i += WIDTH) {
      V block[WIDTH];
      UNROLL for (int r = 0; r < WIDTH; r++)
          block[r] = j + r < tile.dimension ? load(tile.x + (j + r) * tile.stride + i) : (V){0};
      transpose(block);
      UNROLL for (int r = 0; r < WIDTH; r++) store(rows + (i + r) * stride + j, block[r]);
    }
}

// The points that count, and the roots of their weights.
INLINE long worth_mentioning(const double *a, long count, double negligible, int *chosen,
                             double *roots) {
  long n = 0;
  for (long i = 0; i < count; i++) {
    chosen[n] = (int)i;
    roots[n] = a[i];
    n += a[i] > negligible;
  }
  for (long i = 0; i < n; i += WIDTH)
    store(roots + i, __builtin_elementwise_sqrt(load(roots + i)));
  return n;
}

// VECTORS vectors of columns of the chosen rows.
#define PACK(VECTORS)                                                                            \
  INLINE void pack_##VECTORS(const double *rows, long stride, const double *origin,              \
                             const int *chosen, const double *roots, long points, long j,        \
                             double *first, double *panel) {                                     \
    V o[VECTORS], f[VECTORS];                                                                    \
    UNROLL for (int c = 0; c < VECTORS; c++) {                                                   \
      o[c] = load(origin + j + c * WIDTH);                                                       \
      f[c] = load(first + j + c * WIDTH);                                                        \
    }                                                                                            \
    for (long p = 0; p < points; p++) {                                                          \
      const double *row = rows + chosen[p] * stride + j;                                         \
      V root = broadcast(roots[p]);                                                              \
      UNROLL for (int c = 0; c < VECTORS; c++) {                                                 \
        V d = (load(row + c * WIDTH) - o[c]) * root;                                             \
        f[c] += d * root;                                                                        \
        store(panel + p * stride + j + c * WIDTH, d);                                            \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int c = 0; c < VECTORS; c++) store(first + j + c * WIDTH, f[c]);                 \
  }
PACK(4)
PACK(1)

INLINE void pack(const double *rows, long stride, const double *origin, const int *chosen,
                 const double *roots, long points, double *first, double *panel) {
  long j = 0;
  for (; j + 4 * WIDTH <= stride; j += 4 * WIDTH)
    pack_4(rows, stride, origin, chosen, roots, points, j, first, panel);
  for (; j < stride; j += WIDTH)
    pack_1(rows, stride, origin, chosen, roots, points, j, first, panel);
}

INLINE void add_outer_products(const double *panel, long stride, long points, double *square) {
  for (long i = 0; i < stride; i += ROWS_AT_ONCE) {
    const long end = (i + ROWS_AT_ONCE + WIDTH - 1) / WIDTH * WIDTH;
    long j = 0;
    for (; j + 3 * WIDTH <= end; j += 3 * WIDTH) outer_3(panel, stride, points, i, j, square);
    if (j + 2 * WIDTH <= end)
      outer_2(panel, stride, points, i, j, square);
    else if (j + WIDTH <= end)
      outer_1(panel, stride, points, i, j, square);
  }
}

static void full_moments_rows(mixture_tile tile, const double *rows, const double *mean,
                              const double *a, double negligible, double *sums,
                              double *scratch) {
  const long d = tile.dimension, stride = padded_dimension(d);
  const long chunk = CHUNK_BYTES / 8 / stride < 8 ? 8 : CHUNK_BYTES / 8 / stride;
  double *square = scratch, *origin = square + stride * stride, *first = origin + stride;
  double *roots = first + stride, *panel = roots + tile.count;
  int *chosen = (int *)(panel + chunk * stride);
  const long points = worth_mentioning(a, tile.count, negligible, chosen, roots);
  if (points == 0) return;
  memset(square, 0, (size_t)(stride * stride + 2 * stride) * sizeof(double));
  memcpy(origin, mean, (size_t)d * sizeof(double));
  for (long start = 0; start < points; start += chunk) {
    const long n = points - start < chunk ? points - start : chunk;
    pack(rows, stride, origin, chosen + start, roots + start, n, first, panel);
    add_outer_products(panel, stride, n, square);
  }
  sums[0] += total_above(a, tile.count, negligible);
  for (long i = 0; i < d; i++) {
    double *row = sums + packed(i + 1, 0);
    row[0] += first[i];
    for (long j = 0; j <= i; j++) row[1 + j] += square[i * stride + j];
  }
}

#define EACH_COMPONENT(CALL)                                                                     \
  for (long k = 0; k < components; k++) {                                                        \
    const double *origin = origins + k * origin_stride, *a = shares + k * tile.stride;           \
    double *s = sums + k * m;                                                                    \
    CALL;                                                                                        \
  }

#define SMALL_DISPATCH(NAME)                                                                     \
  switch (tile.dimension) {                                                                      \
  case 1: EACH_COMPONENT(NAME##_1(tile, origin, a, s)) break;                                    \
  case 2: EACH_COMPONENT(NAME##_2(tile, origin, a, s)) break;                                    \
  case 3: EACH_COMPONENT(NAME##_3(tile, origin, a, s)) break;                                    \
  case 4: EACH_COMPONENT(NAME##_4(tile, origin, a, s)) break;                                    \
  default: break;                                                                                \
  }

// Traces or diagonals of few dimensions.
static void small_moments(mixture_tile tile, long components, mixture_form form,
                          const double *origins, long origin_stride, const double *shares,
                          double *sums) {
  const long m = form == mixture_form_trace ? 2 + tile.dimension : 1 + 2 * tile.dimension;
  if (form == mixture_form_trace) {
    SMALL_DISPATCH(trace_moments)
  } else {
    SMALL_DISPATCH(diagonal_moments)
  }
}

static void full_moments(mixture_tile tile, long components, const double *origins,
                         long origin_stride, const double *shares, double negligible,
                         double *sums, double *scratch) {
  const long d = tile.dimension, m = packed(d + 1, 0);
  switch (d) {
  case 1: EACH_COMPONENT(full_moments_1(tile, origin, a, s)) return;
  case 2: EACH_COMPONENT(full_moments_2(tile, origin, a, s)) return;
  case 3: EACH_COMPONENT(full_moments_3(tile, origin, a, s)) return;
  case 4: EACH_COMPONENT(full_moments_4(tile, origin, a, s)) return;
#if SMALL_DIMENSION == 5
  case 5: EACH_COMPONENT(full_moments_5(tile, origin, a, s)) return;
#endif
  default: break;
  }
  double *after_rows;
  if (d < PACKED_DIMENSION) {
    after_rows = scratch + (d + 1) * tile.stride;
    if (origin_stride == 0) centred_rows(tile, origins, scratch);
    EACH_COMPONENT({
      if (total_above(a, tile.count, negligible) == 0) continue;
      if (origin_stride > 0) centred_rows(tile, origin, scratch);
      full_moments_lanes(scratch, tile.stride, d + 1, a, tile.count, s, after_rows);
    })
  } else {
    after_rows = scratch + tile.count * padded_dimension(d);
    rows_of_tile(tile, padded_dimension(d), scratch);
    EACH_COMPONENT(full_moments_rows(tile, scratch, origin, a, negligible, s, after_rows))
  }
}
