package import Files

/// An entry of the inbox that is, or may be, a study: a folder or an archive, directly in the inbox or in the folder
/// `urgent` there. Two entries of one name in both places are two studies.
package struct InboxEntry: Sendable, Hashable {
  package let name: FileName
  /// It lies in `urgent`: it goes before others.
  package let isUrgent: Bool

  package init(_ name: FileName, isUrgent: Bool = false) {
    self.name = name
    self.isUrgent = isUrgent
  }

  /// The entry at a path below the inbox: `NAME` or `urgent/NAME`; nil for any other path.
  package init?(_ path: [UInt8]) {
    let parts = path.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard let last = parts.last, let name = FileName(Array(last)) else { return nil }
    guard parts.count == 1 || (parts.count == 2 && Array(parts[0]) == Self.urgentName.bytes) else { return nil }
    self.init(name, isUrgent: parts.count == 2)
  }

  /// The folder in the inbox whose entries are urgent. It is never a study itself, and stays where it is.
  package static let urgentName = FileName("urgent")!

  /// The path below the inbox, as bytes.
  package var path: [UInt8] { isUrgent ? Self.urgentName.bytes + [0x2F] + name.bytes : name.bytes }
}

extension Path {
  /// Path of this entry in an inbox.
  package static func / (inbox: Path, entry: InboxEntry) -> Path { Path(bytes: inbox.bytes + [0x2F] + entry.path) }
}
