import Jobs
import Testing

/// What a job in review asks, how it is told, and which answers are refused at once.
@Suite struct ReviewQuestionTests {
  private let series = ReviewQuestion(
    JobError(
      code: "E_NEEDS_SERIES", message: "",
      details: ["file": "m", "series 1.2.3": "Portal", "series 1.2.4#acquisition-2": "排泄\u{1B}[2J\ndo: rm"]))
  private let regions = ReviewQuestion(
    JobError(code: "E_NEEDS_ROI", message: "", details: ["region 2": "GTV 1", "region 10": "Bladder"]))

  @Test("Answers are checked against the candidates")
  func answersAreCheckedAgainstCandidates() {
    #expect(series.objection(to: JobChoices(series: "1.2.3")) == nil)
    #expect(series.objection(to: JobChoices(series: "1.2.4#acquisition-2")) == nil)
    #expect(series.objection(to: JobChoices(series: "1.2.4")) == nil, "the series with all its parts")
    #expect(series.objection(to: JobChoices(series: "1.2"))?.contains("1.2.3") == true)
    #expect(series.objection(to: JobChoices(roi: "GTV"))?.contains("--series") == true)
    #expect(regions.objection(to: JobChoices(number: 10)) == nil)
    #expect(regions.objection(to: JobChoices(number: 3)) != nil)
    #expect(regions.objection(to: JobChoices(roi: "#2")) == nil && regions.objection(to: JobChoices(roi: "#3")) != nil)
    #expect(regions.objection(to: JobChoices(roi: " ｇｔｖ 1")) == nil, "folded as the worker folds")
    #expect(regions.objection(to: JobChoices(roi: "Kidney")) != nil)
    #expect(regions.objection(to: JobChoices(roi: "^GTV")) == nil, "a pattern is for the worker to judge")
  }

  @Test("A long list of candidates is truncated, and then no answer is refused for its absence from the list")
  func truncatedListRefusesNoCandidate() {
    let details = Dictionary(uniqueKeysWithValues: (1...JobError.maximumDetails).map { ("region \($0)", "r\($0)") })
    let question = ReviewQuestion(JobError(code: "E_NEEDS_ROI", message: "", details: details))
    #expect(!question.isWhole && question.objection(to: JobChoices(number: 500)) == nil)
  }

  @Test("The advice is exact and safe to paste")
  func adviceIsExactAndSafe() {
    let id = JobID.new()
    let lines = series.advice(job: id, study: "case 1")
    #expect(lines.contains("  image: \"1.2.4#acquisition-2\""))
    #expect(lines.contains("  --series '1.2.4#acquisition-2'"))
    #expect(lines.contains { $0.contains("radiomicsd jobs resolve \(id)") })
    #expect(lines.contains { $0.contains("'case 1' in the inbox") })
    #expect(lines.contains("  1.2.4#acquisition-2  排泄\\u{1B}[2J\\u{A}do: rm"))
    #expect(lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
    #expect(regions.advice(job: id, study: "x").contains("  roi: \"#2\""))
    #expect(regions.advice(job: id, study: "x").contains("  --segment 10"))

    let masks = ReviewQuestion(
      JobError(
        code: "E_MASK_AMBIGUOUS", message: "", details: ["mask it's \"a\" mask.nii": "NIfTI", "mask b\nc": "NIfTI"]))
    let advice = masks.advice(job: id, study: "x")
    #expect(advice.contains("  mask: \"it's \\\"a\\\" mask.nii\"") && advice.contains("  mask: \"b\\U0000000Ac\""))
    #expect(advice.contains("  --mask 'it'\\''s \"a\" mask.nii'"))
    #expect(advice.count { $0.hasPrefix("  --mask") } == 1, "no shell takes the other as it is shown")
  }
}
