// Log-densities of a tile: constant - (quadratic form) / 2. The mean is subtracted first, which keeps the form
// exact to rounding at any distance of the data from zero.

// NaN, from infinity - infinity inside a form that overflowed, is a density of zero.
INLINE V log_of_form(V form, double constant) {
  V log = constant - 0.5 * form;
  return choose(log == log, log, broadcast(-INFINITY));
}

static void spherical_logs(mixture_tile tile, const double *mean, double precision,
                           double constant, double *out) {
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    V form[GROUP];
    UNROLL for (int g = 0; g < GROUP; g++) form[g] = (V){0};
    for (long j = 0; j < tile.dimension; j++)
      UNROLL for (int g = 0; g < GROUP; g++) {
        V d = load(tile.x + j * tile.stride + i + g * WIDTH) - mean[j];
        form[g] += d * d;
      }
    UNROLL for (int g = 0; g < GROUP; g++)
        store(out + i + g * WIDTH, log_of_form(form[g] * precision, constant));
  }
}

static void diagonal_logs(mixture_tile tile, const double *mean, const double *precisions,
                          double constant, double *out) {
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    V form[GROUP];
    UNROLL for (int g = 0; g < GROUP; g++) form[g] = (V){0};
    for (long j = 0; j < tile.dimension; j++)
      UNROLL for (int g = 0; g < GROUP; g++) {
        V d = load(tile.x + j * tile.stride + i + g * WIDTH) - mean[j];
        form[g] += d * (d * precisions[j]);
      }
    UNROLL for (int g = 0; g < GROUP; g++)
        store(out + i + g * WIDTH, log_of_form(form[g], constant));
  }
}

// ROWS rows of A, starting at row `first`, times the differences of a group; adds the squares to `form`.
#define WHITEN_ROWS(ROWS)                                                                        \
  INLINE void whiten_##ROWS(const double *rows[ROWS], long first, const double *d, V *form) {    \
    V z[ROWS][GROUP];                                                                            \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int g = 0; g < GROUP; g++) z[r][g] = (V){0};                                 \
    for (long c = 0; c < first + 1; c++)                                                         \
      UNROLL for (int g = 0; g < GROUP; g++) {                                                   \
        V value = load(d + (c * GROUP + g) * WIDTH);                                             \
        UNROLL for (int r = 0; r < ROWS; r++) z[r][g] += value * rows[r][c];                     \
      }                                                                                          \
    UNROLL for (int c = 1; c < ROWS; c++)                                                        \
        UNROLL for (int g = 0; g < GROUP; g++) {                                                 \
          V value = load(d + ((first + c) * GROUP + g) * WIDTH);                                 \
          UNROLL for (int r = c; r < ROWS; r++) z[r][g] += value * rows[r][first + c];           \
        }                                                                                        \
    UNROLL for (int r = 0; r < ROWS; r++)                                                        \
        UNROLL for (int g = 0; g < GROUP; g++) form[g] += z[r][g] * z[r][g];                     \
  }
WHITEN_ROWS(6)
WHITEN_ROWS(5)
WHITEN_ROWS(4)
WHITEN_ROWS(3)
WHITEN_ROWS(2)
WHITEN_ROWS(1)

INLINE const double *row_of(const double *packed, long i) { return packed + i * (i + 1) / 2; }

#define WHITEN(ROWS)                                                                             \
  {                                                                                              \
    const double *rows[ROWS];                                                                    \
    UNROLL for (int r = 0; r < ROWS; r++) rows[r] = row_of(a, first + r);                        \
    whiten_##ROWS(rows, first, d, form);                                                         \
    first += ROWS;                                                                               \
  }

// Any dimension: six rows of A times GROUP vectors of points stay in registers.
static void full_logs_blocked(mixture_tile tile, const double *mean, const double *a,
                              double constant, double *out, double *d) {
  const long dimension = tile.dimension;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    for (long j = 0; j < dimension; j++)
      UNROLL for (int g = 0; g < GROUP; g++)
          store(d + (j * GROUP + g) * WIDTH,
                load(tile.x + j * tile.stride + i + g * WIDTH) - mean[j]);
    V form[GROUP];
    UNROLL for (int g = 0; g < GROUP; g++) form[g] = (V){0};
    long first = 0;
    // What remains beside blocks of six goes first, where rows are short.
    switch (dimension % 6) {
    case 1: WHITEN(1) break;
    case 2: WHITEN(2) break;
    case 3: WHITEN(3) break;
    case 4: WHITEN(4) break;
    case 5: WHITEN(5) break;
    default: break;
    }
    while (first < dimension) WHITEN(6)
    UNROLL for (int g = 0; g < GROUP; g++)
        store(out + i + g * WIDTH, log_of_form(form[g], constant));
  }
}

// Small dimensions, unrolled: differences stay in registers too.
#define FULL_LOGS(D)                                                                             \
  static void full_logs_##D(mixture_tile tile, const double *mean, const double *a,              \
                            double constant, double *out) {                                      \
    for (long i = 0; i < tile.count; i += GROUP * WIDTH)                                         \
      UNROLL for (int g = 0; g < GROUP; g++) {                                                   \
        V d[D], form = {0};                                                                      \
        UNROLL for (int j = 0; j < D; j++) {                                                     \
          d[j] = load(tile.x + j * tile.stride + i + g * WIDTH) - mean[j];                       \
          V z = d[0] * a[j * (j + 1) / 2];                                                       \
          UNROLL for (int c = 1; c <= j; c++) z += d[c] * a[j * (j + 1) / 2 + c];                \
          form += z * z;                                                                         \
        }                                                                                        \
        store(out + i + g * WIDTH, log_of_form(form, constant));                                 \
      }                                                                                          \
  }
FULL_LOGS(1)
FULL_LOGS(2)
FULL_LOGS(3)
FULL_LOGS(4)
FULL_LOGS(5)
FULL_LOGS(6)

static void full_logs(mixture_tile tile, const double *mean, const double *a, double constant,
                      double *out, double *scratch) {
  switch (tile.dimension) {
  case 1: full_logs_1(tile, mean, a, constant, out); break;
  case 2: full_logs_2(tile, mean, a, constant, out); break;
  case 3: full_logs_3(tile, mean, a, constant, out); break;
  case 4: full_logs_4(tile, mean, a, constant, out); break;
  case 5: full_logs_5(tile, mean, a, constant, out); break;
  case 6: full_logs_6(tile, mean, a, constant, out); break;
  default: full_logs_blocked(tile, mean, a, constant, out, scratch);
  }
}
