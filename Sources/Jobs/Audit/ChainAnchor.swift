package import Errors
internal import Foundation
internal import Glibc

extension ErrorCode {
  /// A file of anchors cannot be read.
  package static let auditAnchor = ErrorCode("E_AUDIT_ANCHOR", .badInput)
}

/// The head of the chain of events at one moment. Stored where the daemon's machine cannot change it, an anchor shows
/// later whether the chain was truncated or rebuilt, which the chain alone cannot.
package struct ChainAnchor: Sendable, Equatable, Codable {
  package var schema = "radiomicsd.anchor/1"
  /// The last event.
  package var sequence: Int64
  /// Its hash.
  package var hash: String
  /// Its time.
  package var time: String
  /// Number of jobs in the database at that time.
  package var jobs: Int

  package init(sequence: Int64, hash: String, time: String, jobs: Int) {
    self.sequence = sequence
    self.hash = hash
    self.time = time
    self.jobs = jobs
  }

  /// One JSON object on one line, keys in order.
  package var line: String {
    "{\"hash\":\(JSONText.string(hash)),\"jobs\":\(jobs),\"schema\":\(JSONText.string(schema)),"
      + "\"sequence\":\(sequence),\"time\":\(JSONText.string(time))}\n"
  }

  /// Reads a file of anchors: one object per line.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_AUDIT_ANCHOR` naming the line.
  package static func read(_ path: String) throws(StudyError) -> [ChainAnchor] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StudyError(.notFound, "the anchors cannot be read", file: path)
    }
    var anchors: [ChainAnchor] = []
    for (index, line) in data.split(separator: 0x0A).enumerated() {
      guard let anchor = try? JSONDecoder().decode(ChainAnchor.self, from: line),
        anchor.schema == "radiomicsd.anchor/1", anchor.sequence >= 0, anchor.hash.utf8.count == 64
      else {
        throw StudyError(
          .auditAnchor, "line \(index + 1) is not an anchor", file: path, hint: "give a file that audit anchor wrote")
      }
      anchors.append(anchor)
    }
    return anchors
  }

  /// Appends the anchor to a file and waits until it is on disk.
  ///
  /// - Parameter mode: of a newly created file.
  /// - Throws: `E_IO`.
  package func append(to path: String, mode: UInt32 = 0o640) throws(StudyError) {
    let isNew = access(path, F_OK) != 0
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, mode)
    let bytes = Array(line.utf8)
    let written = descriptor < 0 ? -1 : bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    let isDone = written == bytes.count && fsync(descriptor) == 0
    let reason = String(cString: strerror(errno))
    if descriptor >= 0 { close(descriptor) }
    if isNew {
      // The chain will state that the anchor exists: a power cut must not lose it.
      let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if folder >= 0 {
        fsync(folder)
        close(folder)
      }
    }
    guard isDone else { throw StudyError(.io, "the anchor cannot be written: \(reason)", file: path) }
  }
}

extension JobStore {
  /// The chain's head now.
  package func anchor() throws -> ChainAnchor {
    try read { database in
      let head = try EventChain.head(in: database)
      return ChainAnchor(
        sequence: head.sequence, hash: head.hash, time: head.time, jobs: try JobRow.count(in: database))
    }
  }
}
