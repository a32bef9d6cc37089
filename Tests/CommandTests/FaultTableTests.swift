import Foundation
import Testing

/// `docs/faults.tsv` says by which test a fault is shown: the test must exist, and what is not covered must say so.
@Suite struct FaultTableTests {
  @Test("Every test that the fault table names exists")
  func everyNamedTestExists() throws {
    let root = ErrorCatalogueTests.root
    let table = try String(contentsOf: root.appendingPathComponent("docs/faults.tsv"), encoding: .utf8)
    let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count > 60 && rows.allSatisfy { $0.count == 4 })
    #expect(Set(rows.map { $0[0] }).count == rows.count, "an id stands twice")
    let files = try #require(
      FileManager.default.enumerator(at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil))
    let tests = try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    for row in rows where row[3] != "-" { #expect(tests.contains("func \(row[3])("), "\(row[0]): \(row[3])") }
    for row in rows where row[3] == "-" { #expect(row[2] != "covered", "\(row[0])") }
  }
}
