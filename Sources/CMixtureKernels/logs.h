// Terms ln(pi_k f_k(x)) of a tile: constant_k - (quadratic form) / 2, for all components of a mixture.

// NaN, from infinity - infinity inside a form that overflowed, is a density of zero.
INLINE V log_of_form(V form, double constant) {
  return maximum(constant - 0.5 * form, broadcast(-INFINITY));
}

// FORM(NAME, N, DIFFERENCE, SQUARE): the forms of N components at once of a group of points, whose
// coordinates are loaded once for all of them. Per component and coordinate, m and p are parameters.
#define FORM(NAME, N, DIFFERENCE, SQUARE)                                                        \
  INLINE void NAME##_##N(const double *x, long stride, long dimension, const double *ms,         \
                         const double *ps, V form[][GROUP]) {                                    \
    UNROLL for (int k = 0; k < N; k++) UNROLL for (int g = 0; g < GROUP; g++)                    \
        form[k][g] = (V){0};                                                                     \
    for (long j = 0; j < dimension; j++) {                                                       \
      V v[GROUP];                                                                                \
      UNROLL for (int g = 0; g < GROUP; g++) v[g] = load(x + j * stride + g * WIDTH);            \
      UNROLL for (int k = 0; k < N; k++) {                                                       \
        V m = broadcast(ms[k * dimension + j]), p = broadcast(ps[k * dimension + j]);            \
        (void)p;                                                                                 \
        UNROLL for (int g = 0; g < GROUP; g++) {                                                 \
          V d = DIFFERENCE;                                                                      \
          form[k][g] += SQUARE;                                                                  \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }

#define FORMS(NAME, DIFFERENCE, SQUARE)                                                          \
  FORM(NAME, 1, DIFFERENCE, SQUARE)                                                              \
  FORM(NAME, 2, DIFFERENCE, SQUARE)                                                              \
  FORM(NAME, 3, DIFFERENCE, SQUARE)                                                              \
  FORM(NAME, 4, DIFFERENCE, SQUARE)

// Squares of differences from a mean; the same with precisions; and of multiples of centred coordinates.
FORMS(spherical, v[g] - m, d * d)
FORMS(diagonal, v[g] - m, d * (d * p))
FORMS(scaled, v[g] * p - m, d * d)

// For a group of points at x: SCALE is what the forms of component k are multiplied by.
#define STORE_TERMS(NAME, N, SCALE)                                                              \
  {                                                                                              \
    V form[N][GROUP];                                                                            \
    NAME##_##N(x, stride, dimension, ms + k * dimension, ps + k * dimension, form);              \
    UNROLL for (int c = 0; c < N; c++) UNROLL for (int g = 0; g < GROUP; g++)                    \
        store(out + (k + c) * out_stride + g * WIDTH,                                            \
              log_of_form(form[c][g] * SCALE, constants[k + c]));                                \
  }

#define GROUP_TERMS(NAME, SCALE)                                                                 \
  INLINE void NAME##_group(const double *x, long stride, long dimension, long components,        \
                           const double *ms, const double *ps, const double *scales,             \
                           const double *constants, double *out, long out_stride) {              \
    (void)scales;                                                                                \
    long k = 0;                                                                                  \
    for (; k + 4 <= components; k += 4) STORE_TERMS(NAME, 4, SCALE)                              \
    switch (components - k) {                                                                    \
    case 3: STORE_TERMS(NAME, 3, SCALE) break;                                                   \
    case 2: STORE_TERMS(NAME, 2, SCALE) break;                                                   \
    case 1: STORE_TERMS(NAME, 1, SCALE) break;                                                   \
    default: break;                                                                              \
    }                                                                                            \
  }
GROUP_TERMS(spherical, scales[k + c])
GROUP_TERMS(diagonal, 1.0)
GROUP_TERMS(scaled, 1.0)

// The terms of one component in few dimensions D, two vectors of points at a time: its parameters stay in registers, since
// nothing changes them meanwhile (`restrict`). DIFFERENCE is that of the coordinate v[g], with o, m and p.
#define SPAN 2
#define SMALL_FORM(NAME, D, DIFFERENCE, SQUARE, SCALE)                                           \
  INLINE void NAME##_terms_##D(mixture_tile tile, const double *os, const double *ms,            \
                               const double *ps, double constant, double *restrict out) {        \
    for (long i = 0; i < tile.count; i += SPAN * WIDTH) {                                        \
      V v[SPAN], form[SPAN];                                                                     \
      UNROLL for (int g = 0; g < SPAN; g++) form[g] = (V){0};                                    \
      UNROLL for (int j = 0; j < D; j++) UNROLL for (int g = 0; g < SPAN; g++) {                 \
        v[g] = load(tile.x + j * tile.stride + i + g * WIDTH);                                   \
        V d = DIFFERENCE;                                                                        \
        form[g] += SQUARE;                                                                       \
      }                                                                                          \
      UNROLL for (int g = 0; g < SPAN; g++)                                                      \
          store(out + i + g * WIDTH, log_of_form(form[g] * SCALE, constant));                    \
    }                                                                                            \
  }

// Of all components. Returns whether there are few enough dimensions; STEP is how many p a component has.
#define SMALL_TERMS(NAME, DIFFERENCE, SQUARE, SCALE, STEP)                                       \
  SMALL_FORM(NAME, 1, DIFFERENCE, SQUARE, SCALE)                                                 \
  SMALL_FORM(NAME, 2, DIFFERENCE, SQUARE, SCALE)                                                 \
  SMALL_FORM(NAME, 3, DIFFERENCE, SQUARE, SCALE)                                                 \
  SMALL_FORM(NAME, 4, DIFFERENCE, SQUARE, SCALE)                                                 \
  static int small_##NAME##_terms(mixture_tile tile, long components, const double *os,          \
                                  const double *ms, const double *ps, const double *constants,   \
                                  double *terms) {                                               \
    const long d = tile.dimension;                                                               \
    if (d > 4) return 0;                                                                         \
    for (long k = 0; k < components; k++) {                                                      \
      const double *m = ms + k * d, *p = ps + k * (STEP);                                       \
      double *out = terms + k * tile.stride;                                                     \
      switch (d) {                                                                               \
      case 1: NAME##_terms_1(tile, os, m, p, constants[k], out); break;                          \
      case 2: NAME##_terms_2(tile, os, m, p, constants[k], out); break;                          \
      case 3: NAME##_terms_3(tile, os, m, p, constants[k], out); break;                          \
      default: NAME##_terms_4(tile, os, m, p, constants[k], out);                                \
      }                                                                                          \
    }                                                                                            \
    return 1;                                                                                    \
  }
