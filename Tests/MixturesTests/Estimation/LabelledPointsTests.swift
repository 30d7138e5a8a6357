import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Points of which some are known to belong to a component.
@Suite struct LabelledPointsTests {
  /// Semi-supervised fits, started from the labelled rows alone, by an independent EM: log-likelihood 10⁻⁶, where mclust, which stops
  /// early, agrees to 10⁻³.
  @Test(arguments: ["iris", "banknote"])
  func semiSupervised(name: String) throws {
    let reference = try Reference.json("mclust/ssc/\(name).json")
    let own = try Reference.json("mclust/AGREEMENT_extra.json")["ssc"][name]
    let points = try Reference.points("data/\(name).csv")
    let names = reference["classes"].array.compactMap(\.string)
    let (head, rows) = try Reference.table("data/\(name).csv")
    let column = try #require(head.firstIndex(of: "class"))
    let known = try reference["known_rows"].array.map { try $0.integer - 1 }
    let classes = try rows.map { try #require(names.firstIndex(of: $0[column])) }
    let labels = try Labels(
      rows.indices.map { known.contains($0) ? classes[$0] : nil }, count: names.count)
    var compared = 0
    for model in own.keys where try own[model]["loglik_difference"].number < 1e-3 {
      let structure = try #require(CovarianceStructure(named: model))
      guard
        let start = try? GaussianMixture.labelled(
          points.selecting(known), labels: known.map { classes[$0] }, structure: structure)
      else { continue }
      let fit = try GaussianMixture.fit(
        LabelledPoints(points, labels: labels), components: names.count, structure: structure,
        from: MixtureStart(start), options: .fixedPoint)
      let expected = try own[model]["own_loglik"].number
      #expect(fit.logLikelihood >= expected - 1e-6, "\(model)")
      if structure != .vve {
        #expect(abs(fit.logLikelihood - expected) <= 1e-6, "\(model)")
      }
      compared += 1
    }
    #expect(compared >= 10)
  }

  private let problem = Problem(seed: 11, count: 200, dimension: 2, components: 3, separation: 2)

  @Test(arguments: structures)
  func everyLabelKnownIsTheLabelledEstimate(structure: CovarianceStructure) throws {
    let labels = try Labels(problem.labels.map { $0 }, count: 3)
    let fit = try GaussianMixture.fit(
      LabelledPoints(problem.points, labels: labels), components: 3, structure: structure,
      options: .exactly(1))
    let expected = try GaussianMixture.labelled(
      problem.points, labels: problem.labels, structure: structure)
    #expect(MixtureDifference(fit.mixture, expected).largest <= 1e-8)
  }

  /// Without any label, or with labels that say nothing, the plain fit, to the bit.
  @Test func noLabelIsThePlainFit() throws {
    let plain = try GaussianMixture.fit(
      problem.points, components: 3, from: MixtureStart(problem.truth), options: .exactly(4))
    let none = try Labels(Array(repeating: nil, count: 200), count: 3)
    let all = try Labels(allowed: Array(repeating: [0, 1, 2], count: 200), count: 3)
    for labels in [none, all] {
      let fit = try GaussianMixture.fit(
        LabelledPoints(problem.points, labels: labels), components: 3,
        from: MixtureStart(problem.truth), options: .exactly(4))
      #expect(fit.mixture == plain.mixture && fit.trace == plain.trace)
    }
  }

  /// Labels that tell nothing from another leave every start two different components: the maximum is found as without them.
  @Test func labelsOfNoConsequenceHinderNoStart() throws {
    let far = Problem(seed: 13, count: 200, dimension: 2, components: 2, separation: 6)
    let plain = try GaussianMixture.fit(far.points, components: 2)
    let both = try Labels(allowed: Array(repeating: [0, 1], count: 200), count: 2)
    let soft = Matrix(rows: Array(repeating: [0.3, 0.7], count: 200))
    for labels in [both, try Labels(probabilities: soft)] {
      for start: any StartingMethod in [KMeansStart(), RandomPointsStart()] {
        let fit = try GaussianMixture.fit(
          LabelledPoints(far.points, labels: labels), components: 2, from: start)
        let unlabelled = try fit.mixture.score(far.points).logLikelihood
        #expect(unlabelled >= plain.logLikelihood - 0.1 * abs(plain.logLikelihood))
        #expect(Set(try fit.mixture.classification(of: far.points)) == [0, 1])
      }
    }
  }

  /// ln Σₖ qₖ πₖ f(x) of each point.
  @Test func theLogLikelihoodIsThatOfWhatIsAllowed() throws {
    let points = problem.points
    let terms = try problem.truth.components.enumerated().map { k, component in
      try GaussianMixture(weights: [1], components: [component]).logDensities(of: points)
        .map { $0 + log(problem.truth.weights[k]) }
    }
    func expected(_ factor: (Int, Int) -> Double) -> Double {
      (0..<200).reduce(0) { sum, i in
        let largest = (0..<3).filter { factor(i, $0) > 0 }.map { terms[$0][i] }.max() ?? 0
        return sum + largest
          + log(
            (0..<3).reduce(0) { $0 + factor(i, $1) * exp(terms[$1][i] - largest) })
      }
    }
    let sets: [Set<Int>?] = (0..<200).map { [nil, [0], [1, 2], [2], nil][$0 % 5] }
    let allowed = try LabelledPoints(points, labels: Labels(allowed: sets, count: 3))
    let score = try problem.truth.score(allowed).logLikelihood
    #expect(relativeDifference(score, expected { sets[$0]?.contains($1) ?? true ? 1 : 0 }) <= 1e-12)
    let soft = randomResponsibilities(200, 3, seed: 4)
    let probable = try LabelledPoints(points, labels: Labels(probabilities: soft))
    let other = try problem.truth.score(probable).logLikelihood
    #expect(relativeDifference(other, expected { soft[$0, $1] }) <= 1e-12)
  }

  /// Components come in the order of the labels, and a class that no label names is found beside them.
  @Test func componentsFollowTheLabels() throws {
    let far = Problem(seed: 12, count: 300, dimension: 2, components: 3, separation: 8)
    let known: [Int?] = far.labels.enumerated().map { $0 % 4 == 0 && $1 < 2 ? 1 - $1 : nil }
    let fit = try GaussianMixture.fit(
      LabelledPoints(far.points, labels: Labels(known, count: 2)), components: 3)
    let classes = try fit.mixture.classification(of: far.points)
    let wanted = far.labels.map { [1, 0, 2][$0] }
    #expect(zip(classes, wanted).count { $0 != $1 } <= 8)
    #expect(throws: DataError.fewerComponentsThanLabels(components: 1, labels: 2)) {
      try GaussianMixture.fit(
        LabelledPoints(far.points, labels: Labels(known, count: 2)), components: 1)
    }
  }

