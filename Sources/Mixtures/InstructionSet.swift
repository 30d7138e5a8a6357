import MixtureKernels

/// The vector instructions that the inner loops use. The last bits of a result depend on them and on the platform's
/// elementary functions, and on nothing else about a machine.
public enum InstructionSet {
  /// The widest that this processor has, or the one that the environment variable `MIXTURES_KERNEL` names, if this
  /// processor has it.
  public static var current: String { TileKernels.chosen.name }

  /// Those that this processor has, the narrowest first: `baseline`, `avx2`, `avx512`; `neon` on Arm.
  public static var available: [String] { TileKernels.available.map(\.name) }
}