SMALL_TERMS(spherical, v[g] - ms[j], d * d, ps[0], 1)
SMALL_TERMS(diagonal, v[g] - ms[j], d * (d * ps[j]), 1.0, d)
SMALL_TERMS(scaled, (v[g] - os[j]) * ps[j] - ms[j], d * d, 1.0, d)

static void spherical_terms(mixture_tile tile, long components, const double *means,
                            const double *precisions, const double *constants, double *terms) {
  if (small_spherical_terms(tile, components, NULL, means, precisions, constants, terms)) return;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH)
    spherical_group(tile.x + i, tile.stride, tile.dimension, components, means, means, precisions,
                    constants, terms + i, tile.stride);
}

static void diagonal_terms(mixture_tile tile, long components, const double *means,
                           const double *precisions, const double *constants, double *terms) {
  if (small_diagonal_terms(tile, components, NULL, means, precisions, constants, terms)) return;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH)
    diagonal_group(tile.x + i, tile.stride, tile.dimension, components, means, precisions, NULL,
                   constants, terms + i, tile.stride);
}

// The coordinates of a group of points relative to a point: d[(j * GROUP + g) * WIDTH].
INLINE void centre_group(mixture_tile tile, long i, const double *origin, double *d) {
  for (long j = 0; j < tile.dimension; j++)
    UNROLL for (int g = 0; g < GROUP; g++)
        store(d + (j * GROUP + g) * WIDTH, load(tile.x + j * tile.stride + i + g * WIDTH) - origin[j]);
}

