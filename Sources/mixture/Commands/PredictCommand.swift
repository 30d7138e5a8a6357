import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture predict`: which component each row belongs to.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Tell which component each row most probably comes from.",
    discussion: """
      Prints a CSV table with a row per row of the data: component, counting from 1, and \
      uncertainty, one minus the largest responsibility; component 0 is the background. Of a classifier (see train): class, uncertainty, and \
      the posterior probability of each class, p_ and its name.
      """)

  @OptionGroup var input: ModelAndDataOptions

  @Flag(help: "Add the responsibility of each component: r1, r2, ….")
  var responsibilities = false

  @Flag(help: "Add the natural logarithm of the mixture's density.")
  var logDensity = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a classifier: give no class to a row whose density is lower than that of this share of the rows that the model itself describes, from 0.00001; what is compared is the density of the cells that are there.",
      valueName: "share"))
  var reject: Double?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the table to this file.", valueName: "out.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  @OptionGroup var threads: ThreadOptions

  /// Rows that are held in memory at a time.
  static let rowsAtATime = 1 << 16

  func validate() throws {
    let least = 1 / Double(Classifier.quantileSampleSize)
    if let reject, !(reject >= least && reject < 1) {
      throw ValidationError(
        "--reject: expected a share from 0.00001 to below 1, found \(reject). "
          + "The quantile is that of \(Classifier.quantileSampleSize) drawn rows: smaller shares cannot be told."
      )
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try input.readModel()
    if model.classes == nil, reject != nil {
      throw ValidationError("--reject is for classifiers, and this model has no classes.")
    }
    try InputFiles.check(input.files, at: output)
    try interrupt.checkWritable(output)
    let points = try InFile.naming(input.data) {
      try input.readTable(for: model).weightedPoints(isAsked: true)
    }
    interrupt.beginWriting(to: output)
    let thresholds = model.classes.flatMap { classes in
      reject.map {
        classes.classifier.rejectionThresholds($0, of: points, threads: threads.count)
      }
    }
    var table = try ResultTable(output, header: header(model))
    for start in stride(from: 0, to: points.count, by: Self.rowsAtATime) {
      try interrupt.check()
      let rows = start..<min(points.count, start + Self.rowsAtATime)
      let assignments = try InFile.reading(points, from: input.data) {
        try model.mixture.assignments(
          of: points, rows: rows, threads: threads.count)
      }
      for (row, assignment) in zip(rows, assignments) {
        try table.append(
          model.classes.map { cells(assignment, $0.classifier, thresholds?[row]) }
            ?? cells(assignment))
      }
    }
    try table.commit()
  }

  private func header(_ model: ModelFile) -> [String] {
    var names = [model.classes == nil ? "component" : "class", "uncertainty"]
    if let classes = model.classes { names += classes.classifier.classNames.map { "p_\($0)" } }
    if responsibilities {
      names += model.mixture.components.indices.map { "r\($0 + 1)" }
      if model.mixture.background != nil { names.append("r0") }
    }
    if logDensity { names.append("log_density") }
    return names
  }

  private func cells(
    _ assignment: PointAssignment, _ classifier: Classifier, _ threshold: Double?
  ) -> [String] {
    let prediction = classifier.prediction(assignment)
    let isNone = threshold.map { assignment.logDensity < $0 } ?? false
    let name = isNone ? "" : ResultTable.quoted(classifier.classNames[prediction.classIndex])
    var cells = [name, prediction.uncertainty.description]
    cells += prediction.posteriors.map(\.description)
    if responsibilities { cells += assignment.responsibilities.map(\.description) }
    if logDensity { cells.append(assignment.logDensity.description) }
    return cells
  }

  private func cells(_ assignment: PointAssignment) -> [String] {
    var cells = ["\(assignment.component + 1)", assignment.uncertainty.description]
    if responsibilities {
      cells += (assignment.responsibilities + [assignment.background].compactMap(\.self))
        .map(\.description)
    }
    if logDensity { cells.append(assignment.logDensity.description) }
    return cells
  }
}
