"use strict";

// Expectation-maximisation for Gaussian mixtures, for pages: small and exact rather than fast.
//
// A model is { weights: [πₖ], means: [[…]], covariances: [[[…]]], background: { weight, logDensity } if there is one }
// with full d × d covariances; points are rows. A cell that is null or NaN is missing, and left out.
const mixtures = (() => {
  const logTwoPi = Math.log(2 * Math.PI);

  /** The lower factor L of a symmetric matrix, L Lᵀ; null where it is not positive definite. */
  function cholesky(matrix) {
    const factor = matrix.map((row) => row.map(() => 0));
    for (let i = 0; i < matrix.length; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i][j];
        for (let k = 0; k < j; k++) sum -= factor[i][k] * factor[j][k];
        if (i !== j) factor[i][j] = sum / factor[j][j];
        else if (sum > 0) factor[i][i] = Math.sqrt(sum);
        else return null;
      }
    }
    return factor;
  }

  /** ln N(x; mean, L Lᵀ). */
  function logNormal(x, mean, factor) {
    const solved = [];
    let sum = x.length * logTwoPi;
    for (let i = 0; i < x.length; i++) {
      let rest = x[i] - mean[i];
      for (let j = 0; j < i; j++) rest -= factor[i][j] * solved[j];
      solved.push(rest / factor[i][i]);
      sum += solved[i] * solved[i] + 2 * Math.log(factor[i][i]);
    }
    return -sum / 2;
  }

  function isObserved(cell) {
    return cell !== null && !Number.isNaN(cell);
  }

  /** The columns whose cells are there. */
  function observedColumns(x) {
    return x.map((_, column) => column).filter((column) => isObserved(x[column]));
  }

  // The factors of a model's covariances, by which columns are there.
  const factorsOfModels = new WeakMap();

  function factors(model, columns) {
    if (!factorsOfModels.has(model)) factorsOfModels.set(model, new Map());
    const known = factorsOfModels.get(model);
    const key = columns.join();
    if (!known.has(key)) {
      known.set(key, model.covariances.map((covariance) =>
        cholesky(columns.map((i) => columns.map((j) => covariance[i][j])))));
    }
    return known.get(key);
  }

  /** ln πₖ N(x; μₖ, Σₖ) for each component, and last that of the background if there is one. */
  function logDensities(model, x) {
    const columns = observedColumns(x);
    const seen = columns.map((column) => x[column]);
    const terms = factors(model, columns).map((factor, k) => {
      if (factor === null) return -Infinity;
      const mean = columns.map((column) => model.means[k][column]);
      return Math.log(model.weights[k]) + logNormal(seen, mean, factor);
    });
    if (model.background) {
      terms.push(Math.log(model.background.weight) + logBackground(model.background, x, columns));
    }
    return terms;
  }

  function logBackground(background, x, columns) {
    if (columns.length === x.length || !background.logLengths) {
      return columns.length === 0 ? 0 : background.logDensity;
    }
    return columns.reduce((sum, column) => sum - background.logLengths[column], 0);
  }

  /** ln Σ exp(terms). */
  function logSumOfExponentials(terms) {
    const largest = Math.max(...terms);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  }

  /** The share of each component in a point, and last that of the background if there is one; they sum to one. */
  function responsibilities(model, x) {
    const terms = logDensities(model, x);
    const largest = Math.max(...terms);
    if (!Number.isFinite(largest)) return terms.map(() => 1 / terms.length);
    const shares = terms.map((term) => Math.exp(term - largest));
    const sum = shares.reduce((sum, share) => sum + share, 0);
    return shares.map((share) => share / sum);
  }

  /** Σ ln p(x) over the points. */
  function logLikelihood(model, points) {
    return points.reduce((sum, x) => sum + logSumOfExponentials(logDensities(model, x)), 0);
  }

  /** Σᵢ Σₖ qᵢₖ (ln πₖ N(xᵢ; μₖ, Σₖ) − ln qᵢₖ) ≤ ℓ, with equality where q are the responsibilities. */
  function lowerBound(model, points, rows) {
    return points.reduce((sum, x, i) => {
      const terms = logDensities(model, x);
      return rows[i].reduce((sum, q, k) => (q > 0 ? sum + q * (terms[k] - Math.log(q)) : sum), sum);
    }, 0);
  }

  /** What the points that a component has its shares of say: Nₖ, mean, and scatter about it. */
  function moments(points, shares, dimension) {
    const zeros = () => new Array(dimension).fill(0);
    const count = shares.reduce((sum, share) => sum + share, 0);
    const mean = zeros();
    points.forEach((x, i) => {
      for (let j = 0; j < dimension; j++) mean[j] += shares[i] * x[j] / count;
    });
    const scatter = mean.map(zeros);
    points.forEach((x, i) => {
      for (let j = 0; j < dimension; j++) {
        for (let k = 0; k < dimension; k++) {
          scatter[j][k] += shares[i] * (x[j] - mean[j]) * (x[k] - mean[k]);
        }
      }
    });
    return { count, mean, scatter };
  }

  const trace = (matrix) => matrix.reduce((sum, row, i) => sum + row[i], 0);

  const spherical = (dimension, variance) =>
    Array.from({ length: dimension }, (_, i) =>
      Array.from({ length: dimension }, (_, j) => (i === j ? variance : 0)));

  // How each structure turns the scatters of all components into their covariances.
  const structures = {
    VVV: (parts) => parts.map(({ count, scatter }) => scatter.map((row) => row.map((s) => s / count))),
    VII: (parts) => parts.map(({ count, mean, scatter }) =>
      spherical(mean.length, trace(scatter) / count / mean.length)),
    EII: (parts) => {
      const count = parts.reduce((sum, part) => sum + part.count, 0);
      const total = parts.reduce((sum, part) => sum + trace(part.scatter), 0);
      const dimension = parts[0].mean.length;
      return parts.map(() => spherical(dimension, total / count / dimension));
    },
  };

  /**
   * One iteration over complete points, of a model without background.
   * The responsibilities and the log-likelihood are those of the model before the step.
   */
  function step(model, points, structure = "VVV") {
    const rows = points.map((x) => responsibilities(model, x));
    const parts = model.weights.map((_, k) =>
      moments(points, rows.map((row) => row[k]), model.means[0].length));
    return {
      model: {
        weights: parts.map((part) => part.count / points.length),
        means: parts.map((part) => part.mean),
        covariances: structures[structure](parts),
      },
      responsibilities: rows,
      logLikelihood: logLikelihood(model, points),
    };
  }

  return { logDensities, responsibilities, logLikelihood, lowerBound, step };
})();

if (typeof module !== "undefined") module.exports = mixtures;
