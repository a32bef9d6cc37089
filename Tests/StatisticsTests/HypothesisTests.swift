import Statistics
import Testing

@Suite("Tests of hypotheses against R")
struct HypothesisTests {
  private let r = Reference.r

  private func sample(_ name: String) throws -> [Double] { try r.numbers("wilcoxon/\(name)") }

  @Test("Wilcoxon's rank sum test equals R's")
  func wilcoxonRankSumEqualsR() throws {
    let small = try WilcoxonRankSum(sample("x1"), sample("x2"))
    #expect(try small.isExact && close([small.statistic, small.pValue], r.numbers("wilcoxon/small")))
    let large = try WilcoxonRankSum(sample("x2"), sample("x3"))
    #expect(try !large.isExact && close([large.statistic, large.pValue], r.numbers("wilcoxon/large")))
    let ties = try WilcoxonRankSum(sample("x4"), sample("x5"))
    #expect(try !ties.isExact && close([ties.statistic, ties.pValue], r.numbers("wilcoxon/ties")))
    let plain = try WilcoxonRankSum(sample("x4"), sample("x5"), continuityCorrection: false)
    #expect(try close(plain.pValue, r.numbers("wilcoxon/uncorrected")[1]))
    #expect(throws: NotEstimable.self) { try WilcoxonRankSum([], [1]) }
    #expect(throws: NotEstimable.self) { try WilcoxonRankSum([1, 1], [1, 1]) }
  }

  @Test("Tests of contingency tables equal R's", arguments: 0..<6)
  func tableTestsEqualR(_ index: Int) throws {
    let at = "tables/\(index)"
    let table = try r.counts("\(at)/table")
    let fisher = try FisherExactTable(table)
    #expect(try fisher.resamples == nil && close(fisher.pValue, r.number("\(at)/fisher")))
    if table.count == 2, table[0].count == 2 { #expect(close(try FisherExact(table).pValue, fisher.pValue)) }
    let (yates, plain) = (try PearsonChiSquared(table, yates: true), try PearsonChiSquared(table))
    #expect(try close([yates.statistic, yates.pValue], r.numbers("\(at)/yates")))
    #expect(try close([plain.statistic, plain.pValue, Double(plain.degreesOfFreedom)], r.numbers("\(at)/plain")))
    #expect(try close(plain.smallestExpected, r.number("\(at)/expected")))
  }

  /// `scipy.stats.chi2_contingency` 1.17.1; R: `chisq.test(matrix(c(34, 21, 33, 9), 2), correct = FALSE)`. gtsummary's
  /// `add_p()` gives 0.077 here: it does not correct.
  @Test("The chi-squared test has no continuity correction, as in gtsummary")
  func chiSquaredHasNoCorrectionByDefault() throws {
    let plain = try PearsonChiSquared([[34, 33], [21, 9]])
    #expect(close([plain.statistic, plain.pValue], [3.1288563675130834, 0.07691768120013992]) && !plain.isCorrected)
    let corrected = try PearsonChiSquared([[34, 33], [21, 9]], yates: true)
    #expect(close([corrected.statistic, corrected.pValue], [2.393762410889276, 0.1218201231874054]))
    #expect(corrected.isCorrected)
  }

  @Test("The odds ratio is the conditional maximum-likelihood estimate")
  func oddsRatioIsConditionalEstimate() throws {
    let test = try FisherExact(r.counts("tables/0/table"))
    #expect(try close(test.oddsRatio, r.number("conditionalOddsRatio")))
    #expect(
      try close([test.oddsInterval.lower, test.oddsInterval.upper], r.numbers("oddsIntervals/0")))
    let oneSided = try FisherExact(r.counts("tables/1/table"))
    #expect(try close(oneSided.oddsInterval.lower, r.number("oddsIntervals/1/0")))
    #expect(oneSided.oddsInterval.upper == .infinity)
    #expect(try FisherExact([[0, 3], [4, 2]]).oddsInterval.lower == 0)
    #expect(try FisherExact([[3, 0], [2, 4]]).oddsRatio == .infinity)
    #expect(try FisherExact([[0, 3], [4, 2]]).oddsRatio == 0)
    #expect(throws: NotEstimable.self) { try FisherExact([[0, 0], [1, 2]]) }
    #expect(throws: NotEstimable.self) { try FisherExactTable([[0, 0, 0], [1, 2, 4]]) }
  }

  /// A table that is too large to be counted is estimated, says so, and has the same bits every time.
  @Test("Tests of huge tables are simulated from a seed")
  func hugeTablesAreSimulatedFromSeed() throws {
    let table = (0..<6).map { i in (0..<7).map { j in 9 + (i * 7 + j * 11) % 13 } }
    let test = try FisherExactTable(table, seed: 3)
    #expect(test.resamples == 20_000)
    #expect(try FisherExactTable(table, seed: 3) == test)
    #expect(try abs(test.pValue - (PearsonChiSquared(table).pValue)) < 0.02)
  }

