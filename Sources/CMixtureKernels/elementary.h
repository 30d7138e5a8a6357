// exp and ln of vectors, and the log-sum-exp that is made of them.

// e^x for x <= 0; zero below -708, where the result would leave the normal numbers.
//
// x = n ln 2 + r with |r| <= ln 2 / 2, in two parts of ln 2 so that r is exact to rounding; e^r by its
// Taylor polynomial of degree 13, whose remainder is below 5e-18; 2^n by its exponent bits.
INLINE V vector_exp(V x) {
  const V magic = broadcast(0x1.8p52);
  V shifted = x * 0x1.71547652b82fep0 + magic;
  V n = shifted - magic;
  V r = x - n * 0x1.62e42fefa3800p-1;
  r = r - n * 0x1.ef35793c76730p-45;
  // 1 + (r + r^2 q(r)), q of degree 11 in pairs, pairs of pairs, ...: a third of the latency of Horner's rule.
  V r2 = r * r, r4 = r2 * r2;
  V q0 = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  V q4 = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  V q8 = (1.0 / 3628800 + r * (1.0 / 39916800)) +
         r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
  V p = 1.0 + (r + r2 * ((q0 + r4 * q4) + (r4 * r4) * q8));
  V power = (V)(((I)shifted << 52) + 0x3FF0000000000000L);
  return (V)((I)(p * power) & (x >= -708.0));
}

// ln s for positive normal s.
//
// s = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh f, f = (m - 1) / (m + 1), |f| < 0.1716, by its series
// up to f^21, whose remainder is below 2e-18 relative.
INLINE V vector_log(V s) {
  I bits = (I)s;
  I e = ((bits - 0x3FE6A09E667F3BCDL) >> 52);
  V m = (V)(bits - (e << 52));
  // An integer below 2^51 in the low bits of 1.5 * 2^52, to turn it into a double.
  V exponent = (V)(e + 0x4338000000000000L) - 0x1.8p52;
  V f = (m - 1.0) / (m + 1.0);
  V g = f * f;
  V p = broadcast(2.0 / 21);
  p = p * g + 2.0 / 19;
  p = p * g + 2.0 / 17;
  p = p * g + 2.0 / 15;
  p = p * g + 2.0 / 13;
  p = p * g + 2.0 / 11;
  p = p * g + 2.0 / 9;
  p = p * g + 2.0 / 7;
  p = p * g + 2.0 / 5;
  p = p * g + 2.0 / 3;
  V small = (f * g) * p + exponent * 0x1.ef35793c76730p-45;
  return exponent * 0x1.62e42fefa3800p-1 + (2.0 * f + small);
}

static void exponential(const double *x, double *out, long count) {
  for (long i = 0; i < count; i += WIDTH) store(out + i, vector_exp(load(x + i)));
}

static void logarithm(const double *x, double *out, long count) {
  for (long i = 0; i < count; i += WIDTH) store(out + i, vector_log(load(x + i)));
}

// Responsibilities of GROUP vectors of points at `terms`. Returns, per point, the largest term and the sum of
// the terms divided by e^largest. Where no term is finite, every component gets the same.
INLINE void normalise_group(double *terms, long components, long stride, V *largest, V *sum) {
  V m[GROUP], s[GROUP];
  UNROLL for (int g = 0; g < GROUP; g++) m[g] = load(terms + g * WIDTH);
  for (long k = 1; k < components; k++)
    UNROLL for (int g = 0; g < GROUP; g++)
        m[g] = maximum(m[g], load(terms + k * stride + g * WIDTH));
  V shift[GROUP];
  I lost[GROUP];
  UNROLL for (int g = 0; g < GROUP; g++) {
    lost[g] = m[g] == -INFINITY;
    shift[g] = (V)((I)m[g] & ~lost[g]);
    s[g] = (V){0};
  }
  for (long k = 0; k < components; k++) {
    V e[GROUP];
    UNROLL for (int g = 0; g < GROUP; g++)
        e[g] = vector_exp(load(terms + k * stride + g * WIDTH) - shift[g]);
    UNROLL for (int g = 0; g < GROUP; g++) {
      s[g] += e[g];
      store(terms + k * stride + g * WIDTH, e[g]);
    }
  }
  V scale[GROUP];
  I any = {0};
  UNROLL for (int g = 0; g < GROUP; g++) {
    scale[g] = 1.0 / s[g];
    any |= lost[g];
    largest[g] = m[g];
    sum[g] = choose(lost[g], broadcast(1.0), s[g]);
  }
  for (long k = 0; k < components; k++)
    UNROLL for (int g = 0; g < GROUP; g++) {
      double *p = terms + k * stride + g * WIDTH;
      store(p, load(p) * scale[g]);
    }
  long found = 0;
  UNROLL for (int lane = 0; lane < WIDTH; lane++) found |= any[lane];
  if (__builtin_expect(found != 0, 0))
    for (long k = 0; k < components; k++)
      UNROLL for (int g = 0; g < GROUP; g++) {
        double *p = terms + k * stride + g * WIDTH;
        store(p, choose(lost[g], broadcast(1.0 / (double)components), load(p)));
      }
}

static void normalise(double *terms, long components, long stride, long count, double *logs) {
  for (long i = 0; i < count; i += GROUP * WIDTH) {
    V largest[GROUP], sum[GROUP];
    normalise_group(terms + i, components, stride, largest, sum);
    UNROLL for (int g = 0; g < GROUP; g++)
        store(logs + i + g * WIDTH, largest[g] + vector_log(sum[g]));
  }
}

// One logarithm for many points: each sum lies in [1, components], so the product of 16 of them is below
// components^16 and cannot overflow.
static double normalise_total(double *terms, long components, long stride, long count,
                              const double *weights) {
  V logs = {0}, largest_sum = {0}, product = broadcast(1.0);
  int factors = 0;
  for (long i = 0; i < count; i += GROUP * WIDTH) {
    V largest[GROUP], sum[GROUP];
    normalise_group(terms + i, components, stride, largest, sum);
    UNROLL for (int g = 0; g < GROUP; g++) {
      I counts = load(weights + i + g * WIDTH) != 0.0;
      largest_sum += (V)((I)largest[g] & counts);
      product *= choose(counts, sum[g], broadcast(1.0));
    }
    factors += GROUP;
    if (factors >= 16) {
      logs += vector_log(product);
      product = broadcast(1.0);
      factors = 0;
    }
  }
  return sum_of(logs + vector_log(product)) + sum_of(largest_sum);
}

static void multiply(double *values, const double *factors, long count) {
  for (long i = 0; i < count; i += WIDTH) store(values + i, load(values + i) * load(factors + i));
}

static double total(const double *a, long count) {
  V sum = {0};
  for (long i = 0; i < count; i += WIDTH) sum += load(a + i);
  return sum_of(sum);
}
