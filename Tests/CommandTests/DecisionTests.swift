import Foundation
import Testing

/// `docs/decisions`: numbered without a gap, each with a status, all in the index.
@Suite("Decisions")
struct DecisionTests {
  private static let folder = ErrorCatalogueTests.root.appendingPathComponent("docs/decisions")

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") && $0 != "README.md" }
      .sorted()
  }

  @Test("each has a number, a status and its row in the index")
  func statusAndIndex() throws {
    let index = try String(contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    let names = try Self.names()
    #expect(names.count >= 15)
    for (place, name) in names.enumerated() {
      let number = String(name.prefix(4))
      #expect(Int(number) == place + 1, "\(name) has not the next number")
      let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
      #expect(text.hasPrefix("# \(number): "), "\(name) does not begin with its number")
      let status = text.firstMatch(of: #/\n\n\*\*Status\.\*\* (Proposed|Accepted|Superseded)/#)
      #expect(status != nil, "\(name) has no status")
      let row = index.firstMatch(of: try Regex("\\[\(number)\\]\\(\(name)\\) \\| .* \\| ([a-z]+)"))
      #expect(
        row?.output[1].substring.map { $0 == (status?.1.lowercased() ?? "") } == true, "\(name) is not in the index")
    }
  }
}