static void scaled_terms(mixture_tile tile, long components, const double *origin,
                         const double *roots, const double *shifts, const double *constants,
                         double *terms, double *scratch) {
  if (small_scaled_terms(tile, components, origin, shifts, roots, constants, terms)) return;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    centre_group(tile, i, origin, scratch);
    scaled_group(scratch, GROUP * WIDTH, tile.dimension, components, shifts, roots, NULL,
                 constants, terms + i, tile.stride);
  }
}

INLINE const double *row_of(const double *packed, long i) { return packed + i * (i + 1) / 2; }

// ROWS rows of A, starting at row `first`, times the differences of GROUPS vectors of points.
#define WHITEN_ROWS(ROWS, GROUPS)                                                                \
  INLINE void whiten_##ROWS##_##GROUPS(const double *a, long first, const double *d,             \
                                       V z[ROWS][GROUPS]) {                                      \
    const double *rows[ROWS];                                                                    \
    UNROLL for (int r = 0; r < ROWS; r++) rows[r] = row_of(a, first + r);                        \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int g = 0; g < GROUPS; g++)                \
        z[r][g] = (V){0};                                                                        \
    for (long c = 0; c < first + 1; c++) {                                                       \
      V value[GROUPS];                                                                           \
      UNROLL for (int g = 0; g < GROUPS; g++) value[g] = load(d + (c * GROUPS + g) * WIDTH);     \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                    \
        const V entry = broadcast(rows[r][c]);                                                   \
        UNROLL for (int g = 0; g < GROUPS; g++) z[r][g] += value[g] * entry;                     \
      }                                                                                          \
    }                                                                                            \
    UNROLL for (int c = 1; c < ROWS; c++) {                                                      \
      V value[GROUPS];                                                                           \
      UNROLL for (int g = 0; g < GROUPS; g++)                                                    \
          value[g] = load(d + ((first + c) * GROUPS + g) * WIDTH);                               \
      UNROLL for (int r = c; r < ROWS; r++) {                                                    \
        const V entry = broadcast(rows[r][first + c]);                                           \
        UNROLL for (int g = 0; g < GROUPS; g++) z[r][g] += value[g] * entry;                     \
      }                                                                                          \
    }                                                                                            \
  }
#define WHITEN_ROWS_OF(GROUPS)                                                                   \
  WHITEN_ROWS(6, GROUPS)                                                                         \
  WHITEN_ROWS(5, GROUPS)                                                                         \
  WHITEN_ROWS(4, GROUPS)                                                                         \
  WHITEN_ROWS(3, GROUPS)                                                                         \
  WHITEN_ROWS(2, GROUPS)                                                                         \
  WHITEN_ROWS(1, GROUPS)
WHITEN_ROWS_OF(1)
#if GROUP == 4
WHITEN_ROWS_OF(4)
#define WHITEN_GROUP(ROWS) whiten_##ROWS##_4
#else
WHITEN_ROWS_OF(2)
#define WHITEN_GROUP(ROWS) whiten_##ROWS##_2
#endif
#define WHITEN_VECTOR(ROWS) whiten_##ROWS##_1

// Rows from `first` up to `end`, six at a time; what remains beside blocks of six goes first, where rows are short. USE
// takes each block's z.
#define WHITEN(FUNCTION, ROWS, GROUPS, USE)                                                      \
  {                                                                                              \
    V z[ROWS][GROUPS];                                                                           \
    FUNCTION(ROWS)(a, first, d, z);                                                              \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int g = 0; g < GROUPS; g++) { USE; }       \
    first += ROWS;                                                                               \
  }
#define WHITEN_UP_TO(END, FUNCTION, GROUPS, USE)                                                 \
  switch (first == 0 ? dimension % 6 : 0) {                                                      \
  case 1: WHITEN(FUNCTION, 1, GROUPS, USE) break;                                                \
  case 2: WHITEN(FUNCTION, 2, GROUPS, USE) break;                                                \
  case 3: WHITEN(FUNCTION, 3, GROUPS, USE) break;                                                \
  case 4: WHITEN(FUNCTION, 4, GROUPS, USE) break;                                                \
  case 5: WHITEN(FUNCTION, 5, GROUPS, USE) break;                                                \
  default: break;                                                                                \
  }                                                                                              \
  while (first < END) WHITEN(FUNCTION, 6, GROUPS, USE)

