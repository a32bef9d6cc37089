import Foundation
import Testing

/// `docs/errors.md` is the users' list of codes: it holds every code that the sources name, and no other.
@Suite("The catalogue of errors")
struct ErrorCatalogueTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("lists every error code that the sources name")
  func everyErrorCodeIsListed() throws {
    let named = try Self.sources().reduce(into: Set<String>()) { codes, text in
      codes.formUnion(text.matches(of: #/"(E_[A-Z0-9_]+)"/#).map { String($0.1) })
    }
    #expect(named.count > 80)
    let listed = try Self.listed(#/^\| `(E_[A-Z0-9_]+)` \|/#)
    #expect(Set(listed).subtracting(named).isEmpty, "listed, but in no source")
    #expect(named.subtracting(listed).isEmpty, "not listed in docs/errors.md")
    #expect(Set(listed).count == listed.count, "listed twice")
  }

  @Test("each code has the exit status of its declaration")
  func exitStatusesMatchDeclarations() throws {
    let status = [
      "usage": 64, "badInput": 65, "inputMissing": 66, "internal": 70, "io": 74, "temporary": 75, "configuration": 78,
    ]
    var declared: [String: Int] = [:]
    for text in try Self.sources() {
      for match in text.matches(of: #/ErrorCode\("(E_[A-Z0-9_]+)", \.([a-zA-Z]+)\)/#) {
        let exit: Int = try #require(status[String(match.2)])
        declared[String(match.1)] = exit
      }
    }
    #expect(declared.count > 80)
    var listed: [String: Int] = [:]
    for line in try Self.catalogue() {
      guard let match = line.firstMatch(of: #/^\| `(E_[A-Z0-9_]+)` \| ([0-9]+) \|/#) else { continue }
      listed[String(match.1)] = Int(match.2)
    }
    for (code, exit) in declared {
      #expect(listed[code] == exit, "\(code) ends with \(exit), the list says \(listed[code] ?? 0)")
    }
  }

  @Test("lists every note that a result may carry")
  func everyNoteIsListed() throws {
    let named = try Self.sources().reduce(into: Set<String>()) { codes, text in
      codes.formUnion(text.matches(of: #/(?:Note\(\s*code: |add\(\s*)"([A-Z0-9_]+)"/#).map { String($0.1) })
    }
    #expect(named.count > 10)
    #expect(Set(try Self.listed(#/^\| `([A-DF-Z][A-Z0-9_]+|E[A-Z0-9][A-Z0-9_]+)` \|/#)) == named)
  }

  private static func catalogue() throws -> [Substring] {
    try String(contentsOf: root.appendingPathComponent("docs/errors.md"), encoding: .utf8).split(separator: "\n")
  }

  private static func listed(_ row: Regex<(Substring, Substring)>) throws -> [String] {
    try catalogue().compactMap { line in line.firstMatch(of: row).map { String($0.1) } }
  }

  /// The text of every Swift file of the program.
  private static func sources() throws -> [String] {
    let folder = root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
      try String(contentsOf: $0, encoding: .utf8)
    }
  }
}
