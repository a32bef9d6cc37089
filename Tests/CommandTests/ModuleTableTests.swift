import Foundation
import TestKit
import Testing

/// `docs/architecture.md` lists every module, and no module imports one above it.
struct ModuleTableTests {
  /// The modules' names in the order of the table; a row may name several.
  private static func rows() throws -> [[String]] {
    let text = try String(
      contentsOf: SharedData.checkout.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("| module |") }
    return lines.dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|")[0].matches(of: #/`([A-Za-z-]+)`/#).map { String($0.1) }
    }
  }

  private static let sources = SharedData.checkout.appendingPathComponent("Sources")

  private static func imports(of module: String) throws -> Set<String> {
    let folder = sources.appendingPathComponent(module)
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.reduce(into: []) { names, file in
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: #/(?m)^(?:[a-z]+ )?import ([A-Za-z]+)$/#) {
        names.insert(String(match.1))
      }
    }
  }

  @Test("every module of Sources is in the table once")
  func tableIsComplete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path).filter { !$0.hasPrefix(".") }
    #expect(try Self.rows().flatMap(\.self).sorted() == folders.sorted())
  }

  @Test("no module imports one above it in the table")
  func importsPointDown() throws {
    let rows = try Self.rows()
    let place = Dictionary(
      uniqueKeysWithValues: rows.enumerated().flatMap { place, names in names.map { ($0, place) } })
    var arrows = 0
    for (module, own) in place where !module.hasPrefix("C") || module == "Configuration" {
      for other in try Self.imports(of: module) {
        guard let below = place[other] else { continue }
        arrows += 1
        #expect(below >= own, "\(module) imports \(other), which does not stand below it")
      }
    }
    #expect(arrows > 100)
  }
}
