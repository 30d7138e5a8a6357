// Log-sum-exp: from the terms ln(pi_k f_k(x)) to responsibilities and log-densities.

// Points go through it in chunks of that many vectors.
#define CHUNK_VECTORS 16
#define EACH_VECTOR for (long v = 0; v < vectors; v++)

// What will be read next: fetched little by little, so that memory is at work while exponentials are.
typedef struct {
  const char *start;
  long next, due;
  long bytes_per_vector;
} fetching;

INLINE void fetch(fetching *ahead, long vectors) {
  ahead->due += vectors * ahead->bytes_per_vector;
  for (; ahead->next < ahead->due; ahead->next += 64)
    __builtin_prefetch(ahead->start + ahead->next, 0, 2);
}

// Responsibilities of the points of a chunk in place of their terms, multiplied by factors if there are any; and for each
// the largest term, and the sum of all terms divided by e^largest. Where no term is finite, share_equally puts right what comes.
//
// Few components: their terms stay in registers. e^0 = 1 of the largest is known, and only the exponentials of the others
// are taken, each moved by one place if it comes after the largest. A second loop divides: in one, a processor that looks some
// hundred instructions ahead would wait for each sum, its reciprocal and the products in turn.
#define NORMALISE_FEW(K)                                                                         \
  INLINE void normalise_##K(double *terms, long stride, long vectors, const double *factors,     \
                            V *largest, V *sum, fetching *ahead) {                               \
    const V one = broadcast(1.0);                                                                \
    EACH_VECTOR {                                                                                \
      fetch(ahead, 1);                                                                           \
      double *p = terms + v * WIDTH;                                                             \
      V t[K], e[K], total = one;                                                                 \
      I passed[K];                                                                               \
      UNROLL for (int k = 0; k < K; k++) t[k] = load(p + k * stride);                            \
      V top = t[0];                                                                              \
      UNROLL for (int k = 1; k < K; k++) top = maximum(t[k], top);                               \
      passed[0] = t[0] == top;                                                                   \
      UNROLL for (int k = 1; k < K; k++) passed[k] = passed[k - 1] | (t[k] == top);              \
      UNROLL for (int k = 0; k < K - 1; k++) {                                                   \
        e[k] = vector_exp(choose(passed[k], t[k + 1], t[k]) - top);                              \
        total += e[k];                                                                           \
      }                                                                                          \
      e[K - 1] = one;                                                                            \
      UNROLL for (int k = 0; k < K; k++) {                                                       \
        V own = choose(passed[k], one, e[k]);                                                    \
        if (k > 0) own = choose(passed[k - 1], e[k - 1], own);                                   \
        store(p + k * stride, own);                                                              \
      }                                                                                          \
      largest[v] = top;                                                                          \
      sum[v] = total;                                                                            \
    }                                                                                            \
    EACH_VECTOR {                                                                                \
      V scale = reciprocal(sum[v]);                                                              \
      if (factors) scale *= load(factors + v * WIDTH);                                           \
      UNROLL for (int k = 0; k < K; k++) {                                                       \
        double *p = terms + k * stride + v * WIDTH;                                              \
        store(p, load(p) * scale);                                                               \
      }                                                                                          \
    }                                                                                            \
  }
NORMALISE_FEW(1)
NORMALISE_FEW(2)
NORMALISE_FEW(3)
NORMALISE_FEW(4)

#define PAIR UNROLL for (int g = 0; g < 2; g++)
INLINE void normalise_many(double *terms, long components, long stride, long vectors,
                           const double *factors, V *largest, V *sum, fetching *ahead) {
  for (long v = 0; v < vectors; v += 2) {
    fetch(ahead, 2);
    double *first = terms + v * WIDTH;
    V top[2], total[2], scale[2];
    PAIR top[g] = load(first + g * WIDTH);
    for (long k = 1; k < components; k++)
      PAIR top[g] = maximum(load(first + k * stride + g * WIDTH), top[g]);
    PAIR total[g] = (V){0};
    for (long k = 0; k < components; k++) PAIR {
        double *p = first + k * stride + g * WIDTH;
        V e = vector_exp(load(p) - top[g]);
        total[g] += e;
        store(p, e);
      }
    PAIR scale[g] = reciprocal(total[g]);
    if (factors) PAIR scale[g] *= load(factors + (v + g) * WIDTH);
    for (long k = 0; k < components; k++) PAIR {
        double *p = first + k * stride + g * WIDTH;
        store(p, load(p) * scale[g]);
      }
    PAIR largest[v + g] = top[g];
    PAIR sum[v + g] = total[g];
  }
}
#undef PAIR

// Where a point has no finite term, every component gets the same.
static __attribute__((noinline, cold)) void share_equally(double *terms, long components,
                                                          long stride, long vectors,
                                                          const double *factors,
                                                          const V *largest, V *sum) {
  EACH_VECTOR {
    I lost = largest[v] == -INFINITY;
    V share = broadcast(1.0 / (double)components);
    if (factors) share *= load(factors + v * WIDTH);
    sum[v] = choose(lost, broadcast(1.0), sum[v]);
    for (long k = 0; k < components; k++) {
      double *p = terms + k * stride + v * WIDTH;
      store(p, choose(lost, share, load(p)));
    }
  }
}

