import Mixtures

extension RunEntry {
  /// What a counter of a run may be: sums of such do not overflow.
  fileprivate static let counts = 0...Int(Int32.max)

  var members: [JSONValue.Member] {
    switch self {
    case .reached(let state): [.init("state", state.json)]
    case .degenerate(let end): [.init("degenerate", end.json)]
    }
  }

  init(_ run: JSONReader, of name: RunName, dimension: Int) throws(ModelFileError) {
    if let state = try run.optional("state") {
      self = .reached(try EMState(state, components: name.components, dimension: dimension))
    } else {
      let end = try run.required("degenerate")
      self = .degenerate(
        try DegenerateRun(end, components: name.components, dimension: dimension))
    }
  }
}

extension EMState<Gaussian> {
  var json: JSONValue {
    [
      "mixture": mixture.json, "previous": previous?.json ?? .null,
      "trace": JSONValue(exactly: trace),
      "safeguards": .object(
        safeguards.counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
      "innerIterations": .integer(innerIterations),
      "acceleration": acceleration.json,
    ]
  }

  init(_ reader: JSONReader, components: Int, dimension: Int) throws(ModelFileError) {
    func mixture(_ reader: JSONReader) throws(ModelFileError) -> GaussianMixture {
      try GaussianMixture(state: reader, components: components, dimension: dimension)
    }
    let trace = try reader.required("trace").exactNumbers()
    guard !trace.isEmpty else { throw reader.mismatch("a trace", found: "an empty one") }
    self.init(mixture: try mixture(reader.required("mixture")), trace: trace)
    if let given = try reader.optional("previous") { previous = try mixture(given) }
    let counts = try reader.required("safeguards")
    safeguards = try Safeguards(counts)
    innerIterations = try reader.required("innerIterations").integer(in: RunEntry.counts)
    acceleration = try AccelerationState(
      reader.required("acceleration"), components: components, dimension: dimension)
  }
}

extension AccelerationState<Gaussian> {
  fileprivate var json: JSONValue {
    [
      "origin": origin?.json ?? .null,
      "points": .array(path.points.map { JSONValue(exactly: $0) }),
      "steps": .array(path.steps.map { JSONValue(exactly: $0) }),
      "reach": JSONValue(exactly: reach), "largestGain": JSONValue(exactly: largestGain),
      "retreats": .bool(retreats), "hasExtrapolated": .bool(hasExtrapolated),
    ]
  }

  fileprivate init(_ reader: JSONReader, components: Int, dimension: Int) throws(ModelFileError) {
    self.init()
    if let given = try reader.optional("origin") {
      origin = try GaussianMixture(state: given, components: components, dimension: dimension)
    }
    for point in try reader.required("points").array() {
      path.points.append(try point.exactNumbers())
    }
    for step in try reader.required("steps").array() {
      path.steps.append(try step.exactNumbers())
    }
    let lengths = Set((path.points + path.steps).map(\.count))
    guard path.points.count == path.steps.count, lengths.count <= 1 else {
      throw reader.mismatch(
        "as many points as steps, all of the same length",
        found: "\(path.points.count) and \(path.steps.count), of \(lengths.count) different lengths"
      )
    }
    reach = try reader.required("reach").exactNumber()
    largestGain = try reader.required("largestGain").exactNumber()
    retreats = try reader.required("retreats").bool()
    hasExtrapolated = try reader.required("hasExtrapolated").bool()
  }
}

extension Safeguards {
  fileprivate init(_ reader: JSONReader) throws(ModelFileError) {
    self.init()
    for (name, count) in try reader.members() {
      guard set(try count.integer(in: RunEntry.counts), named: name) else {
        throw reader.mismatch("the name of a safeguard", found: Excerpt(name).quoted)
      }
    }
  }
}

extension DegenerateRun {
  fileprivate var json: JSONValue {
    let (cause, column): (JSONValue, Int?) =
      switch degeneracy.cause {
      case .noPoints: ("noPoints", nil)
      case .spurious: ("spurious", nil)
      case .collapsed(let column): ("collapsed", column)
      case .collinear(let column): ("collinear", column)
      }
    return [
      "component": .integer(degeneracy.component),
      "effectiveCount": JSONValue(exactly: degeneracy.effectiveCount), "cause": cause,
      "column": column.map(JSONValue.integer) ?? .null, "iteration": .integer(iteration),
    ]
  }

