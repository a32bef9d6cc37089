public import Files

/// What lies in the inbox and is, or may be, a study: a folder or an archive, directly in the inbox or in the folder
/// `urgent` there. Two of one name in both places are two studies.
public struct InboxEntry: Sendable, Hashable {
  public let name: FileName
  /// It lies in `urgent`: it goes before others.
  public let isUrgent: Bool

  public init(_ name: FileName, isUrgent: Bool = false) {
    self.name = name
    self.isUrgent = isUrgent
  }

  /// The entry of a path below the inbox: `NAME` or `urgent/NAME`; nil for what is neither.
  public init?(_ path: [UInt8]) {
    let parts = path.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard let last = parts.last, let name = FileName(Array(last)) else { return nil }
    guard parts.count == 1 || (parts.count == 2 && Array(parts[0]) == Self.urgentName.bytes) else { return nil }
    self.init(name, isUrgent: parts.count == 2)
  }

  /// The folder in the inbox whose entries are urgent. It is never a study itself, and stays where it is.
  public static let urgentName = FileName("urgent")!

  /// The path below the inbox, as bytes.
  public var path: [UInt8] { isUrgent ? Self.urgentName.bytes + [0x2F] + name.bytes : name.bytes }
}

extension Path {
  /// Where an entry of this inbox lies.
  public static func / (inbox: Path, entry: InboxEntry) -> Path { Path(bytes: inbox.bytes + [0x2F] + entry.path) }
}
