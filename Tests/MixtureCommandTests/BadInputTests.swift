import Foundation
import Testing

/// Each says where, what was found, what was expected and what to do; none is a crash, and none
/// leaves anything behind.
@Suite struct BadInputTests {
  private let folder = TemporaryFolder()

  /// The status, the message without "Error: ", and nothing printed or left behind.
  private func expect(
    _ arguments: [String], status: Int32, _ message: [String],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.names
    let run = try mixture(arguments)
    #expect(run.ending == .exited(status), "\(arguments): \(run.errors)", sourceLocation: location)
    #expect(run.output == "", sourceLocation: location)
    #expect(run.errors.hasPrefix("Error: "), "\(run.errors)", sourceLocation: location)
    #expect(run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)", sourceLocation: location)
    for part in message {
      #expect(run.errors.contains(part), "\(part) in \(run.errors)", sourceLocation: location)
    }
    #expect(folder.names == before, sourceLocation: location)
  }

  private func expectFit(
    of text: String, with options: [String] = [], _ message: String...,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let path = folder.write(text, to: "points.csv")
    try expect(
      ["fit", path, "-o", folder("model.json")] + options, status: 65, [path] + message,
      location: location)
  }

  @Test func missingFileAndFolder() throws {
    let advice = "Check the path and the permissions."
    for command in [["fit"], ["score", "MODEL"], ["predict", "MODEL"]] {
      let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "start.json")
      let words = command.map { $0 == "MODEL" ? model : $0 }
      try expect(
        words + [folder("none.csv")], status: 66,
        ["none.csv: cannot be read: No such file or directory. " + advice])
      try expect(words + [folder.path], status: 66, ["cannot be read: Is a directory. " + advice])
    }
    for words in [
      ["score", "NONE", Files.faithful], ["describe", "NONE"], ["sample", "NONE", "-n", "1"],
      ["fit", Files.faithful, "--start", "NONE"],
      ["fit", Files.faithful, "--start-responsibilities", "NONE"],
    ] {
      try expect(
        words.map { $0 == "NONE" ? folder("none") : $0 }, status: 66,
        ["none: cannot be read", advice])
    }
  }

  @Test func tablesWithoutPoints() throws {
    let advice = "It should hold a row of numbers for each point."
    try expectFit(of: "", "the file is empty. " + advice)
    try expectFit(of: "a,b\n", "the file has a header and no rows. " + advice)
    try expectFit(of: "\n\n\n", "row of numbers")
    try expectFit(of: "a,b\n1,2\n", "a single point, which has no spread")
  }

  @Test func cellsThatAreNoNumbers() throws {
    try expectFit(
      of: "a,b\n1,2\n3\n4,5\n", ", line 3: expected 2 cells as in the first row, found 1.",
      "Complete or remove")
    try expectFit(
      of: "a,b\n1,2\n3,4,5\n", ", line 3: expected 2 cells as in the first row, found 3.")
    try expectFit(
      of: "a,b\n1,2\n3,n/a\n", ", line 3, column 2 (b): expected a number, found \"n/a\".",
      "Remove the row, or leave the column out with --exclude b.")
    try expectFit(
      of: "a,b\n1,2\n3,1e400\n", "line 3, column 2 (b)", "found \"1e400\"", "range of Float64")
    for value in ["inf", "-inf", "Infinity", "0x10", "1,5e"] {
      try expectFit(
        of: "a,b\n1,2\n3,\"\(value)\"\n",
        "line 3, column 2 (b): expected a number, found \"\(value)\"")
    }
    for value in ["NaN", "NA", "?", "nan"] {
      try expectFit(
        of: "a,b\n1,2\n\n# note\n3,\(value)\n", with: ["--missing", "error"],
        ", line 5, column 2 (b): expected a number, found the missing value \"\(value)\"",
        "Remove the row")
    }
    try expectFit(
      of: "a,b\n1,2\n3,\n", with: ["--missing", "error"],
      "line 3, column 2 (b): expected a number, found an empty cell")
  }

  @Test func columnsThatDoNotExist() throws {
    let options = [
      ["--columns", "a,x"], ["--exclude", "x"], ["--truth", "x"], ["--weights", "x"],
      ["--columns", "3"],
    ]
    for words in options {
      try expectFit(of: "a,b\n1,2\n3,4\n", with: words, "unknown column", "The file has: a, b.")
    }
    try expectFit(of: "income,b\n1,2\n3,4\n", with: ["--columns", "incom"], "Nearest: income.")
    try expectFit(of: "a,b\n1,2\n3,4\n", with: ["--exclude", "a,b"], "no column is left")
    try expectFit(of: "a,b\n1,2\n3,4\n", with: ["--columns", "a", "--exclude", "a"], "excluded")
    try expectFit(of: "a,b\n1,2\n3,4\n", with: ["--columns", "a", "--weights", "a"], "weight")
    try expectFit(
      of: "a,b\n1,2\n3,-4\n", with: ["--weights", "b"], "line 3, column 2 (b)", "at least 0")
    try expectFit(of: "a,b\n1,0\n3,0\n", with: ["--weights", "b"], "All point weights are zero")
  }

  @Test func moreComponentsThanPoints() throws {
    let text = "a,b\n1,2\n1,2\n3,5\n3,5\n5,6\n"
    try expectFit(
      of: text, with: ["-k", "6"], "Cannot fit 6 components to 5 points.", "at most as many")
    try expectFit(
      of: text, with: ["-k", "4"],
      "Cannot place 4 components: the data have distinct points, or labels, for only 3.",
      "Use at most 3 components.")
  }

  @Test func dataWithoutSpread() throws {
    try expectFit(of: "a,b\n1,2\n1,2\n1,2\n", "All 3 points are equal")
    for structure in ["EEI", "VVI", "EEE", "VVV"] {
      try expectFit(
        of: "a,b\n1,2\n1,3\n1,5\n1,4\n", with: ["--structure", structure],
        "Column 1 (a) is constant (1.0)", structure, "Exclude the column")
    }
    for structure in ["EEE", "VVV"] {
      try expectFit(
        of: "a,b\n1,2\n2,4\n3,6\n5,10\n", with: ["--structure", structure],
        "Column 2 (b) is a linear combination of the columns before it", structure,
        "Exclude the column")
    }
    try expectFit(
      of: "a,b,c\n1,2,0\n2,5,1\n3,6,7\n", with: ["--structure", "VVV"], "3 points in 3 dimensions",
      "at least 4 points")
  }

  /// What the other structures can fit is fitted, and the rest is told.
  @Test func oneBadStructureDoesNotSpoilTheSearch() throws {
    let path = folder.write("a,b\n1,2\n2,4\n3,6\n5,10\n", to: "collinear.csv")
    let run = try mixture("fit", path, "-k", "1")
    #expect(run.succeeded)
    #expect(run.output.contains("Column 2 (b) is a linear combination"))
  }

  @Test func valuesOutOfRange() throws {
    try expectFit(
      of: "a,b\n1,2\n1.5,3\n1e300,4\n1,9\n",
      "Row 3, column 1 (a): expected a value of at most 1e140", "found 1e+300",
      "Remove the row")
    try expectFit(
      of: "a,b\n1e-200,2e200\n3e-200,5e200\n2e-200,4e200\n", "column 2 (b)", "at most 1e140",
      "divide the column")
    try expectFit(
      of: "a,b\n1e-200,2\n3e-200,5\n2e-200,4\n", "Column 1 (a)", "at least 1e-140",
      "Multiply the column")
  }

  @Test func collapseIsAnErrorThatNamesTheComponent() throws {
    let text = "a,b\n" + String(repeating: "1,1\n", count: 20) + "5,1\n6,2\n7,5\n5,3\n6,6\n9,1\n"
    let path = folder.write(text, to: "points.csv")
    try expect(
      ["fit", path, "-k", "2", "--structure", "VVV", "-o", folder("model.json")], status: 1,
      [
        " of 2 ", " effective points in 2 dimensions; none of 50 starts led to a fit",
        "Use fewer components",
      ])
  }

  @Test func arraysThatAreNotWhole() throws {
    let whole = npy([1, 2, 3, 4, 5, 7], rows: 3, columns: 2)
    let cases: [(String, Data, String)] = [
      ("cut", whole.dropLast(8), "numpy"), ("header only", whole.prefix(30), "header"),
      ("magic only", whole.prefix(6), "header"), ("longer", whole + Data([1]), "numpy"),
      ("objects", npyHeader(type: "|O", shape: "(3, 2)") + Data(count: 48), "type \"|o\""),
      ("complex", npyHeader(type: "<c16", shape: "(3, 2)") + Data(count: 96), "c16"),
      (
        "overflow", npyHeader(shape: "(4611686018427387904, 4)") + Data(count: 64),
        "any file can hold"
      ),
      (
        "huge", npyHeader(shape: "(99999999999999999999, 4)") + Data(count: 64), "length of at most"
      ),
      ("negative", npyHeader(shape: "(-3, 2)") + Data(count: 64), "length of at most"),
      ("flat", npyHeader(shape: "(3, 2, 1)") + Data(count: 48), "dimension"),
      ("empty", npyHeader(shape: "(0, 2)"), "point"),
    ]
    for (name, bytes, word) in cases {
      let path = folder.write(bytes, to: "array.npy")
      let run = try mixture("fit", path, "-k", "1", "-o", folder("model.json"))
      #expect(run.ending == .exited(65), "\(name): \(run.ending)")
      #expect(run.errors.hasPrefix("Error: \(path): "), "\(name): \(run.errors)")
      #expect(run.errors.lowercased().contains(word), "\(name): \(run.errors)")
      #expect(folder.names == ["array.npy"])
    }
    let notFinite = folder.write(npy([1, 2, .nan, 4, 5, 7], rows: 3, columns: 2), to: "nan.npy")
    try expect(
      ["fit", notFinite, "--missing", "error"], status: 65,
      ["Row 2, column 1 (x1): expected a finite number, found nan"])
  }

  @Test func modelsThatAreNone() throws {
    let good = handWritten([(0.25, [2, 50], 4), (0.75, [4, 80], 9)])
    let cases: [(String, String)] = [
      (String(good.dropLast(20)), "cut short"), ("", "cut short"),
      ("a,b\n1,2\n", "line 1, column 1: expected a value, found \"a,b\""),
      (
        good.replacingOccurrences(of: "\"version\":1", with: "\"version\":2"),
        "expected a model with \"version\": 1, found 2. Read it"
      ),
      (
        good.replacingOccurrences(of: "0.75", with: "0.65"),
        "components: The mixing weights sum to 0.9, expected 1."
      ),
      (
        good.replacingOccurrences(of: "[[4.0,0]", with: "[[-4.0,0]"),
        "components[0]: The covariance is not positive definite"
      ),
      (
        good.replacingOccurrences(of: "[[4.0,0]", with: "[[4.0,1]"),
        "components[0].covariance: expected a symmetric matrix, found 0.0 and 1.0"
      ),
      (good.replacingOccurrences(of: "VVV", with: "EII"), "is not one that structure EII allows"),
      (String(repeating: "[", count: 100_000), "JSON"), ("{\"a\":1}", "mixtures.model"),
    ]
    for (text, message) in cases {
      let path = folder.write(text, to: "bad.json")
      for words in [
        ["describe", path], ["score", path, Files.faithful],
        ["predict", path, Files.faithful, "-o", folder("out.csv")],
        ["sample", path, "-n", "1", "-o", folder("out.csv")],
        ["fit", Files.faithful, "--start", path, "-o", folder("out.json")],
      ] {
        try expect(words, status: 65, [path, message])
      }
    }
  }

  @Test func modelAndDataOfDifferentDimensions() throws {
    let model = folder.write(handWritten([(1, [1, 2, 3], 9)]), to: "three.json")
    for words in [
      ["score", model, Files.faithful], ["predict", model, Files.faithful],
      ["fit", Files.faithful, "--start", model],
    ] {
      try expect(words, status: 65, [Files.faithful, "2 columns", "3 dimensions"])
    }
  }

  @Test func responsibilitiesThatAreNone() throws {
    let n = 272
    let cases: [(String, String)] = [
      ("z1,z2\n1,0\n", "Found 1 rows of responsibilities for 272 points"),
      ("component\n1\n2\n", "Found 2 labels for 272 points"),
      (
        "z1,z2\n" + String(repeating: "0.5,0.6\n", count: n),
        "sum to 1, found others, with a sum of 1.1"
      ),
      ("z1,z2\n" + String(repeating: "1.5,-0.5\n", count: n), "Row 1"),
      (
        "component\n" + String(repeating: "0\n", count: n),
        "column 1 (component): no row has a component. Number the components"
      ),
      (
        "component\n1.5\n" + String(repeating: "1\n", count: n - 1),
        "row 1: expected a component number from 1 to the number of rows, or 0 for the background, found 1.5"
      ),
    ]
    for (text, message) in cases {
      let path = folder.write(text, to: "z.csv")
      try expect(
        ["fit", Files.faithful, "--start-responsibilities", path, "-o", folder("m.json")],
        status: 65, [path, message])
    }
  }

  @Test func outputsThatCannotBeWritten() throws {
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "start.json")
    let missing = folder("no/such/folder")
    let commands = [
      ["fit", Files.faithful, "-k", "1"], ["predict", model, Files.faithful],
      ["sample", model, "-n", "5"],
    ]
    for words in commands {
      try expect(
        words + ["-o", missing], status: 73,
        ["Cannot write \(missing): No such file or directory. Create the folder first"])
      try expect(
        words + ["-o", folder.path], status: 73,
        ["Is a directory. Add the name of a file to the path."])
      try expect(words + ["-o", ""], status: 73, ["Cannot write \"\""])
    }
    // It is told before the data are read, which may take long.
    for command in ["predict", "impute"] {
      try expect(
        [command, model, folder("none.csv"), "-o", missing], status: 73, ["Create the folder first"]
      )
    }
  }

  /// The file that a failing command was to replace keeps its content.
  @Test func failureKeepsTheOldFile() throws {
    let old = folder.write("precious", to: "model.json")
    let data = folder.write("a,b\n1,2\n1,2\n", to: "equal.csv")
    #expect(try mixture("fit", data, "-o", old).ending == .exited(65))
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "precious")
    #expect(folder.names == ["equal.csv", "model.json"])
  }

  /// Names come from files, and a terminal obeys what it is shown.
  @Test func hostileNamesAreShownHarmless() throws {
    let path = folder.write(
      "a\u{1B}[31mred,\"b\nline\"\n1,2\n3,1\n5,3\n9,9\n2,2\n", to: "hostile.csv")
    let model = folder("model.json")
    for words in [
      ["fit", path, "-k", "1", "-o", model], ["describe", model],
      ["fit", path, "-k", "1", "--structure", "VVV"], ["fit", path, "-k", "5"],
      ["fit", path, "-k", "9"],
    ] {
      let run = try mixture(words)
      #expect(!(run.output + run.errors).contains("\u{1B}"), "\(words): \(run.output)\(run.errors)")
      #expect(!run.output.contains("b\nline"))
    }
    // So do names of files, and what is typed.
    let file = folder.write(
      try String(contentsOfFile: model, encoding: .utf8), to: "\u{1B}[31mred.json")
    for words in [
      ["plot", file, "--kind", "trace", "-o", "-"],
      ["fit", path, "--prior", "\u{1B}[31m"], ["fit", path, "--raw", "\u{1B}[31m"],
      ["fit", path, "-k", "\u{1B}[31m"], ["fit", path, "--freeze", "\u{1B}[31m"],
      ["fit", path, "--criterion", "\u{1B}[31m"], ["fit", path, "\u{1B}[31m"],
    ] {
      let run = try mixture(words)
      #expect(run.ending == .exited(64))
      #expect(run.errors.contains("\\u{1b}[31m") && !run.errors.contains("\u{1B}"), "\(run.errors)")
      #expect(run.errors.contains("\nUsage: mixture"))
    }
    // As data they stay what they are.
    let document = try mixture("describe", model, "--json").json()
    #expect(document["features"].strings == ["a\u{1B}[31mred", "b\nline"])
    let drawn = folder.write(try mixture("sample", model, "-n", "3").output, to: "drawn.csv")
    #expect(try mixture("score", model, drawn).succeeded)
  }
}