static void whiten(mixture_tile tile, const double *origin, const double *a, double *out,
                   double *d) {
  const long dimension = tile.dimension;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    centre_group(tile, i, origin, d);
    long first = 0;
    WHITEN_UP_TO(dimension, WHITEN_GROUP, GROUP,
                 store(out + (first + r) * tile.stride + i + g * WIDTH, z[r][g]))
  }
}

// ROWS rows of a square matrix times the differences of a group of points.
#define TRANSFORM_ROWS(ROWS)                                                                     \
  INLINE void transform_##ROWS(const double *matrix, long dimension, const double *d,            \
                               double *out, long stride) {                                       \
    V z[ROWS][GROUP];                                                                            \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int g = 0; g < GROUP; g++)                 \
        z[r][g] = (V){0};                                                                        \
    for (long c = 0; c < dimension; c++) UNROLL for (int g = 0; g < GROUP; g++) {                \
        V value = load(d + (c * GROUP + g) * WIDTH);                                             \
        UNROLL for (int r = 0; r < ROWS; r++) z[r][g] += value * matrix[r * dimension + c];      \
      }                                                                                          \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int g = 0; g < GROUP; g++)                 \
        store(out + r * stride + g * WIDTH, z[r][g]);                                            \
  }
TRANSFORM_ROWS(4)
TRANSFORM_ROWS(1)

static void transform(mixture_tile tile, const double *origin, const double *matrix, double *out,
                      double *d) {
  const long dimension = tile.dimension;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    centre_group(tile, i, origin, d);
    long j = 0;
    for (; j + 4 <= dimension; j += 4)
      transform_4(matrix + j * dimension, dimension, d, out + j * tile.stride + i, tile.stride);
    for (; j < dimension; j++)
      transform_1(matrix + j * dimension, dimension, d, out + j * tile.stride + i, tile.stride);
  }
}

// Any dimension: six rows of A times GROUP vectors of points stay in registers.
static void full_logs_blocked(mixture_tile tile, const double *mean, const double *a,
                              double constant, double *out, double *d) {
  const long dimension = tile.dimension;
  for (long i = 0; i < tile.count; i += GROUP * WIDTH) {
    centre_group(tile, i, mean, d);
    V form[GROUP];
    UNROLL for (int g = 0; g < GROUP; g++) form[g] = (V){0};
    long first = 0;
    WHITEN_UP_TO(dimension, WHITEN_GROUP, GROUP, form[g] += z[r][g] * z[r][g])
    UNROLL for (int g = 0; g < GROUP; g++)
        store(out + i + g * WIDTH, log_of_form(form[g], constant));
  }
}

// Small dimensions, unrolled for two vectors of points, which share each number of the factor. Up to four, all of its numbers
// stay in registers.
#define FULL_LOGS(D, RESTRICT)                                                                   \
  static void full_logs_##D(mixture_tile tile, const double *mean, const double *a,              \
                            double constant, double *RESTRICT out) {                             \
    for (long i = 0; i < tile.count; i += SPAN * WIDTH) {                                        \
      V d[D][SPAN], form[SPAN];                                                                  \
      UNROLL for (int g = 0; g < SPAN; g++) form[g] = (V){0};                                    \
      UNROLL for (int j = 0; j < D; j++) {                                                       \
        V z[SPAN];                                                                               \
        UNROLL for (int g = 0; g < SPAN; g++) {                                                  \
          d[j][g] = load(tile.x + j * tile.stride + i + g * WIDTH) - mean[j];                    \
          z[g] = d[0][g] * a[j * (j + 1) / 2];                                                   \
        }                                                                                        \
        UNROLL for (int c = 1; c <= j; c++) UNROLL for (int g = 0; g < SPAN; g++)                \
            z[g] += d[c][g] * a[j * (j + 1) / 2 + c];                                            \
        UNROLL for (int g = 0; g < SPAN; g++) form[g] += z[g] * z[g];                            \
      }                                                                                          \
      UNROLL for (int g = 0; g < SPAN; g++)                                                      \
          store(out + i + g * WIDTH, log_of_form(form[g], constant));                            \
    }                                                                                            \
  }
