import Evaluation
import Foundation
import Statistics
import Testing

@Suite("What the report says of its own numbers")
struct StatementTests {
  private func statements(_ study: ExperimentResults) -> [String: Statement] {
    Dictionary(Evaluation(study).statements.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
  }

  @Test("Noise is reported as no evidence")
  func noiseIsReportedAsNoEvidence() throws {
    let evaluation = Evaluation(SyntheticStudy.results(strength: 0))
    let first = try #require(evaluation.statements.first)
    #expect(first.id == "no-evidence" && first.weight == .caution)
    #expect(first.text.hasPrefix("No evidence that the model ranks cases better than chance"))
    let html = String(decoding: evaluation.htmlBytes(), as: UTF8.self)
    #expect(html.contains("data-statement=\"no-evidence\""))
    #expect(html.contains("no evidence against chance"))
  }

  @Test("A real difference is not reported as noise")
  func realDifferenceIsNotCalledNoise() throws {
    let found = statements(SyntheticStudy.results(strength: 1.5))
    #expect(found["no-evidence"] == nil)
    #expect(found["permutation"]?.weight == .note)
    // One permutation of 100 cannot say less than 1/101.
    #expect(found["permutation"]?.text.contains("in 0 of 100 runs (permutation p = 0.010)") == true)
  }

  @Test("The questions of a strict reviewer are answered")
  func reviewerQuestionsAreAnswered() throws {
    let found = statements(SyntheticStudy.results(strength: 1))
    for id in [
      "ranking-within-noise", "events-per-variable", "optimism", "split-seeds", "small-test-set",
      "no-external-validation", "interval-width",
    ] { #expect(found[id]?.weight == .caution, "\(id)") }
    #expect(found["events-per-variable"]?.text.hasPrefix("0.03 events per variable: 29 cases") == true)
    #expect(found["optimism"]?.text.contains("would do so on noise as well") == true)
    #expect(found["spread"]?.text.contains("not a confidence interval") == true)
  }

  @Test("The added value of radiomics is tested")
  func addedValueOfRadiomicsIsTested() throws {
    var study = SyntheticStudy.results(strength: 1.2)
    #expect(statements(study)["clinical-value"] == nil)
    var clinical = study.models[1]
    clinical.name = "Clinical variables"
    var both = study.models[0]
    both.name = "Both"
    both.test = study.testLabels.indices.map { (study.testLabels[$0] ? 0.6 : 0.4) + 0.001 * Double($0 % 7) }
    study.clinicalModels = ClinicalResults(
      variables: ["age", "sex"], leftOut: [Fact("stage", "known in 3 of 97 cases")],
      models: [study.models[0], clinical, clinical])
    // The same predictions: no difference, and no evidence of one.
    let same = try #require(statements(study)["clinical-value"])
    #expect(same.weight == .caution && same.text.contains("age, sex"))
    study.clinicalModels?.models[1].test = study.testIDs.indices.map { Double($0 % 2) * 0.5 + 0.2 }
    study.clinicalModels?.models[2] = both
    let better = try #require(statements(study)["clinical-value"])
    #expect(better.weight == .note && better.text.contains("Radiomics adds to them. It adds 0."))
    let evaluation = Evaluation(study)
    let html = String(decoding: evaluation.htmlBytes(), as: UTF8.self)
    #expect(html.contains("data-figure=\"clinical\"") && html.contains("Left out: stage (known in 3 of 97 cases)"))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(evaluation.jsonBytes())) as? [String: Any])
    let part = try #require(json["clinical"] as? [String: Any])
    #expect((part["models"] as? [Any])?.count == 3 && (part["comparisons"] as? [Any])?.count == 6)
  }

  @Test("Perfect separation is not reported as proof")
  func perfectSeparationIsNotCalledProof() throws {
    var study = SyntheticStudy.results(strength: 1, models: ["MLP"])
    study.models[0].test = study.testLabels.map { $0 ? 0.9 : 0.1 }
    let evaluation = Evaluation(study)
    let found = statements(study)
    #expect(found["perfect-separation"]?.weight == .caution)
    #expect(found["perfect-separation"]?.text.contains("not estimable") == true)
    #expect(found["calibration"]?.text.contains("cannot be judged") == true)
    #expect(evaluation.main.test?.auc.value == 1)
    #expect(evaluation.main.test?.deLong.value == nil && evaluation.main.test?.bootstrap.value == nil)
    let json = String(decoding: evaluation.jsonBytes(), as: UTF8.self)
    #expect(json.contains("\"not_estimable\": \"the scores separate the classes perfectly"))
    #expect(!json.contains("NaN") && !json.contains("inf"))
  }

  @Test(
    "Samples too small for any estimate still give a report",
    arguments: [[], [true], [true, true], [false, false, false], [true, false]])
  func tinySamplesStillGiveAReport(_ labels: [Bool]) throws {
    var study = ExperimentResults(title: "t", labelDefinition: "d", classes: ["n", "p"], featureCount: 3)
    study.isExternal = true
    study.testLabels = labels
    var model = ModelResults(name: "M", kind: "lr", threshold: 0.5, thresholdRule: "fixed")
    model.test = labels.map { _ in 0.5 }
    study.models = [model]
    let evaluation = Evaluation(study)
    #expect(!evaluation.htmlBytes().isEmpty)
    _ = try JSONSerialization.jsonObject(with: Data(evaluation.jsonBytes()))
    if let test = evaluation.main.test, test.positives == 0 || test.positives == test.count {
      #expect(test.auc.reason != nil)
    }
  }

  @Test("Baseline tables choose the test by the kind of the column")
  func baselineTablesChooseTheTest() throws {
    let evaluation = Evaluation(SyntheticStudy.results(strength: 1))
    #expect(
      evaluation.tables.map(\.title) == [
        "Table 1. Training and test cases", "Table 2, training cases. HER2-positive and HER2-negative",
        "Table 2, test cases. HER2-positive and HER2-negative",
      ])
    let first = evaluation.tables[0]
    #expect(first.groupSizes == [67, 30])
    let age = try #require(first.rows.first { $0.variable == "Age" })
    #expect(age.test?.name == "Wilcoxon" && age.groups.allSatisfy { $0.contains(" to ") })
    #expect(first.rows.first { $0.variable == "Sex" }?.test?.name == "χ²")
    #expect(first.footnote.contains("Pearson's χ² test without Yates' continuity correction"))
    #expect(first.rows.contains { $0.variable == "Stage" && $0.level == "missing" })
    let stage = try #require(evaluation.tables[2].rows.first { $0.variable == "Stage" })
    #expect(stage.test?.name == "Fisher, exact" && (stage.smallestExpected ?? 9) < 5)
    // The class itself: 29 of 67 and 13 of 30.
    let rows = first.rows.filter { $0.variable == "Class" }
    #expect(rows.map(\.level) == ["HER2-negative", "HER2-positive"])
    #expect(rows[1].groups == ["29 (43.3 %)", "13 (43.3 %)"])
  }
}
