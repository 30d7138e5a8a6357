// The most probable component of each point.

// Points go through it in groups of that many vectors: one alone would wait for each comparison.
#define EACH_OF_FOUR UNROLL for (int g = 0; g < 4; g++)

static void largest_runs(const double *terms, long components, long stride, long count, long *out) {
  long i = 0;
  for (; i + 4 * WIDTH <= count; i += 4 * WIDTH) {
    V top[4];
    I run[4];
    EACH_OF_FOUR top[g] = load(terms + i + g * WIDTH), run[g] = (I){0};
    for (long k = 1; k < components; k++) EACH_OF_FOUR {
        const V term = load(terms + k * stride + i + g * WIDTH);
        const I is_larger = term > top[g];
        top[g] = choose(is_larger, term, top[g]);
        run[g] = (is_larger & (k - (I){0})) | (~is_larger & run[g]);
      }
    EACH_OF_FOUR *(I *)(out + i + g * WIDTH) = run[g];
  }
  for (; i < count; i++) {
    out[i] = 0;
    for (long k = 1; k < components; k++)
      if (terms[k * stride + i] > terms[out[i] * stride + i]) out[i] = k;
  }
}

static int all_finite(const double *values, long count) {
  I found = {0};
  for (long i = 0; i < count; i += WIDTH) {
    const V nothing = load(values + i) * 0.0;
    found |= nothing != nothing;
  }
  return !any_of(found);
}
