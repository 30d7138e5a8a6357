import MixtureTestSupport
import Mixtures
import Testing

/// The search beside the tables of mclust, which has one start for each cell.
@Suite struct MclustTableTests {
  /// No cell ends below that of mclust, nor the choice: 10⁻³ is what its tolerances leave open. Nothing that it
  /// reports is rejected as spurious. A single component has a closed form, the same to 10⁻⁸.
  @Test(arguments: ["acidity", "diabetes", "ex4_4_2", "galaxies", "iris"])
  func noCellEndsBelowItsOwn(name: String) throws {
    let table = try Reference.json("mclust/tables/\(name).json")
    let points = try Reference.points("data/\(name).csv")
    let result = try ModelSearch().run(points)
    #expect(result.cells.count == table["models"].array.count * 9)
    var compared = 0
    for cell in result.cells {
      let index = cell.components - 1
      let fixed = table["fixed_point"]
      let rows = [table["default_tolerance"]["loglik"], fixed["loglik"]].map {
        $0[cell.structure.name][index]
      }
      let isFixed = fixed["status"][cell.structure.name][index].string == "ok"
      let known = (isFixed ? rows : [rows[0]]).filter(\.exists)
      guard let highest = try known.map({ try $0.number }).max() else { continue }
      let found = try cell.fit.get().logLikelihood
      #expect(found >= highest - 1e-3, "\(cell.structure), \(cell.components)")
      if cell.components == 1 { #expect(abs(found - highest) <= 1e-8 * abs(highest)) }
      compared += 1
    }
    #expect(compared >= 18)
    #expect(result.best.bic <= (try table["chosen"]["bic_standard"].number) + 1e-3)
  }

  /// The wreath of fourteen: where several starts of other software end lower, ours reach the maximum.
  @Test func theWreath() throws {
    let points = try Reference.points("data/wreath.csv")
    let fit = try GaussianMixture.fit(points, components: 14, structure: .eev)
    #expect(fit.logLikelihood >= -5254.6)
  }
}
