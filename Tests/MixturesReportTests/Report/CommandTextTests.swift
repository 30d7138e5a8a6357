import MixturesReport
import Testing

@Suite struct CommandTextTests {
  @Test(arguments: [
    (["mixture", "fit", "a/b_c-1.csv", "-k", "1...3"], "mixture fit a/b_c-1.csv -k 1...3"),
    (["a b"], "'a b'"), ([""], "''"), (["it's"], "'it'\\''s'"), (["$(rm x)"], "'$(rm x)'"),
    (["a\nb"], "'a\nb'"), (["~/x"], "'~/x'"), (["*"], "'*'"), (["é"], "'é'"),
    (["--class-priors", "a=0.2,b=0.8"], "--class-priors a=0.2,b=0.8"),
  ])
  func aShellReadsWhatWasTyped(arguments: [String], text: String) {
    #expect(CommandText(arguments: arguments).description == text)
  }
}
