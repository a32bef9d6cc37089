package import Files

/// Output of `radiomicsd-watch`: hints about the inbox, each ended by a NUL byte.
package enum WatchRecord: Sendable, Equatable {
  /// The whole tree is watched from now on.
  case watching(folders: Int)
  /// An event in the study of this name, or on it.
  case event(InboxEntry)
  /// An event in the inbox that concerns no single study.
  case other
  /// Events were dropped.
  case overflow
  /// Not every folder can be watched.
  case degraded(reason: String)
  /// The inbox itself is gone.
  case lost

  /// Reads one record, without its NUL; nil for any other bytes.
  package init?(_ record: [UInt8], inbox: Path) {
    let parts = record.split(separator: 0x20, maxSplits: 1).map(Array.init)
    let rest = parts.count > 1 ? parts[1] : []
    switch parts.first.map({ String(decoding: $0, as: UTF8.self) }) {
    case "watching": self = .watching(folders: Int(String(decoding: rest, as: UTF8.self)) ?? 0)
    case "overflow": self = .overflow
    case "degraded": self = .degraded(reason: String(decoding: rest, as: UTF8.self))
    case "lost": self = .lost
    case "event":
      let prefix = inbox.bytes + [0x2F]
      guard rest.starts(with: prefix),
        let entry = Self.entry(Array(rest[prefix.count...]))
      else {
        self = .other
        return
      }
      self = .event(entry)
    default: return nil
    }
  }

  /// The entry of the inbox that a path below it belongs to; nil for `urgent` itself.
  private static func entry(_ path: [UInt8]) -> InboxEntry? {
    let parts = path.split(separator: 0x2F, maxSplits: 2).map(Array.init)
    guard let top = parts.first, top != InboxEntry.urgentName.bytes else {
      return parts.count > 1 ? FileName(parts[1]).map { InboxEntry($0, isUrgent: true) } : nil
    }
    return InboxEntry(top)
  }
}

/// Cuts a stream of bytes into records.
package struct WatchRecordReader: Sendable {
  private var pending: [UInt8] = []
  private let inbox: Path

  package init(inbox: Path) { self.inbox = inbox }

  /// Takes in bytes and gives the records they complete. A record without end is given up after 64 KiB.
  package mutating func read(_ bytes: some Sequence<UInt8>) -> [WatchRecord] {
    var records: [WatchRecord] = []
    for byte in bytes {
      if byte == 0 {
        if let record = WatchRecord(pending, inbox: inbox) { records.append(record) }
        pending.removeAll(keepingCapacity: true)
      } else if pending.count < 65536 {
        pending.append(byte)
      }
    }
    return records
  }
}
