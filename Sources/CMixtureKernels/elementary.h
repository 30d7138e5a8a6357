// exp, ln and the reciprocal of vectors.

#if WIDTH == 8
// e^x for x <= 0; zero below -708, where the result would leave the normal numbers.
//
// x = n ln 2 / 8 + r with |r| <= ln 2 / 16, in two parts of ln 2 so that r is exact to rounding. 2^(n/8) is one of eight
// numbers in a register, times a power of two by its exponent bits. e^r - 1 by its Taylor polynomial, whose term of
// degree 8 is spread over lower ones (Chebyshev): what is left is below 3e-18.
INLINE V vector_exp(V x) {
  const V magic = broadcast(0x1.8p52);
  V shifted = x * 0x1.71547652b82fep3 + magic;
  V n = shifted - magic;
  V r = x - n * 0x1.62e42fefa3800p-4;
  r = r - n * 0x1.ef35793c76730p-48;
#define A2 0x1.ebfbdff82c58fp-10  // (ln 2 / 16)^2
#define C8 (1.0 / 40320)
  V r2 = r * r;
  V q = (1.0 / 120 + r * (1.0 / 720 + 2 * A2 * C8)) + r2 * (1.0 / 5040);
  V p = (0.5 + 0.25 * A2 * A2 * A2 * C8 + r * (1.0 / 6)) + r2 * (1.0 / 24 - 1.25 * A2 * A2 * C8);
  V rest = r + r2 * (p + (r2 * r) * q);
#undef A2
#undef C8
  const V roots = {1.0, 0x1.172b83c7d517bp0, 0x1.306fe0a31b715p0, 0x1.4bfdad5362a27p0,
                   0x1.6a09e667f3bcdp0, 0x1.8ace5422aa0dbp0, 0x1.ae89f995ad3adp0, 0x1.d5818dcfba487p0};
  I bits = (I)shifted;
  V root = (V)__builtin_ia32_permvardf512((__m512d)roots, (__m512i)bits);
  V power = (V)((I)root + ((bits & ~7L) << 49));
  return (V)((I)(power + power * rest) & (x >= -708.0));
}
#else
// As above with |r| <= ln 2 / 2 and no roots. (e^r - 1 - r) / r^2 by the polynomial of degree 9 whose largest error, relative
// to e^r, is the least (Remez): 4e-18.
INLINE V vector_exp(V x) {
  const V magic = broadcast(0x1.8p52);
  V shifted = x * 0x1.71547652b82fep0 + magic;
  V n = shifted - magic;
  V r = x - n * 0x1.62e42fefa3800p-1;
  r = r - n * 0x1.ef35793c76730p-45;
  V r2 = r * r;
  V p0 = 0x1.000000000000ap-1 + r * 0x1.55555555554f9p-3;
  V p2 = 0x1.555555555083ep-5 + r * 0x1.1111111127d0ep-7;
  V p4 = 0x1.6c16c18438b08p-10 + r * 0x1.a01a012a0f351p-13;
  V p6 = 0x1.a01999e2633fdp-16 + r * 0x1.71df25b3100a2p-19;
  V p8 = 0x1.28ad9b8551757p-22 + r * 0x1.ad7f3ee016e7dp-26;
  V rest = r + r2 * (p0 + r2 * (p2 + r2 * (p4 + r2 * (p6 + r2 * p8))));
  V power = (V)(((I)shifted << 52) + 0x3FF0000000000000L);
  return (V)((I)(power + power * rest) & (x >= -708.0));
}
#endif

// ln s for positive normal s.
//
// s = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh f, f = (m - 1) / (m + 1), |f| < 0.1716. 2 (artanh f - f) / f^3
// by the polynomial in f^2 of degree 6 that agrees with it in the Chebyshev points: 5e-18 of the logarithm.
INLINE V vector_log(V s) {
  I bits = (I)s;
  // Biased by 2048, so that no sign has to be shifted.
  I e = (I)((U)(bits - 0x3FE6A09E667F3BCDL + (1L << 63)) >> 52);
  V m = (V)(bits - (e << 52) + (1L << 63));
  // An integer below 2^51 in the low bits of 1.5 * 2^52, to turn it into a double.
  V exponent = (V)(e + 0x4338000000000000L) - (0x1.8p52 + 2048);
  V f = (m - 1.0) / (m + 1.0);
  V g = f * f, g2 = g * g;
  V p = (0x1.5555555555558p-1 + g * 0x1.99999999952e2p-2) +
        g2 * ((0x1.2492492df148dp-2 + g * 0x1.c71c62e5800a1p-3) +
              g2 * ((0x1.7462b4ab2ef6bp-3 + g * 0x1.39fe606542ddep-3) +
                    g2 * 0x1.2b584aae78a57p-3));
  V small = (f * g) * p + exponent * 0x1.ef35793c76730p-45;
  return exponent * 0x1.62e42fefa3800p-1 + (2.0 * f + small);
}

// 1 / s for s from 1 to any number of components. Newton's iteration doubles the 14 bits of the processor's estimate
// twice, at a third of the cost of a division of eight.
INLINE V reciprocal(V s) {
#if WIDTH == 8
  V y = (V)_mm512_rcp14_pd((__m512d)s);
  y = y + y * (1.0 - s * y);
  return y + y * (1.0 - s * y);
#else
  return 1.0 / s;
#endif
}

static void exponential(const double *x, double *out, long count) {
  for (long i = 0; i < count; i += WIDTH) store(out + i, vector_exp(load(x + i)));
}

static void logarithm(const double *x, double *out, long count) {
  for (long i = 0; i < count; i += WIDTH) store(out + i, vector_log(load(x + i)));
}
