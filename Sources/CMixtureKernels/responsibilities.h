// Log-sum-exp: from the terms ln(pi_k f_k(x)) to responsibilities and log-densities.

// Responsibilities of two vectors of points at `terms`. Returns, per point, the largest term and the sum of the terms
// divided by e^largest. Where no term is finite, every component gets the same.
#define SPAN 2

#define EACH UNROLL for (int g = 0; g < SPAN; g++)

// Where a point has no finite term.
static __attribute__((noinline, cold)) void share_equally(double *terms, long components,
                                                          long stride, const I *lost) {
  for (long k = 0; k < components; k++) EACH {
      double *p = terms + k * stride + g * WIDTH;
      store(p, choose(lost[g], broadcast(1.0 / (double)components), load(p)));
    }
}

INLINE void shifts(const V *largest, V *shift, I *lost) {
  EACH {
    lost[g] = largest[g] == -INFINITY;
    shift[g] = (V)((I)largest[g] & ~lost[g]);
  }
}

INLINE void finish(double *terms, long components, long stride, const I *lost, V *sum) {
  if (__builtin_expect(any_of(lost[0] | lost[1]), 0)) {
    share_equally(terms, components, stride, lost);
    EACH sum[g] = choose(lost[g], broadcast(1.0), sum[g]);
  }
}

// Few components: their terms stay in registers.
#define NORMALISE_FEW(K)                                                                         \
  INLINE void normalise_##K(double *terms, long stride, V *largest, V *sum) {                    \
    V e[K][SPAN], shift[SPAN], scale[SPAN];                                                      \
    I lost[SPAN];                                                                                \
    UNROLL for (int k = 0; k < K; k++) EACH e[k][g] = load(terms + k * stride + g * WIDTH);      \
    EACH largest[g] = e[0][g];                                                                   \
    UNROLL for (int k = 1; k < K; k++) EACH largest[g] = maximum(e[k][g], largest[g]);           \
    shifts(largest, shift, lost);                                                                \
    UNROLL for (int k = 0; k < K; k++) EACH e[k][g] = vector_exp(e[k][g] - shift[g]);            \
    EACH sum[g] = e[0][g];                                                                       \
    UNROLL for (int k = 1; k < K; k++) EACH sum[g] += e[k][g];                                   \
    EACH scale[g] = reciprocal(sum[g]);                                                          \
    UNROLL for (int k = 0; k < K; k++) EACH                                                      \
        store(terms + k * stride + g * WIDTH, e[k][g] * scale[g]);                               \
    finish(terms, K, stride, lost, sum);                                                         \
  }
NORMALISE_FEW(1)
NORMALISE_FEW(2)
NORMALISE_FEW(3)
NORMALISE_FEW(4)

INLINE void normalise_many(double *terms, long components, long stride, V *largest, V *sum) {
  V shift[SPAN], scale[SPAN];
  I lost[SPAN];
  EACH largest[g] = load(terms + g * WIDTH);
  for (long k = 1; k < components; k++)
    EACH largest[g] = maximum(load(terms + k * stride + g * WIDTH), largest[g]);
  shifts(largest, shift, lost);
  EACH sum[g] = (V){0};
  for (long k = 0; k < components; k++) EACH {
      double *p = terms + k * stride + g * WIDTH;
      V e = vector_exp(load(p) - shift[g]);
      sum[g] += e;
      store(p, e);
    }
  EACH scale[g] = reciprocal(sum[g]);
  for (long k = 0; k < components; k++) EACH {
      double *p = terms + k * stride + g * WIDTH;
      store(p, load(p) * scale[g]);
    }
  finish(terms, components, stride, lost, sum);
}

INLINE void normalise_span(double *terms, long components, long stride, V *largest, V *sum) {
  switch (components) {
  case 1: normalise_1(terms, stride, largest, sum); break;
  case 2: normalise_2(terms, stride, largest, sum); break;
  case 3: normalise_3(terms, stride, largest, sum); break;
  case 4: normalise_4(terms, stride, largest, sum); break;
  default: normalise_many(terms, components, stride, largest, sum);
  }
}

static void normalise(double *terms, long components, long stride, long count, double *logs) {
  for (long i = 0; i < count; i += SPAN * WIDTH) {
    V largest[SPAN], sum[SPAN];
    normalise_span(terms + i, components, stride, largest, sum);
    EACH store(logs + i + g * WIDTH, largest[g] + vector_log(sum[g]));
  }
}

// One logarithm for many points: each sum lies in [1, components], so the product of 16 of them is below
// components^16 and cannot overflow.
static double normalise_total(double *terms, long components, long stride, long count,
                              const double *weights) {
  V logs = {0}, largest_sum = {0}, product = broadcast(1.0);
  int factors = 0;
  for (long i = 0; i < count; i += SPAN * WIDTH) {
    V largest[SPAN], sum[SPAN];
    normalise_span(terms + i, components, stride, largest, sum);
    EACH {
      I counts = load(weights + i + g * WIDTH) != 0.0;
      largest_sum += (V)((I)largest[g] & counts);
      product *= choose(counts, sum[g], broadcast(1.0));
    }
    factors += SPAN;
    if (factors >= 16) {
      logs += vector_log(product);
      product = broadcast(1.0);
      factors = 0;
    }
  }
  return sum_of(logs + vector_log(product)) + sum_of(largest_sum);
}

#undef EACH
#undef SPAN

static void multiply(double *values, const double *factors, long count) {
  for (long i = 0; i < count; i += WIDTH) store(values + i, load(values + i) * load(factors + i));
}
