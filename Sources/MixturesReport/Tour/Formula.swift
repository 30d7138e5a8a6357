/// A formula in one line of text, which becomes MathML.
///
/// | written | meaning |
/// | --- | --- |
/// | `x_i`, `σ^2`, `r_{ik}`, `∑_{i=1}^n` | what stands below and above |
/// | `{a + b}` | several signs as one |
/// | `frac{a}{b}`, `sqrt{a}`, `hat{a}` | a fraction, a root, an estimate |
/// | `matrix{1, 3; 2, 4}` | rows between semicolons |
/// | `" if "` | words |
/// | `ln`, `exp`, `tr`, `max`, … | names of functions: words are upright, single letters are quantities |
struct Formula {
  private let source: String
  private let isDisplayed: Bool

  init(_ source: String, isDisplayed: Bool = false) {
    self.source = source
    self.isDisplayed = isDisplayed
  }

  var markup: Markup {
    var parser = Parser(source)
    let attributes: Markup.Attributes = isDisplayed ? ["display": "block"] : [:]
    return .element("math", attributes, parser.row(until: []))
  }
}

private struct Parser {
  private var rest: Substring

  /// Whether something stands before the next sign that the sign can belong to.
  private var followsOperand = false

  init(_ source: String) { rest = source[...] }

  /// Everything up to one of the ends, which is not read, or to the end of the formula.
  mutating func row(until ends: Set<Character>) -> [Markup] {
    var row: [Markup] = []
    followsOperand = false
    while true {
      skipSpaces()
      guard let next = rest.first, !ends.contains(next) else {
        followsOperand = true
        return row
      }
      let isName = next.isLetter && rest.prefix(while: \.isLetter).count > 1
      let isFunction =
        isName && !Self.constructions.contains(String(rest.prefix(while: \.isLetter)))
      if isFunction, followsOperand { row.append(Self.thinSpace) }
      row.append(scripted())
      followsOperand = next.isLetter || next.isNumber || "{)]‖|".contains(next)
      skipSpaces()
      if isFunction, let after = rest.first, after.isLetter || after.isNumber || after == "∑" {
        row.append(Self.thinSpace)
        followsOperand = false
      }
    }
  }

  private static let constructions: Set<String> = ["frac", "sqrt", "hat", "matrix"]
  private static let thinSpace = Markup.element("mspace", ["width": "0.17em"], [])

  private mutating func skipSpaces() { rest = rest.drop { $0.isWhitespace } }

  /// An atom with what stands below and above it.
  private mutating func scripted() -> Markup {
    let isSum = rest.first == "∑"
    let base = atom()
    var (below, above): (Markup?, Markup?)
    while let next = rest.first, next == "_" || next == "^" {
      rest.removeFirst()
      if next == "_" { below = atom() } else { above = atom() }
    }
    return switch (below, above) {
    case (let below?, let above?):
      .element(isSum ? "munderover" : "msubsup", [:], [base, below, above])
    case (let below?, nil): .element(isSum ? "munder" : "msub", [:], [base, below])
    case (nil, let above?): .element(isSum ? "mover" : "msup", [:], [base, above])
    case (nil, nil): base
    }
  }

  private mutating func atom() -> Markup {
    skipSpaces()
    guard let first = rest.first else { return .nothing }
    if first == "{" { return .element("mrow", [:], group()) }
    if first == "\"" {
      rest.removeFirst()
      let text = take { $0 != "\"" }
      rest = rest.dropFirst()
      // Spaces at its ends would be dropped.
      return .element("mtext", [:], text: String(text.map { $0 == " " ? "\u{A0}" : $0 }))
    }
    if first.isNumber { return .element("mn", [:], text: number()) }
    if first.isLetter { return word() }
    rest.removeFirst()
    return .element("mo", attributes(of: first), text: first == "-" ? "−" : String(first))
  }

  /// Brackets stay as large as letters, save around matrices; a minus before a quantity stands close to it.
  private func attributes(of sign: Character) -> Markup.Attributes {
    if "()[]|‖".contains(sign) { return ["stretchy": "false"] }
    return "-−".contains(sign) && !followsOperand ? ["form": "prefix"] : [:]
  }

  /// Digits, with a point if digits follow it.
  private mutating func number() -> String {
    let whole = take(while: \.isNumber)
    guard rest.first == ".", rest.dropFirst().first?.isNumber == true else { return whole }
    rest.removeFirst()
    return whole + "." + take(while: \.isNumber)
  }

  private mutating func take(while belongs: (Character) -> Bool) -> String {
    let taken = rest.prefix(while: belongs)
    rest = rest[taken.endIndex...]
    return String(taken)
  }

  /// What stands between braces.
  private mutating func group() -> [Markup] {
    skipSpaces()
    guard rest.first == "{" else { return [] }
    rest.removeFirst()
    let inner = row(until: ["}"])
    if rest.first == "}" { rest.removeFirst() }
    return inner
  }

  /// A quantity of one letter, the name of a function, or a construction.
  private mutating func word() -> Markup {
    let word = take { $0.isLetter }
    switch word {
    case "frac": return .element("mfrac", [:], [grouped(), grouped()])
    case "sqrt": return .element("msqrt", [:], group())
    case "hat":
      let accent = Markup.element("mo", ["stretchy": "false"], text: "^")
      return .element("mover", ["accent": "true"], [grouped(), accent])
    case "matrix": return matrix()
    default: return .element("mi", [:], text: word)
    }
  }

  private mutating func grouped() -> Markup { .element("mrow", [:], group()) }

  private mutating func matrix() -> Markup {
    guard rest.first == "{" else { return .nothing }
    var rows: [Markup] = []
    var cells: [Markup] = []
    repeat {
      let separator = rest.removeFirst()
      if separator == ";" {
        rows.append(.element("mtr", [:], cells))
        cells = []
      }
      cells.append(.element("mtd", [:], row(until: [",", ";", "}"])))
    } while rest.first == "," || rest.first == ";"
    if rest.first == "}" { rest.removeFirst() }
    rows.append(.element("mtr", [:], cells))
    let fences = ["(", ")"].map { Markup.element("mo", [:], text: $0) }
    return .element("mrow", [:], [fences[0], .element("mtable", [:], rows), fences[1]])
  }
}