  /// ℓ rises whatever is known, and threads change no bit.
  @Test(arguments: 1...10)
  func itRisesWithAnyLabels(seed: Int) throws {
    let problem = Problem(seed: UInt64(seed), count: 120, dimension: 2, components: 2)
    var generator = SplitMix64(seed: UInt64(seed))
    let sets: [Set<Int>?] = (0..<120).map { _ in
      [nil, nil, [0], [1], [0, 1]].randomElement(using: &generator) ?? nil
    }
    let points = try LabelledPoints(problem.points, labels: Labels(allowed: sets, count: 2))
    let fits = try [1, 3].map { threads in
      try GaussianMixture.fit(
        points, components: 2, structure: structures[seed % structures.count],
        options: .with {
          $0.stopping = .exactly(20)
          $0.restarts = 2
          $0.threads = threads
        })
    }
    for (before, after) in zip(fits[0].trace, fits[0].trace.dropFirst()) {
      #expect(after >= before - 1e-10 * abs(before))
    }
    #expect(fits[0].mixture == fits[1].mixture)
  }

  @Test func invalidLabels() {
    #expect(throws: DataError.invalidLabel(row: 1, label: 2, components: 2)) {
      try Labels([0, 2, nil], count: 2)
    }
    #expect(throws: DataError.invalidLabel(row: 0, label: -1, components: 2)) {
      try Labels(allowed: [[]], count: 2)
    }
    #expect(throws: DataError.invalidResponsibilities(row: 0, sum: 1.5)) {
      try Labels(probabilities: Matrix(rows: [[0.5, 1]]))
    }
    #expect(throws: DataError.countMismatch(what: "labels", found: 1, points: 200)) {
      try LabelledPoints(problem.points, labels: Labels([0], count: 1))
    }
  }
}
