/// How a data file is read and kept.
public struct TableOptions: Sendable, Equatable {
  /// How exactly numbers are kept.
  public enum Precision: String, Sendable, CaseIterable {
    /// As they are: text as `Double`, binary files in their own type.
    case float64
    /// As `Float`, unless a binary file holds them in no more than 32 bits anyway. See
    /// `SinglePrecisionMatrix` for what that loses.
    case float32
  }

  /// What the file is, where its first bytes do not tell.
  public var raw: RawFormat?

  /// How exactly numbers are kept.
  public var precision: Precision

  /// Whether the file stays on disk and is read piece by piece, again in each pass; what is not in a
  /// form to be read so, text or numbers to be rounded, is packed into a temporary file first. By
  /// default where the numbers might take more than half of the machine's memory, if the size of
  /// the file is known.
  public var isStreamed: Bool?

  /// Whether missing cells of features are kept, as NaN, rather than an error. See `IncompletePoints`.
  public var keepsMissing: Bool

  /// By default a text table or NPY, in full precision, streamed where it is large.
  public init(
    raw: RawFormat? = nil, precision: Precision = .float64, isStreamed: Bool? = nil,
    keepsMissing: Bool = false
  ) {
    self.raw = raw
    self.precision = precision
    self.isStreamed = isStreamed
    self.keepsMissing = keepsMissing
  }

  /// Whether a file is streamed. Each two bytes of a text may be a number, which takes eight.
  package func streams(fileSize: Int, isText: Bool, memory: Int?) -> Bool {
    guard isStreamed == nil, let memory else { return isStreamed ?? false }
    return fileSize > memory / 2 / (isText ? 4 : 1)
  }
}
