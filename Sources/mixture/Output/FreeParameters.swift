import Mixtures
import MixturesIO

extension ModelFile {
  /// How many parameters the fit that made the model estimated: all but those that it was told, as far as the file says.
  var freeParameterCount: Int { parameterCount - frozenParameterCount - givenPriorCount }

  /// Those of `fit --freeze`.
  private var frozenParameterCount: Int {
    guard classes == nil, let text = option("freeze"),
      let choice = try? FrozenChoice(parsing: text)
    else { return 0 }
    return choice.parts.parameterCount(
      structure, dimension: mixture.dimension, components: mixture.componentCount,
      hasBackground: mixture.background != nil)
  }

  /// Those of `train --class-priors`.
  private var givenPriorCount: Int {
    guard let classes, option("class-priors") != nil else { return 0 }
    return classes.classifier.classNames.count - 1
  }

  /// What was asked for when the model was made.
  func option(_ name: String) -> String? {
    guard case .object(let members) = provenance,
      case .object(let options)? = members.first(where: { $0.key == "options" })?.value,
      case .string(let text)? = options.first(where: { $0.key == name })?.value
    else { return nil }
    return text
  }
}
