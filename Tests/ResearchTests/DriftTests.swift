import Documents
import Foundation
import Model
import Research
import Study
import TestKit
import Testing

/// Cases drawn like the training cases show no drift, moved ones do, and few give no result: synthetic numbers through
/// the forest bundle of the model tests (12 features, 90 training cases).
@Suite struct DriftTests {
  private static let bundle = try! ModelBundle(
    contentsOf: SharedData.checkout.appendingPathComponent("Tests/ModelTests/Fixtures/forest/bundle").path)

  private struct Expected: Decodable {
    struct Row: Decodable { var features: [Double] }
    var features: [String]
    var rows: [Row]
  }

  /// The training cases themselves.
  private func cases() throws -> [[String: Double]] {
    let file = SharedData.checkout.appendingPathComponent("Tests/ModelTests/Fixtures/forest/expected.json")
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
    return expected.rows.prefix(90).map { Dictionary(uniqueKeysWithValues: zip(expected.features, $0.features)) }
  }

  @Test("The same cases do not drift, moved ones do")
  func onlyMovedCasesDrift() throws {
    let same = DriftReport(Self.bundle, cases: try cases(), unreadable: 0)
    #expect(same.comparisons.map(\.name) == ["score", "component 1", "component 2", "component 3", "component 4"])
    // Components are linear: training cases are spread as unseen ones. (A forest's score is sharper on its own cases.)
    for item in same.comparisons.dropFirst() {
      #expect(item.pValue! > 0.05 && item.stability! < 0.5, "\(item)")
    }
    #expect(same.oftenOutside.isEmpty && same.meanOutsideRange == 0)

    let cohort = try #require(Self.bundle.cohort)
    let moved = try cases().map { item in
      var item = item
      for (index, name) in Self.bundle.manifest.features.enumerated() { item[name]! += 3 * cohort.features.sd[index] }
      return item
    }
    let drift = DriftReport(Self.bundle, cases: moved, unreadable: 2)
    #expect(drift.comparisons.contains { $0.pValue! < 1e-6 && $0.stability! > 1 })
    #expect(drift.meanOutsideRange > 5 && drift.oftenOutside.count == 10 && drift.flagged > 10)
    #expect(drift.remarks.contains { $0.contains("2 cases are left out") })
    #expect(drift.text.contains("component 1") && drift.json.text().contains("psiByChance"))
  }

  @Test("A small number of cases is reported as such")
  func fewCasesAreReportedAsFew() throws {
    let few = DriftReport(Self.bundle, cases: Array(try cases().prefix(4)), unreadable: 0)
    #expect(few.remarks.contains { $0.contains("too few") })
    #expect(few.comparisons[0].stabilityByChance > 1)
    let none = DriftReport(Self.bundle, cases: [], unreadable: 0)
    #expect(none.comparisons.allSatisfy { $0.pValue == nil && $0.reason != nil })
    #expect(!none.text.isEmpty)
  }
}
