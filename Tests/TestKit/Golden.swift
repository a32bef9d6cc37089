package import Foundation

/// Documents as the program wrote them once, kept beside the tests: a change of one byte is seen.
///
/// What differs from run to run or from machine to machine is replaced by a word first. `RADIOMICSD_WRITE_GOLDENS=1`
/// rewrites the files; the commit that changes one says why.
package enum Golden {
  /// The text of a document next to the one that is kept; equal where nothing changed.
  ///
  /// - Parameter folder: of the kept documents, as a rule `Golden` beside the test.
  package static func pair(_ document: Data, _ name: String, in folder: URL) throws -> (found: String, kept: String) {
    let found = masked(String(decoding: document, as: UTF8.self))
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RADIOMICSD_WRITE_GOLDENS"] != nil {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(found.utf8).write(to: file)
    }
    return (found, (try? String(contentsOf: file, encoding: .utf8)) ?? "there is no \(file.path)")
  }

  /// Job ids, times, versions, digests of files that hold a time or numbers, and the last digits of numbers.
  package static func masked(_ text: String) -> String {
    var text = text
    text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "JOB")
    text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "TIME")
    text.replace(/"(zlib|libdeflate|dcmtk|openjpeg|libarchive|version|engine)"( ?: ?)"[^"]*"/) {
      "\"\($0.1)\"\($0.2)\"VERSION\""
    }
    text.replace(/"timings": \{[^}]*\}/, with: "\"timings\": {}")
    let files = /("(?:result\.json|report\.html|features\.csv|features\.json|overlay\.png)"): \{[^}]*\}/
    text.replace(files) { "\($0.1): {}" }
    text.replace(/"(memory_mb|listing)"( ?: ?)("[^"]*"|\d+)/) { "\"\($0.1)\"\($0.2)MASKED" }
    text.replace(/"files":"[0-9a-f]{64}"/, with: "\"files\":\"DIGEST\"")
    text.replace(/-?\d+\.\d{9,}(e-?\d+)?/) { String(format: "%.8g", Double($0.0) ?? .nan) }
    return text
  }
}
