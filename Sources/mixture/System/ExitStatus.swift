import ArgumentParser
import Mixtures
import MixturesIO

/// What the process says when it ends.
enum ExitStatus: Int32 {
  case done = 0
  case failed = 1
  case notConverged = 2
  case usage = 64
  case badData = 65
  case noInput = 66
  case cannotWrite = 73

  var exitCode: ExitCode { ExitCode(rawValue) }

  /// The status of an error of ours; `nil` for those of the argument parser.
  init?(of error: any Error) {
    switch error {
    case let error as TableError:
      switch error.kind {
      case .unreadable: self = .noInput
      case .unstorable: self = .cannotWrite
      case .invalidData, .invalidSelection: self = .badData
      }
    case let error as ModelFileError: self = error.kind == .unreadable ? .noInput : .badData
    case let error as CheckpointError: self = error.kind == .unreadable ? .noInput : .badData
    case let error as OutputError: self = error.isClosedPipe ? .done : .cannotWrite
    case let error as InFile: self = error.isUnreadable ? .noInput : .badData
    case is DataError, is ParameterError, is ClassError: self = .badData
    case is DegenerateFitError: self = .failed
    case let error as FoldError: self.init(of: error.reason)
    default: return nil
    }
  }
}

/// An error in the points, with the file they come from.
struct InFile: Error, CustomStringConvertible {
  let path: String
  let error: any Error

  var description: String { "\(Excerpt.input(path)): \(error)" }

  /// Whether the file failed after it had been opened.
  var isUnreadable: Bool {
    if case .unreadable = Self.cause(error) as? DataError { true } else { false }
  }

  /// What is wrong, wherever it came to light.
  private static func cause(_ error: any Error) -> any Error {
    (error as? FoldError)?.reason ?? error
  }

  private static func isAboutData(_ error: any Error) -> Bool {
    error is DataError || error is ParameterError || error is ClassError
  }

  /// Runs `body`; an error in data or parameters is told with the file.
  static func naming<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error where isAboutData(cause(error)) {
      throw InFile(path: path, error: error)
    }
  }

  /// As above, of a body that reads points: whatever comes of it is worth nothing if they could not
  /// be read.
  static func reading<Value>(
    _ points: any PointSource, from path: String, _ body: () throws -> Value
  ) throws -> Value {
    try naming(path) {
      let result = Result { try body() }
      try points.checkReading()
      return try result.get()
    }
  }
}
