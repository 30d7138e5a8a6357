import Mixtures
import MixturesIO

/// An option by its name without dashes, with what was asked for, as it would be typed; `nil` for the default.
typealias GivenOption = (name: String, text: String?)

extension JSONValue {
  /// How a model came about, as its file says.
  ///
  /// - Parameters:
  ///   - seed: that which was asked for, if any was.
  ///   - digest: a fingerprint of the data.
  static func provenance(
    pointCount: Double, logLikelihood: Double, options: [GivenOption], seed: UInt64?, digest: String
  ) -> JSONValue {
    [
      "n": JSONValue(count: pointCount),
      "logLikelihood": .number(logLikelihood),
      "options": .object(
        options.compactMap { name, text in text.map { JSONValue.Member(name, .string($0)) } }),
      "seed": JSONValue(seed: seed ?? FitOptions().seed),
      "dataDigest": .string(digest),
      "library": .string(Release.name),
    ]
  }
}
