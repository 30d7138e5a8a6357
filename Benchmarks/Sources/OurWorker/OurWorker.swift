import Foundation
import Mixtures
import MixturesIO

/// Our side of the benchmark: `OurWorker STRUCTURE DATA.npy START [weights|labels|holes]` reads the points once, then
/// answers the commands that `Benchmarks/bench/workers.py` describes, a JSON line for each.
@main
struct OurWorker {
  private let points: any PointSource
  private let start: GaussianMixture
  private let structure: CovarianceStructure
  private var options = FitOptions()
  private var fitted: GaussianMixture

  static func main() throws {
    var worker = try OurWorker(arguments: CommandLine.arguments)
    answer(["version": "\"swift-mixtures\""])
    while let line = readLine() {
      answer(try worker.reply(to: line.split(separator: " ").map(String.init)))
    }
  }

  private init(arguments: [String]) throws {
    guard (4...5).contains(arguments.count),
      let structure = CovarianceStructure(named: arguments[1])
    else {
      throw Misuse("expected STRUCTURE DATA.npy START [VARIANT], found \(arguments.dropFirst())")
    }
    self.structure = structure
    let table = try Table(contentsOf: arguments[2])
    start = try ModelFile(contentsOf: arguments[3] + ".json").mixture
    points = try table.points.variant(
      arguments.count == 5 ? arguments[4] : nil, components: start.componentCount)
    fitted = start
    let environment = ProcessInfo.processInfo.environment
    if let threads = environment["OMP_NUM_THREADS"].flatMap({ Int($0) }) {
      options.threads = threads
    }
  }

  private mutating func reply(to words: [String]) throws -> [String: String] {
    switch (words.first, words.dropFirst().compactMap { Double($0) }) {
    case ("iterate", let values) where values.count == 1:
      options.skipsNegligible = words.last != "dense"
      return try fit(until: .exactly(Int(values[0])))
    case ("converge", let values) where values.count == 2:
      options.acceleration = words.last == "plain" ? .off : .automatic
      return try fit(until: .when(.gain, below: values[0], limit: Int(values[1])))
    case ("fit", let values) where values.count == 1:
      return try wholeFit(restarts: Int(values[0]))
    case ("predict", _):
      let mixture = fitted
      let (labels, seconds) = try timed { try mixture.classification(of: points) }
      let counts = labels.reduce(into: Array(repeating: 0, count: mixture.componentCount)) {
        $0[$1] += 1
      }
      return ["seconds": "\(seconds)", "counts": "\(counts)"]
    default:
      throw Misuse("unknown command: \(words.joined(separator: " "))")
    }
  }

  /// As many components from nothing but the points, with every other option as it comes.
  private func wholeFit(restarts: Int) throws -> [String: String] {
    var options = FitOptions()
    options.restarts = restarts
    let (fit, seconds) = try timed {
      try GaussianMixture.fit(
        points, components: start.componentCount, structure: structure, options: options)
    }
    return ["seconds": "\(seconds)", "logLikelihood": "\(fit.logLikelihood)"]
  }

  private mutating func fit(until rule: StoppingRule) throws -> [String: String] {
    options.stopping = rule
    let (fit, seconds) = try timed {
      try GaussianMixture.fit(
        points, components: start.componentCount, structure: structure,
        from: MixtureStart(start), options: options)
    }
    fitted = fit.mixture
    return [
      "seconds": "\(seconds)", "logLikelihood": "\(fit.logLikelihood)",
      "iterations": "\(fit.iterations)",
    ]
  }
}

extension PointSource {
  /// The points with something known of single ones, the same for every run.
  fileprivate func variant(_ name: String?, components: Int) throws -> any PointSource {
    switch name {
    case nil: return self
    case "weights":
      return try WeightedPoints(self, weights: (0..<count).map { 0.5 + Double($0 % 97) / 96 })
    case "labels":
      let labels = (0..<count).map { $0 % 10 == 0 ? $0 / 10 % components : nil }
      return try LabelledPoints(self, labels: Labels(labels, count: components))
    case "holes":
      var matrix = Matrix(copying: self)
      var generator = SplitMix64(seed: 1)
      for row in 0..<count {
        for column in 0..<dimension where generator.next() % 10 == 0 {
          matrix[row, column] = .nan
        }
      }
      return try IncompletePoints(matrix)
    case let other?: throw Misuse("unknown variant: \(other)")
    }
  }
}

private struct Misuse: Error {
  let problem: String
  init(_ problem: String) { self.problem = problem }
}

private func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Double) {
  let clock = ContinuousClock()
  let begin = clock.now
  let value = try body()
  return (value, (clock.now - begin) / .seconds(1))
}

private func answer(_ members: [String: String]) {
  print("{" + members.map { "\"\($0)\": \($1)" }.sorted().joined(separator: ", ") + "}")
  fflush(nil)
}
