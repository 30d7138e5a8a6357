// Moments of all components about one origin, without mixed products: those of the shares of every component with the
// centred coordinates and their squares, which are the same for all.

// out[k * columns + c] += sum of shares_k times row_c, over the lanes, for COMPONENTS by COLUMNS of them.
#define PRODUCTS(COMPONENTS, COLUMNS)                                                            \
  INLINE void products_##COMPONENTS##_##COLUMNS(const double *a, long a_stride, const double *x, \
                                                long x_stride, long lanes, double *out,          \
                                                long columns) {                                  \
    V s[PADDED(COMPONENTS * COLUMNS)];                                                           \
    UNROLL for (int e = 0; e < PADDED(COMPONENTS * COLUMNS); e++) s[e] = (V){0};                 \
    for (long p = 0; p < lanes; p += WIDTH) {                                                    \
      V right[COLUMNS];                                                                          \
      UNROLL for (int c = 0; c < COLUMNS; c++) right[c] = load(x + c * x_stride + p);            \
      UNROLL for (int k = 0; k < COMPONENTS; k++) {                                              \
        V left = load(a + k * a_stride + p);                                                     \
        UNROLL for (int c = 0; c < COLUMNS; c++) s[k * COLUMNS + c] += left * right[c];          \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int b = 0; b < COMPONENTS * COLUMNS; b += WIDTH) {                               \
      V total = sums_of(s + b);                                                                  \
      UNROLL for (int l = 0; l < WIDTH; l++) {                                                   \
        const int e = b + l;                                                                     \
        if (e < COMPONENTS * COLUMNS)                                                            \
          out[e / COLUMNS * columns + e % COLUMNS] += total[l];                                  \
      }                                                                                          \
    }                                                                                            \
  }

#define PRODUCTS_OF(COMPONENTS)                                                                  \
  PRODUCTS(COMPONENTS, 1)                                                                        \
  PRODUCTS(COMPONENTS, 2)                                                                        \
  PRODUCTS(COMPONENTS, 3)                                                                        \
  PRODUCTS_WIDEST(COMPONENTS)                                                                    \
  INLINE void products_##COMPONENTS(const double *a, long a_stride, const double *x,             \
                                    long x_stride, long lanes, double *out, long columns) {      \
    const long blocks = (columns + MOST_COLUMNS - 1) / MOST_COLUMNS;                             \
    for (long b = 0; b < blocks; b++) {                                                          \
      const long c = columns * b / blocks, n = columns * (b + 1) / blocks - c;                   \
      const double *right = x + c * x_stride;                                                    \
      switch (n) {                                                                               \
      case 1: products_##COMPONENTS##_1(a, a_stride, right, x_stride, lanes, out + c, columns); break; \
      case 2: products_##COMPONENTS##_2(a, a_stride, right, x_stride, lanes, out + c, columns); break; \
      case 3: products_##COMPONENTS##_3(a, a_stride, right, x_stride, lanes, out + c, columns); break; \
      default: WIDEST(COMPONENTS)(a, a_stride, right, x_stride, lanes, out + c, columns);        \
      }                                                                                          \
    }                                                                                            \
  }

#if REGISTERS == 32
#define MOST_COLUMNS 4
#define MOST_COMPONENTS 6
#define PRODUCTS_WIDEST(COMPONENTS) PRODUCTS(COMPONENTS, 4)
#define WIDEST(COMPONENTS) products_##COMPONENTS##_4
#else
#define MOST_COLUMNS 3
#define MOST_COMPONENTS 4
#define PRODUCTS_WIDEST(COMPONENTS)
#define WIDEST(COMPONENTS) products_##COMPONENTS##_3
#endif

PRODUCTS_OF(1)
PRODUCTS_OF(2)
PRODUCTS_OF(3)
PRODUCTS_OF(4)
#if MOST_COMPONENTS == 6
PRODUCTS_OF(5)
PRODUCTS_OF(6)
#endif

// Blocks of components and of columns are as equal as can be: narrow ones would wait for their own sums.
static void lane_products(const double *a, long a_stride, long components, const double *x,
                          long x_stride, long columns, long lanes, double *out) {
  const long blocks = (components + MOST_COMPONENTS - 1) / MOST_COMPONENTS;
  for (long b = 0; b < blocks; b++) {
    const long k = components * b / blocks, n = components * (b + 1) / blocks - k;
    const double *left = a + k * a_stride;
    double *sums = out + k * columns;
    switch (n) {
    case 1: products_1(left, a_stride, x, x_stride, lanes, sums, columns); break;
    case 2: products_2(left, a_stride, x, x_stride, lanes, sums, columns); break;
    case 3: products_3(left, a_stride, x, x_stride, lanes, sums, columns); break;
#if MOST_COMPONENTS == 6
    case 4: products_4(left, a_stride, x, x_stride, lanes, sums, columns); break;
    case 5: products_5(left, a_stride, x, x_stride, lanes, sums, columns); break;
    default: products_6(left, a_stride, x, x_stride, lanes, sums, columns);
#else
    default: products_4(left, a_stride, x, x_stride, lanes, sums, columns);
#endif
    }
  }
}

// The rows of a tile about an origin, and the squares that `form` asks for. Returns how many there are.
static long moment_rows(mixture_tile tile, const double *origin, mixture_form form, double *rows) {
  const long d = tile.dimension, stride = tile.stride;
  centred_rows(tile, origin, rows);
  double *y = rows + stride, *squares = y + d * stride;
  switch (form) {
  case mixture_form_trace:
    for (long p = 0; p < tile.count; p += WIDTH) {
      V sum = {0};
      for (long j = 0; j < d; j++) sum += load(y + j * stride + p) * load(y + j * stride + p);
      store(squares + p, sum);
    }
    return d + 2;
  case mixture_form_diagonal:
    for (long j = 0; j < d; j++)
      for (long p = 0; p < tile.count; p += WIDTH)
        store(squares + j * stride + p, load(y + j * stride + p) * load(y + j * stride + p));
    return 2 * d + 1;
  default: return d + 1;
  }
}

static void moments(mixture_tile tile, long components, mixture_form form, const double *origins,
                    long origin_stride, const double *shares, double negligible, double *sums,
                    double *scratch) {
  if (form == mixture_form_full)
    full_moments(tile, components, origins, origin_stride, shares, negligible, sums, scratch);
  else if (form != mixture_form_none && tile.dimension <= SQUARES_DIMENSION)
    small_moments(tile, components, form, origins, origin_stride, shares, sums);
  else if (origin_stride > 0 && form == mixture_form_trace)
    own_trace_moments(tile, components, origins, shares, negligible, sums);
  else if (origin_stride > 0 && form == mixture_form_diagonal)
    own_diagonal_moments(tile, components, origins, shares, negligible, sums);
  else
    lane_products(shares, tile.stride, components, scratch, tile.stride,
                  moment_rows(tile, origins, form, scratch), tile.count, sums);
}