  fileprivate init(
    _ reader: JSONReader, components: Int, dimension: Int
  ) throws(ModelFileError) {
    func column() throws(ModelFileError) -> Int {
      try reader.required("column").integer(in: 0...(dimension - 1))
    }
    let cause: Degeneracy.Cause
    let word = try reader.required("cause").string()
    switch word {
    case "noPoints": cause = .noPoints
    case "spurious": cause = .spurious
    case "collapsed": cause = .collapsed(column: try column())
    case "collinear": cause = .collinear(column: try column())
    default: throw reader.mismatch("the name of a cause", found: Excerpt(word).quoted)
    }
    self.init(
      degeneracy: Degeneracy(
        component: try reader.required("component").integer(in: 0...(components - 1)),
        effectiveCount: try reader.required("effectiveCount").exactNumber(), cause: cause),
      iteration: try reader.required("iteration").integer(in: RunEntry.counts))
  }
}

extension GaussianMixture {
  /// Parameters in the shape in which EM holds them: model files have full matrices.
  fileprivate var json: JSONValue {
    [
      "weights": JSONValue(weights),
      "components": .array(
        components.map { ["mean": JSONValue($0.mean), "covariance": $0.covariance.json] }),
      "background": background?.json ?? .null,
    ]
  }

  fileprivate init(
    state reader: JSONReader, components count: Int, dimension: Int
  ) throws(ModelFileError) {
    let weights = try reader.required("weights").numbers()
    var components: [Gaussian] = []
    for component in try reader.required("components").array() {
      let mean = try component.required("mean").numbers()
      let covariance = try Covariance(component.required("covariance"), dimension: dimension)
      guard mean.count == dimension, covariance.dimension == dimension else {
        throw component.mismatch(
          "a mean and a covariance of dimension \(dimension)",
          found: "\(mean.count) and \(covariance.dimension)")
      }
      components.append(
        try component.rethrowing { () throws(ParameterError) in
          try Gaussian(mean: mean, covariance: covariance)
        })
    }
    guard components.count == count else {
      throw reader.mismatch("\(count) components", found: "\(components.count)")
    }
    let background = try reader.optional("background").map { reader throws(ModelFileError) in
      try Background(reader)
    }
    self = try reader.rethrowing { () throws(ParameterError) in
      try Mixture(weights: weights, components: components, background: background)
    }
  }
}

extension Covariance {
  fileprivate var json: JSONValue {
    switch self {
    case .spherical(let variance, _): ["spherical": .number(variance)]
    case .diagonal(let variances): ["diagonal": JSONValue(variances)]
    case .full(let lowerTriangle, _): ["full": JSONValue(lowerTriangle)]
    }
  }

  fileprivate init(_ reader: JSONReader, dimension: Int) throws(ModelFileError) {
    if let variance = try reader.optional("spherical") {
      self = .spherical(variance: try variance.number(), dimension: dimension)
    } else if let variances = try reader.optional("diagonal") {
      self = .diagonal(variances: try variances.numbers())
    } else {
      self = .full(
        lowerTriangle: try reader.required("full").numbers(), dimension: dimension)
    }
  }
}

extension JSONValue {
  /// A number that reads back equal, whatever it is.
  fileprivate init(exactly number: Double) {
    self = number.isFinite ? .number(number) : .string(number.description)
  }

  fileprivate init(exactly numbers: [Double]) { self = .array(numbers.map { .init(exactly: $0) }) }
}

extension JSONReader {
  fileprivate func exactNumber() throws(ModelFileError) -> Double {
    if case .string(let text) = value, let number = Double(text) { return number }
    return try number()
  }

  fileprivate func exactNumbers() throws(ModelFileError) -> [Double] {
    var numbers: [Double] = []
    for element in try array() { numbers.append(try element.exactNumber()) }
    return numbers
  }
}