  @Test(
    "The tests equal SciPy's", .enabled(if: Reference.goldenIsPresent, "shared/data/training/golden.json is absent"))
  func testsEqualScipy() throws {
    let golden = Reference.golden
    let table = try golden.counts("tests/table")
    #expect(try close(FisherExact(table).pValue, golden.number("tests/fisher_p")))
    let (yates, plain) = (try PearsonChiSquared(table, yates: true), try PearsonChiSquared(table))
    #expect(try close([yates.statistic, yates.pValue], golden.numbers("tests/chi2_yates")))
    #expect(try close([plain.statistic, plain.pValue], golden.numbers("tests/chi2")))
  }

  @Test("The Kolmogorov-Smirnov test equals R's")
  func kolmogorovSmirnovEqualsR() throws {
    let small = try KolmogorovSmirnov(sample("x1"), sample("x2"))
    #expect(try small.isExact && close([small.statistic, small.pValue], r.numbers("kolmogorovSmirnov/small")))
    let large = try KolmogorovSmirnov(sample("x2"), sample("x3"))
    #expect(try close([large.statistic, large.pValue], r.numbers("kolmogorovSmirnov/large")))
    #expect(try KolmogorovSmirnov([1, 2, 3], [1, 2, 3]).pValue == 1)
    #expect(throws: NotEstimable.self) { try KolmogorovSmirnov([], [1]) }
  }

  @Test("The population stability index has the values that were computed by hand")
  func stabilityIndexEqualsHandValues() throws {
    let reference = (0..<100).map { Double($0) }
    let edges = PopulationStability.edges(of: reference, bins: 4)
    #expect(edges == [24.75, 49.5, 74.25])
    #expect(try PopulationStability.index(reference: reference, new: reference, edges: edges) == 0)
    // Shares (.25, .25, .25, .25) against (.5, .5, 0, 0): 2 (.25 ln 2) + 2 (.2499 ln 2500), a floor of 0.0001.
    let shifted = try PopulationStability.index(reference: reference, new: [0, 1, 30, 31], edges: edges)
    #expect(close(shifted, 0.5 * 0.6931471805599453 + 2 * 0.2499 * 7.824046010856292))
  }

  @Test("Adjusted p values equal R's; permutation, resampled t and optimism equal hand-computed values")
  func correctionsMatchRAndHandValues() throws {
    let adjusted = benjaminiHochberg(try r.numbers("benjaminiHochberg/p"))
    #expect(try close(adjusted, r.numbers("benjaminiHochberg/adjusted")))
    let permutation = try PermutationTest(observed: 0.7, permuted: [0.5, 0.7, 0.6, 0.4])
    #expect(permutation.pValue == 2.0 / 5 && permutation.resolution == 0.2)
    #expect(throws: NotEstimable.self) { try PermutationTest(observed: 0.7, permuted: []) }
    // By hand: mean 0.02, s² = 0.001, factor 1/4 + 1/4.
    let differences = [0.0, 0.02, 0.06, 0.0]
    let test = try CorrectedResampledT(differences: differences, testCases: 20, trainingCases: 80)
    let variance = differences.reduce(0) { $0 + ($1 - 0.02) * ($1 - 0.02) } / 3
    #expect(close(test.standardError, (variance * 0.5).squareRoot()))
    #expect(close(test.pValue, StudentT.twoSided(0.02 / (variance * 0.5).squareRoot(), df: 3)))
    #expect(throws: NotEstimable.self) { try CorrectedResampledT(differences: [0, 0], testCases: 1, trainingCases: 4) }
    let optimism = try OptimismCorrection(apparent: 0.9, resampled: [0.95, 0.93], original: [0.8, 0.82])
    #expect(close(optimism.corrected, 0.9 - 0.13))
  }

  /// Six subjects and four judges (Shrout and Fleiss 1979, table 2): 0.29 and 0.71 there.
  @Test("The intraclass correlation equals the reference")
  func intraclassCorrelationEqualsReference() throws {
    let icc = try IntraclassCorrelation(r.rows("icc/ratings"))
    let (agreement, consistency) = (try icc.agreementInterval(), try icc.consistencyInterval())
    #expect(try close([icc.agreement, agreement.lower, agreement.upper], r.numbers("icc/agreement")))
    #expect(try close([icc.consistency, consistency.lower, consistency.upper], r.numbers("icc/consistency")))
    let shifted = try IntraclassCorrelation([[1, 2], [2, 3], [5, 6]])
    #expect(close(shifted.consistency, 1) && shifted.agreement < 1)
    #expect(throws: NotEstimable.self) { try IntraclassCorrelation([[1, 1], [1, 1]]) }
    #expect(throws: NotEstimable.self) { try IntraclassCorrelation([[1, .nan], [1, 2]]) }
    #expect(throws: NotEstimable.self) { try IntraclassCorrelation([[1, 2]]) }
  }
}