FULL_LOGS(1, restrict)
FULL_LOGS(2, restrict)
FULL_LOGS(3, restrict)
FULL_LOGS(4, restrict)
FULL_LOGS(5, )
FULL_LOGS(6, )
FULL_LOGS(7, )
FULL_LOGS(8, )
FULL_LOGS(9, )
FULL_LOGS(10, )
FULL_LOGS(11, )
FULL_LOGS(12, )
#undef SPAN

INLINE void full_logs(mixture_tile tile, const double *mean, const double *a, double constant,
                      double *out, double *scratch) {
  switch (tile.dimension) {
  case 1: full_logs_1(tile, mean, a, constant, out); break;
  case 2: full_logs_2(tile, mean, a, constant, out); break;
  case 3: full_logs_3(tile, mean, a, constant, out); break;
  case 4: full_logs_4(tile, mean, a, constant, out); break;
  case 5: full_logs_5(tile, mean, a, constant, out); break;
  case 6: full_logs_6(tile, mean, a, constant, out); break;
  case 7: full_logs_7(tile, mean, a, constant, out); break;
  case 8: full_logs_8(tile, mean, a, constant, out); break;
  case 9: full_logs_9(tile, mean, a, constant, out); break;
  case 10: full_logs_10(tile, mean, a, constant, out); break;
  case 11: full_logs_11(tile, mean, a, constant, out); break;
  case 12: full_logs_12(tile, mean, a, constant, out); break;
  default: full_logs_blocked(tile, mean, a, constant, out, scratch);
  }
}

// Leaving out what cannot matter. The first rows of A, the cheapest, bound every form from below, hence every term from
// above. The component with the largest bound is evaluated for each point; then all others whose bound comes near enough
// to it. Points are gathered for each component, so that they need not lie together.

#define SCREENED_DIMENSION 40
#define SAMPLE 32  // points of a tile

// At least eight rows and an eighth of all, of which whole blocks of six remain.
INLINE long screening_rows(long dimension) {
  long rows = dimension % 6;
  while (rows < 8 || 8 * rows < dimension) rows += 6;
  return rows;
}

INLINE void bound_terms(mixture_tile tile, const double *mean, const double *a, double constant,
                        double *bounds, double *d) {
  mixture_tile leading = tile;
  leading.dimension = screening_rows(tile.dimension);
  full_logs_blocked(leading, mean, a, constant, bounds, d);
}

// Terms of the chosen points, WIDTH at a time; a last vector is filled up with one of them. Where the terms of all of them
// fall below `least` on the way, they are left as they are.
static void gathered_terms(mixture_tile tile, const double *mean, const double *a, double constant,
                           const int *chosen, long count, const double *least, double *terms,
                           double *d) {
  const long dimension = tile.dimension;
  for (long n = 0; n < count; n += WIDTH) {
    long lanes[WIDTH];
    V largest_form;
    UNROLL for (int l = 0; l < WIDTH; l++) {
      lanes[l] = chosen[n + l < count ? n + l : n];
      largest_form[l] = 2.0 * (constant - least[lanes[l]]);
    }
    for (long j = 0; j < dimension; j++) {
      V x;
      UNROLL for (int l = 0; l < WIDTH; l++) x[l] = tile.x[j * tile.stride + lanes[l]];
      store(d + j * WIDTH, x - mean[j]);
    }
    V form[1] = {{0}};
    long first = 0;
    while (first < dimension) {
      const long next = first + 12 < dimension ? first + 12 : dimension;
      WHITEN_UP_TO(next, WHITEN_VECTOR, 1, form[g] += z[r][g] * z[r][g])
      // A form that has become no number is not above anything: it goes on, to minus infinity.
      if (!any_of(~(form[0] > largest_form))) break;
    }
    if (first < dimension) continue;
    V term = log_of_form(form[0], constant);
    UNROLL for (int l = 0; l < WIDTH; l++) terms[lanes[l]] = term[l];
  }
}

