/// What is wrong with a data file, and where.
public struct TableError: Error, Sendable, Equatable {
  /// What kind of defect it is.
  public enum Kind: Sendable, Equatable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file was read, and its content is not what it should be.
    case invalidData
    /// The columns asked for do not fit the columns of the file.
    case invalidSelection
    /// The temporary file that the data are packed into cannot be written.
    case unstorable
  }

  /// One column of a file.
  public struct Column: Sendable, Equatable {
    /// Counted from one.
    public let number: Int
    /// As in the header; nil where the header has none.
    public let name: String?

    /// A column by number and name.
    public init(number: Int, name: String?) {
      self.number = number
      self.name = name
    }
  }

  /// What kind of defect it is.
  public let kind: Kind

  /// As given by the caller; `-` is standard input.
  public let path: String

  /// Where a line of a text is to blame: counted from one, blank lines and comments included.
  public let line: Int?

  /// The column, where one is to blame.
  public let column: Column?

  /// What was expected and what was found, or what the system said.
  public let problem: String

  /// What to do about it: whole sentences.
  public let advice: String

  /// An error at a place in a file.
  public init(
    _ kind: Kind, path: String, line: Int? = nil, column: Column? = nil, problem: String,
    advice: String
  ) {
    self.kind = kind
    self.path = path
    self.line = line
    self.column = column
    self.problem = problem
    self.advice = advice
  }
}

extension TableError: CustomStringConvertible {
  /// As in `points.csv, line 87, column 4 (income): expected a number, found "n/a". Remove the row, …`
  public var description: String {
    var place = Excerpt.input(path)
    if let line { place += ", line \(line)" }
    if let column {
      place += ", column \(column.number)"
      if let name = column.name { place += " (\(Excerpt(name)))" }
    }
    return "\(place): \(problem). \(advice)"
  }
}
