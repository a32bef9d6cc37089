internal import Errors
package import Files
internal import Foundation

/// Position of a follower: the last event it has taken, with its hash. A file of its own in `state/followers`, because
/// a cursor does not belong to the record and changes too often for a chain of hashes.
package struct FollowerCursor: Sendable, Equatable, Codable {
  package static let schema = "radiomicsd.cursor/1"

  package private(set) var schema = FollowerCursor.schema
  /// 0 before the first event.
  package var sequence: Int64 = 0
  /// Hash of that event; empty before the first.
  package var hash = ""

  package init(sequence: Int64 = 0, hash: String = "") {
    self.sequence = sequence
    self.hash = hash
  }
}

/// Keeps cursors on disk.
package struct FollowerCursors: Sendable {
  private let folder: Path
  private let operations: any FileOperations

  /// - Parameter state: the daemon's private folder.
  package init(state: Path, _ operations: any FileOperations) {
    folder = state / "followers"
    self.operations = operations
  }

  private func file(_ name: String) -> Path { folder / "\(name).json" }

  /// Position of a follower; the beginning for a new one, or where its cursor cannot be read.
  package func cursor(of name: String) -> FollowerCursor {
    guard let data = FileManager.default.contents(atPath: String(decoding: file(name).bytes, as: UTF8.self)),
      let cursor = try? JSONDecoder().decode(FollowerCursor.self, from: data), cursor.schema == FollowerCursor.schema
    else { return FollowerCursor() }
    return cursor
  }

  /// Stores a cursor: complete or unchanged, also after a power cut.
  package func keep(_ cursor: FollowerCursor, of name: String) throws {
    let draft = folder / "\(name).tmp"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let bytes = [UInt8](try encoder.encode(cursor))
    try operations.makeFolder(folder, mode: 0o700)
    try operations.remove(draft)
    try operations.write(bytes, to: draft, mode: 0o600)
    // Renaming replaces nothing here. Without its file a follower starts again, which at-least-once delivery allows.
    try operations.remove(file(name))
    try operations.rename(draft, to: file(name))
    try operations.sync(folder)
  }
}