// In: for each point the largest bound, out: the component that it belongs to.
INLINE void find_largest(const double *bounds, long components, long stride, long count,
                         double *largest, double *owner) {
  for (long i = 0; i < count; i += WIDTH) {
    V best = load(bounds + i), who = {0};
    for (long k = 1; k < components; k++) {
      V bound = load(bounds + k * stride + i);
      I is_larger = bound > best;
      best = choose(is_larger, bound, best);
      who = choose(is_larger, broadcast((double)k), who);
    }
    store(largest + i, best);
    store(owner + i, who);
  }
}

// Whether bounds would leave out most of the work on a tile, going by its first points: a gathered point costs about twice
// as much as one in its place, and so where components overlap, bounds are time lost.
static int is_worth_screening(mixture_tile tile, long components, const double *means,
                              const double *factors, const double *constants,
                              double log_negligible, double *bounds, double *scratch) {
  const long d = tile.dimension, packed = d * (d + 1) / 2;
  double *largest = scratch, *owner = largest + SAMPLE, *differences = owner + SAMPLE;
  tile.count = SAMPLE;
  for (long k = 0; k < components; k++)
    bound_terms(tile, means + k * d, factors + k * packed, constants[k], bounds + k * tile.stride,
                differences);
  find_largest(bounds, components, tile.stride, SAMPLE, largest, owner);
  long left = 0;
  for (long k = 0; k < components; k++)
    for (long i = 0; i < SAMPLE; i++)
      left += bounds[k * tile.stride + i] > largest[i] + log_negligible;
  return 5 * left <= 2 * components * SAMPLE;
}

static void screened_terms(mixture_tile tile, long components, const double *means,
                           const double *factors, const double *constants,
                           double log_negligible, double *terms, double *scratch) {
  const long d = tile.dimension, packed = d * (d + 1) / 2, stride = tile.stride;
  double *reference = scratch, *least = reference + stride, *owner = least + stride;
  int *chosen = (int *)(owner + stride);
  double *differences = owner + 2 * stride;
  for (long k = 0; k < components; k++)
    bound_terms(tile, means + k * d, factors + k * packed, constants[k], terms + k * stride,
                differences);
  find_largest(terms, components, stride, tile.count, reference, owner);
  for (long i = 0; i < tile.count; i++) least[i] = -INFINITY;
  for (long k = 0; k < components; k++) {
    long n = 0;
    for (long i = 0; i < tile.count; i++) {
      chosen[n] = (int)i;
      n += owner[i] == (double)k;
    }
    gathered_terms(tile, means + k * d, factors + k * packed, constants[k], chosen, n, least,
                   reference, differences);
  }
  for (long i = 0; i < tile.count; i++) least[i] = reference[i] + log_negligible;
  for (long k = 0; k < components; k++) {
    double *out = terms + k * stride;
    long n = 0;
    for (long i = 0; i < tile.count; i++) {
      const int is_owner = owner[i] == (double)k;
      chosen[n] = (int)i;
      n += !is_owner && out[i] > least[i];
      out[i] = is_owner ? reference[i] : -INFINITY;
    }
    if (2 * n > tile.count)
      full_logs_blocked(tile, means + k * d, factors + k * packed, constants[k], out, differences);
    else
      gathered_terms(tile, means + k * d, factors + k * packed, constants[k], chosen, n, least,
                     out, differences);
  }
}

static void full_terms(mixture_tile tile, long components, const double *means,
                       const double *factors, const double *constants, double log_negligible,
                       double *terms, double *scratch) {
  const long d = tile.dimension, packed = d * (d + 1) / 2;
  if (components > 1 && d >= SCREENED_DIMENSION && log_negligible > -INFINITY &&
      is_worth_screening(tile, components, means, factors, constants, log_negligible, terms,
                         scratch)) {
    screened_terms(tile, components, means, factors, constants, log_negligible, terms, scratch);
    return;
  }
  for (long k = 0; k < components; k++)
    full_logs(tile, means + k * d, factors + k * packed, constants[k], terms + k * tile.stride,
              scratch);
}
