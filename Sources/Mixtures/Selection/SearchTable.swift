import MixtureKernels

/// The cells of a search, and what they share.
struct SearchTable: Sendable {
  struct Key: Hashable, Sendable {
    let structure: CovarianceStructure
    let components: Int
  }

  /// Structure by structure, in the order that was asked for.
  let keys: [Key]

  private let points: any PointSource
  private let summary: DataSummary
  private let options: FitOptions
  private let isCancelled: @Sendable () -> Bool
  private let report: @Sendable (SearchCell) -> Void
  private let problems: [CovarianceStructure: Result<FitProblem, any Error>]

  /// How many cells are worked on at a time.
  private let threads: Int

  init(_ search: ModelSearch, _ points: any PointSource) throws {
    let points = points.held
    self.points = points
    summary = try DataSummary(of: points, threads: search.options.threads)
    isCancelled = search.options.isCancelled
    report = search.report
    let sideBySide = !BlockGrid(of: points).occupies(search.options.threads)
    threads = sideBySide ? search.options.threads : 1
    var options = search.options
    if sideBySide { options.threads = 1 }
    self.options = options
    let possible = CovarianceStructure.all(inDimension: points.dimension)
    let structures = try
      (search.structures ?? possible.filter { options.prior == nil || $0.hasConjugatePrior })
      .distinct(inDimension: points.dimension)
    var counts: [Int] = []
    for count in search.components where !counts.contains(count) { counts.append(count) }
    keys = structures.flatMap { structure in
      counts.map { Key(structure: structure, components: $0) }
    }
    var problems: [CovarianceStructure: Result<FitProblem, any Error>] = [:]
    for structure in structures {
      problems[structure] = Result { [summary] in
        try FitProblem(points, summary: summary, structure: structure, options: options)
      }
    }
    self.problems = problems
  }

  /// Every cell on its own, from its own starts.
  func fitted(from start: any StartingMethod) throws -> [SearchCell] {
    let start = try start.prepared(for: points, isCancelled: isCancelled)
    return map(keys) { key in
      let cell = cell(key) {
        try $0.fit(
          components: key.components, from: start, isCell: keys.count > 1, options: options)
      }
      report(cell)
      return cell
    }.compactMap(\.self)
  }

  /// What `body` makes of each key, several at a time; nothing for those that a cancelled search does not come to.
  private func map<Value: Sendable>(
    _ keys: [Key], isFirst: Bool = true, _ body: @Sendable (Key) -> Value?
  ) -> [Value?] {
    concurrentMap(count: keys.count, threads: threads) { index in
      (index > 0 || !isFirst) && isCancelled() ? nil : body(keys[index])
    }
  }

  private func cell(_ key: Key, _ fit: (FitProblem) throws -> Fit) -> SearchCell {
    SearchCell(
      structure: key.structure, components: key.components,
      fit: Result {
        guard let problem = problems[key.structure] else { throw DataError.noPoints }
        return try fit(problem.get())
      })
  }
}

extension SearchTable {
  /// Every cell from shared starts and from the fits of cells that are simpler, and then from those of cells with one
  /// component more.
  ///
  /// Cells go in waves: those of one wave need nothing of each other, so the result is the same whatever the number of
  /// threads.
  func fitted() throws -> [SearchCell] {
    // Labels say where components begin.
    if keys.count == 1 || points.labelCount > 0 { return try fitted(from: KMeansStart()) }
    var starts = try SharedStarts(points, summary: summary, options: options)
    var found: [Key: SearchCell] = [:]
    for wave in waves(by: <) {
      try starts.prepare(wave.map(\.components), threads: threads)
      let (known, isFirst, starts) = (found, found.isEmpty, starts)
      let cells = map(wave, isFirst: isFirst) { key in
        let cell = cell(key) { problem in
          let candidates = starts[key.components] + simpler(key, known) + split(key, known)
          return try problem.fit(
            components: key.components, racing: candidates,
            in: starts.arena(components: key.components), options: options)
        }
        report(cell)
        return cell
      }
      for cell in cells.compactMap(\.self) { found[cell.key] = cell }
    }
    for wave in waves(by: >) {
      let known = found
      let cells = map(wave, isFirst: false) { key in improved(key, known) }
      for cell in cells.compactMap(\.self) { found[cell.key] = cell }
    }
    return keys.compactMap { found[$0] }
  }

  /// Cells that need nothing of each other: each comes after those whose mixtures it contains, and after that of one
  /// component fewer if the numbers of components ascend, more if they descend.
  private func waves(by order: (Int, Int) -> Bool) -> [[Key]] {
    let counts = Set(keys.map(\.components)).sorted(by: order)
    let levels = keys.map { key in
      (counts.firstIndex(of: key.components) ?? 0) + key.structure.freedom
    }
    return Set(levels).sorted().map { wanted in
      zip(keys, levels).filter { $0.1 == wanted }.map(\.0)
    }
  }

  /// The fits of the structures that are contained in this, of as many components.
  private func simpler(_ key: Key, _ known: [Key: SearchCell]) -> [Candidate] {
    keys.filter { $0.components == key.components && key.structure.directlyContains($0.structure) }
      .compactMap { try? known[$0]?.fit.get() }
      .map { Candidate($0.mixture) }
  }

  /// The fit of one component fewer, one of which is split.
  private func split(_ key: Key, _ known: [Key: SearchCell]) -> [Candidate] {
    let fewer = Key(structure: key.structure, components: key.components - 1)
    guard let fit = try? known[fewer]?.fit.get() else { return [] }
    return fit.mixture.splits(in: summary.scale).map { Candidate($0) }
  }

  /// A fit that starts from one of one component more, two of which are merged, or from a simpler structure that has
  /// become better than this; `nil` where that is no better.
  private func improved(_ key: Key, _ known: [Key: SearchCell]) -> SearchCell? {
    guard key.components > 1 else { return nil }
    let own = try? known[key]?.fit.get()
    let more = Key(structure: key.structure, components: key.components + 1)
    var candidates = (try? known[more]?.fit.get()).map { [Candidate($0.mixture.merged)] } ?? []
    candidates += keys.filter {
      $0.components == key.components && key.structure.directlyContains($0.structure)
    }.compactMap { try? known[$0]?.fit.get() }
      .filter { $0.logPosterior > own?.logPosterior ?? -.infinity }
      .map { Candidate($0.mixture) }
    guard !candidates.isEmpty else { return nil }
    let other = cell(key) { problem in
      try problem.fit(
        components: key.components, racing: candidates, in: nil, isLate: true,
        options: options)
    }
    // A merged mixture is no fit before its first M-step: it need not obey the structure.
    guard let fit = try? other.fit.get(), fit.iterations > 0,
      fit.logPosterior > (own?.logPosterior ?? -.infinity) + 1e-8 * summary.pointCount
    else { return nil }
    report(other)
    return other
  }
}

extension SearchCell {
  var key: SearchTable.Key { .init(structure: structure, components: components) }
}
