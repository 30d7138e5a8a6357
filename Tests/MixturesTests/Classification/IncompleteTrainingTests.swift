import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Classes of points of which some cells are missing.
@Suite struct IncompleteTrainingTests {
  private struct Flowers {
    let cells: Matrix
    let classes: [String]
    let points: IncompletePoints

    init() throws {
      let (names, rows) = try Reference.table("missing/iris_missing10.csv")
      let own = try #require(names.firstIndex(of: "class"))
      cells = Matrix(
        rows: rows.map { row in
          names.indices.filter { $0 != own }.map { Double(row[$0]) ?? .nan }
        })
      classes = rows.map { $0[own] }
      points = try IncompletePoints(cells)
    }

    func rows(of name: String) -> [Int] { classes.indices.filter { classes[$0] == name } }
  }

  private func training(_ structure: CovarianceStructure) -> ClassifierTraining {
    var training = ClassifierTraining()
    (training.structures, training.folds) = ([structure], 0)
    return training
  }

  /// To the bit.
  @Test func withoutHolesItIsTheClosedForm() throws {
    let points = try Reference.points("data/iris.csv")
    let classes = try Flowers().classes
    for structure in [CovarianceStructure.eee, .vei, .vvv] {
      let plain = try training(structure).run(points, classes: classes).fit
      let other = try training(structure).run(IncompletePoints(points), classes: classes).fit
      #expect(plain.classifier == other.classifier && plain.bic == other.bic)
    }
  }

  /// Where classes have nothing in common, each is a fit of its own points; both stop within 10⁻¹⁰ per point.
  @Test(arguments: [CovarianceStructure.vii, .vvi, .vvv])
  func withoutTiesEveryClassIsAFitOfItsOwn(structure: CovarianceStructure) throws {
    let flowers = try Flowers()
    var training = training(structure)
    training.options.stopping = .when(.gain, below: 1e-12)
    let fit = try training.run(flowers.points, classes: flowers.classes).fit
    var joint = 0.0
    for (index, name) in fit.classifier.classNames.enumerated() {
      let rows = flowers.rows(of: name)
      let own = try GaussianMixture.fit(
        IncompletePoints(flowers.cells.selecting(rows)), components: 1, structure: structure,
        options: training.options)
      #expect(MixtureDifference(fit.classifier.density(of: index), own.mixture).largest <= 1e-4)
      joint += own.logLikelihood + Double(rows.count) * log(fit.classifier.priors[index])
    }
    #expect(abs(fit.jointLogLikelihood - joint) <= 1e-6)
    let score = try fit.classifier.mixture.score(flowers.points)
    #expect(fit.logLikelihood == score.logLikelihood)
  }

  /// No small change of what classes share raises the likelihood of points and classes.
  @Test func sharedCovariancesAreAtTheMaximum() throws {
    let flowers = try Flowers()
    let fit = try training(.eee).run(flowers.points, classes: flowers.classes).fit
    let mixture = fit.classifier.mixture
    func joint(_ change: (Gaussian) throws -> Gaussian) throws -> Double {
      var sum = 0.0
      for (index, name) in fit.classifier.classNames.enumerated() {
        let rows = flowers.rows(of: name)
        let own = try GaussianMixture(weights: [1], components: [change(mixture.components[index])])
        sum +=
          try own.score(IncompletePoints(askedAbout: flowers.cells.selecting(rows)))
          .logLikelihood + Double(rows.count) * log(fit.classifier.priors[index])
      }
      return sum
    }
    let best = try joint { $0 }
    #expect(abs(best - fit.jointLogLikelihood) <= 1e-8)
    for step in [-0.01, 0.01] {
      for j in 0..<4 {
        let moved = try joint { own in
          var mean = own.mean
          mean[j] += step * own.covariance[j, j].squareRoot()
          return try Gaussian(mean: mean, covariance: own.covariance)
        }
        #expect(moved < best, "mean \(j)")
        let scaled = try joint { own in
          let full = own.covariance.rows.enumerated().map { i, row in
            row.enumerated().map {
              $1 * (i == j ? 1 + step : 1) * ($0 == j ? 1 + step : 1)
            }
          }
          return try Gaussian(mean: own.mean, covariance: .full(rows: full))
        }
        #expect(scaled < best, "covariance \(j)")
      }
    }
  }

  @Test func mixturesAndHeldOutErrors() throws {
    let flowers = try Flowers()
    var training = training(.vvi)
    (training.components, training.folds) = ([1, 2], 3)
    let result = try training.run(flowers.points, classes: flowers.classes)
    let validation = try #require(result.validation)
    #expect((0..<0.15).contains(validation.errorRate))
    #expect(result.fit.pointCount == 150)
    let weighted = try training.run(
      WeightedPoints(flowers.points, weights: Array(repeating: 1, count: 150)),
      classes: flowers.classes)
    #expect(weighted.fit.classifier == result.fit.classifier)
  }

  @Test func aClassWithoutAnyValueInAColumn() throws {
    let flowers = try Flowers()
    var cells = flowers.cells
    for row in flowers.rows(of: "setosa") { cells[row, 2] = .nan }
    #expect(throws: ClassError.emptyColumn(class: "setosa", column: 2, name: "x3")) {
      try training(.eee).run(IncompletePoints(cells), classes: flowers.classes)
    }
  }

  /// The quantile of a pattern is that of the marginal classifier.
  @Test func thresholdsGoByWhatIsObserved() throws {
    let mixture = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [
        Gaussian(mean: [0, 0], covariance: .full(lowerTriangle: [1, 0.5, 2], dimension: 2)),
        Gaussian(mean: [5, 1], covariance: .diagonal(variances: [1, 3])),
      ])
    let classifier = try Classifier(
      classNames: ["a", "b"], mixture: mixture, classOfComponent: [0, 1])
    let first = try Classifier(
      classNames: ["a", "b"],
      mixture: GaussianMixture(
        weights: [0.5, 0.5],
        components: [0, 5].map {
          try Gaussian(mean: [$0], covariance: .full(lowerTriangle: [1], dimension: 1))
        }), classOfComponent: [0, 1])
    let points = try IncompletePoints(
      askedAbout: Matrix(rows: [[0, 1], [0, .nan], [1, 1], [.nan, .nan]]))
    let thresholds = classifier.rejectionThresholds(0.05, of: points, threads: 2)
    #expect(thresholds[0] == classifier.logDensityQuantile(0.05))
    #expect(thresholds[2] == thresholds[0])
    #expect(abs(thresholds[1] - first.logDensityQuantile(0.05)) <= 1e-12)
    #expect(thresholds[3] == -.infinity)
    let complete = classifier.rejectionThresholds(0.05, of: Matrix(rows: [[0, 1]]))
    #expect(complete[0] == thresholds[0])
  }
}