INLINE void normalise_chunk(double *terms, long components, long stride, long vectors,
                            const double *factors, V *largest, V *sum, fetching *ahead) {
  switch (components) {
  case 1: normalise_1(terms, stride, vectors, factors, largest, sum, ahead); break;
  case 2: normalise_2(terms, stride, vectors, factors, largest, sum, ahead); break;
  case 3: normalise_3(terms, stride, vectors, factors, largest, sum, ahead); break;
  case 4: normalise_4(terms, stride, vectors, factors, largest, sum, ahead); break;
  default: normalise_many(terms, components, stride, vectors, factors, largest, sum, ahead);
  }
  I lost = {0};
  EACH_VECTOR lost |= largest[v] == -INFINITY;
  if (__builtin_expect(any_of(lost), 0))
    share_equally(terms, components, stride, vectors, factors, largest, sum);
}

// With factors of the points, NULL for none.
#define EACH_CHUNK(FACTORS)                                                                      \
  for (long i = 0, vectors; i < count; i += vectors * WIDTH) {                                   \
    vectors = (count - i) / WIDTH < CHUNK_VECTORS ? (count - i) / WIDTH : CHUNK_VECTORS;         \
    normalise_chunk(terms + i, components, stride, vectors, FACTORS, largest, sum, &ahead);

static void normalise(double *terms, long components, long stride, long count, double *logs) {
  V largest[CHUNK_VECTORS], sum[CHUNK_VECTORS];
  fetching ahead = {NULL, 0, 0, 0};
  EACH_CHUNK(NULL)
    EACH_VECTOR store(logs + i + v * WIDTH, largest[v] + vector_log(sum[v]));
  }
}

// One logarithm for a chunk: each sum lies in [1, components], so the product of 16 of them is below components^16 and
// cannot overflow. Without weights every point counts.
static double normalise_total(double *terms, long components, long stride, long count,
                              const double *weights, const void *next, long upcoming) {
  V largest[CHUNK_VECTORS], sum[CHUNK_VECTORS], logs = {0}, largest_sum = {0};
  fetching ahead = {next, 0, 0, count > 0 ? upcoming * WIDTH / count : 0};
  EACH_CHUNK(NULL)
    V product = broadcast(1.0);
    if (weights) {
      EACH_VECTOR {
        I counts = load(weights + i + v * WIDTH) != 0.0;
        largest_sum += (V)((I)largest[v] & counts);
        product *= choose(counts, sum[v], broadcast(1.0));
      }
    } else {
      EACH_VECTOR {
        largest_sum += largest[v];
        product *= sum[v];
      }
    }
    logs += vector_log(product);
  }
  return sum_of(logs) + sum_of(largest_sum);
}

static double normalise_weighted(double *terms, long components, long stride, long count,
                                 const double *weights, int multiplies, const void *next,
                                 long upcoming) {
  V largest[CHUNK_VECTORS], sum[CHUNK_VECTORS], total = {0};
  fetching ahead = {next, 0, 0, count > 0 ? upcoming * WIDTH / count : 0};
  EACH_CHUNK(multiplies ? weights + i : NULL)
    EACH_VECTOR {
      V weight = load(weights + i + v * WIDTH);
      V log = largest[v] + vector_log(sum[v]);
      // Zero times minus infinity would be no number.
      total += (V)((I)(weight * log) & (weight != 0.0));
    }
  }
  return sum_of(total);
}

#undef EACH_VECTOR
#undef EACH_CHUNK

static void multiply(double *values, const double *factors, long count) {
  for (long i = 0; i < count; i += WIDTH) store(values + i, load(values + i) * load(factors + i));
}

// weights *= factors, for any number of points.
static mixture_weights scale_weights(double *weights, const double *factors, long count) {
  I units = ~(I){0}, whole = ~(I){0};
  V least = broadcast(INFINITY), sum = {0};
  long i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    const V weight = load(weights + i) * load(factors + i);
    const I is_unit = weight == 1.0, is_zero = weight == 0.0;
    store(weights + i, weight);
    sum += weight;
    units &= is_unit;
    whole &= is_unit | is_zero;
    least = choose((weight > 0.0) & (weight < least), weight, least);
  }
  mixture_weights found = {!any_of(~units), !any_of(~whole), INFINITY, sum_of(sum)};
  UNROLL for (int lane = 0; lane < WIDTH; lane++)
      if (least[lane] < found.smallest) found.smallest = least[lane];
  for (; i < count; i++) {
    const double weight = weights[i] *= factors[i];
    found.are_units &= weight == 1;
    found.are_whole &= weight == 1 || weight == 0;
    if (weight > 0 && weight < found.smallest) found.smallest = weight;
    found.total += weight;
  }
  return found;
}

// The points that have a label are found first, since to guess at each point whether it has one takes longer.
static void add_labels(double *terms, long components, long stride, long count, const int *labels,
                       long known, const double *log_factors) {
  enum { LOT = 128 };
  const long shared = known < components ? known : components;
  for (long start = 0; start < count; start += LOT) {
    const long end = start + LOT < count ? start + LOT : count;
    long found[LOT], n = 0;
    for (long i = start; i < end; i++) {
      found[n] = i;
      n += labels[i] >= 0;
    }
    for (long c = 0; c < n; c++) {
      double *own = terms + found[c];
      const double *factors = log_factors + labels[found[c]] * known;
      for (long k = 0; k < shared; k++) own[k * stride] += factors[k];
      for (long k = shared; k < components; k++) own[k * stride] = -INFINITY;
    }
  }
}
