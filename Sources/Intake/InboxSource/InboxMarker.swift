package import Files
internal import Foundation
internal import Glibc
internal import Jobs

/// The hidden file by which the inbox is recognised: the empty folder below a share that is not mounted has none.
///
/// The state folder keeps the same line in `inbox`, with the path it belongs to. Without that file any inbox is new; with
/// another path in it the configuration names another inbox. A read-only inbox has no marker of ours; then the record
/// says so, and a writable folder in its place is refused.
package struct InboxMarker: Sendable {
  package enum Finding: Sendable, Equatable {
    /// The record has no inbox yet, or an administrator has put an empty marker there.
    case new
    case known
    /// The inbox that was served has lost its marker: it is not mounted, or another folder.
    case absent
    /// It has the marker of another installation.
    case foreign
  }

  package static let name = ".radiomicsd-inbox"

  private let inbox: Path
  private let marker: Path
  private let record: Path
  private let state: Path
  private let operations: any FileOperations

  package init(_ layout: Layout, _ operations: any FileOperations) {
    inbox = layout.inbox
    marker = layout.inbox / Self.name
    state = layout.state
    record = layout.state / "inbox"
    self.operations = operations
  }

  /// Whether the marker is there now.
  package var isThere: Bool { marker.withCString { access($0, F_OK) } == 0 }

  /// Stands in the record in place of an identity: the inbox was read-only and without marker.
  private static let readOnly = "read-only"

  /// Examines the inbox before any file is made in it.
  ///
  /// - Parameter isReadOnly: no file can be made in it.
  /// - Throws: `FileError` when marker or record exist and cannot be read.
  package func find(isReadOnly: Bool = false) throws -> Finding {
    guard let record = try contents(record), let (identity, path) = Self.parts(record), path == inbox.percentEncoded
    else { return .new }
    guard let own = try contents(marker) else {
      return isReadOnly && identity == Self.readOnly ? .known : .absent
    }
    if own.isEmpty { return .new }
    return own == identity ? .known : .foreign
  }

  /// Makes marker and record agree; the marker of an inbox that has one stays.
  ///
  /// - Parameter isReadOnly: only the record can be made.
  package func make(isReadOnly: Bool = false) throws {
    let known = try contents(record).flatMap(Self.parts)
    var identity = try contents(marker) ?? ""
    if identity.isEmpty, isReadOnly {
      identity = Self.readOnly
    } else if identity.isEmpty {
      let own = known.flatMap { $0.path == inbox.percentEncoded && $0.identity != Self.readOnly ? $0.identity : nil }
      identity = own ?? JobID.new().text
      try operations.remove(marker)
      try operations.write(Array((identity + "\n").utf8), to: marker, mode: 0o644)
      try operations.sync(inbox)
    }
    guard known?.identity != identity || known?.path != inbox.percentEncoded else { return }
    try operations.remove(record)
    try operations.write(Array("\(identity) \(inbox.percentEncoded)\n".utf8), to: record, mode: 0o600)
    try operations.sync(state)
  }

  private func contents(_ path: Path) throws -> String? {
    do {
      let bytes = try FileDigest.contents(path, limit: 16384)
      return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    } catch let error as FileError where error.isMissing {
      return nil
    }
  }

  private static func parts(_ text: String) -> (identity: String, path: String)? {
    let parts = text.split(separator: " ")
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }
}
