import Statistics
import Testing

@Suite("Special functions against R")
struct SpecialFunctionTests {
  private let r = Reference.r

  @Test("Student's, Fisher's and Pearson's distributions equal R's")
  func distributionsEqualR() throws {
    let t = zip([0.3, 1.5, 4, 9], [1, 7, 2.5, 60]).map { StudentT.twoSided($0, df: $1) }
    #expect(try close(t, r.numbers("special/pt")))
    #expect(try close([1, 4, 29, 1000.5].map { StudentT.critical(level: 0.95, df: $0) }, r.numbers("special/qt")))
    let f = zip([0.2, 1, 3.7, 25], [(1, 4), (3, 9.5), (2.5, 30), (10, 2)]).map { FisherF.upper($0, $1.0, $1.1) }
    #expect(try close(f, r.numbers("special/pf")))
    let q = zip([0.025, 0.5, 0.975, 0.999], [(1, 4), (3, 9.5), (9.7, 31.2), (40, 2)]).map {
      FisherF.quantile($0, $1.0, $1.1)
    }
    #expect(try close(q, r.numbers("special/qf")))
    let c = zip([0.01, 1, 12.6, 80, 300], [1, 4, 1, 30, 96]).map { ChiSquared.upper($0, df: $1) }
    #expect(try close(c, r.numbers("special/pchisq")))
  }

  @Test("The normal distribution equals R's")
  func normalDistributionEqualsR() throws {
    #expect(try close([-8, -1.96, 0, 0.5, 6].map(Normal.cdf), r.numbers("special/pnorm")))
    let p = [1e-300, 1e-9, 0.025, 0.3, 0.975, 1 - 1e-12]
    #expect(try close(p.map(Normal.quantile), r.numbers("special/qnorm")))
    #expect(close(Normal.critical(level: 0.95), 1.959963984540054, 1e-15))
  }

  @Test("The incomplete beta and gamma functions equal R's")
  func incompleteBetaAndGammaEqualR() throws {
    let p = zip([0.001, 0.2, 0.5, 0.97], [(0.5, 2), (24, 7), (3, 0.7), (100, 4)]).map { Beta.cdf($0, $1.0, $1.1) }
    #expect(try close(p, r.numbers("special/pbeta")))
    let q = zip([0.025, 0.975, 0.5, 1e-6], [(24, 7), (25, 6), (0.5, 0.5), (2, 300)]).map {
      Beta.quantile($0, $1.0, $1.1)
    }
    #expect(try close(q, r.numbers("special/qbeta")))
    let g = zip([0.1, 3, 50, 2], [0.5, 3, 30, 10]).map { IncompleteGamma.lower($1, $0) }
    #expect(try close(g, r.numbers("special/pgamma")))
  }

  @Test("Quantiles of type 7 equal R's")
  func typeSevenQuantilesEqualR() throws {
    let x = try r.numbers("quantile7/x")
    let levels = [0, 0.025, 0.25, 0.5, 0.9, 1]
    #expect(try close(levels.map { quantile(x, $0) }, r.numbers("quantile7/q")))
    #expect(midranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
  }
}
