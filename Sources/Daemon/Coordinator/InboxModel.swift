internal import Configuration
internal import Files
internal import Intake
internal import Jobs

/// The inbox as the coordinator knows it: how its entries settle, their records, and how it is listed.
package struct InboxModel: Sendable {
  var settling: Settling
  var entries: [InboxEntry: EntryRecord] = [:]
  /// Entries of the inbox that are never taken.
  var strays: Set<FileName> = []
  var watcher = WatcherModel()

  /// The top of the inbox is to be listed, at this time.
  var listAt: BootTime? = 0
  /// Everything is to be listed, whatever events say.
  var rescanAt: BootTime = 0
  var isListing = false
  /// When the listing that is under way began.
  var listingBegan: BootTime = 0
  var identity: InboxListing.Identity?
  /// It is away: no entry counts as gone.
  var isLost = false
  var isUrgentLost = false
  /// A listing has taken too long.
  var isStalled = false
  /// Studies are copied and stay where they are.
  var isReadOnly: Bool
  /// Other machines write there: no events come, so it is listed more often.
  let isRemote: Bool
  /// Numbers given to probes, and to those that wait for one.
  var tokens = 0

  init(_ configuration: Configuration, isReadOnly: Bool, isRemote: Bool) {
    settling = Settling(timing: Self.timing(configuration))
    self.isReadOnly = isReadOnly
    self.isRemote = isRemote
  }

  static func timing(_ configuration: Configuration) -> Settling.Timing {
    Settling.Timing(settle: configuration.settle, incomplete: configuration.incomplete)
  }

  /// Some study waits for space.
  var lacksSpace: Bool { entries.values.contains(where: \.lacksSpace) }

  var probeCount: Int { entries.values.count { $0.probe != nil } }

  /// The name under which an entry is shown: an archive's without its suffix.
  func title(_ entry: InboxEntry) -> FileName {
    entries[entry]?.isArchive == true ? entry.name.archiveTitle ?? entry.name : entry.name
  }

  mutating func edit(_ entry: InboxEntry, _ change: (inout EntryRecord) -> Void) {
    change(&entries[entry, default: EntryRecord()])
  }

  /// Asks for the top of the inbox.
  mutating func list(at time: BootTime) { listAt = min(listAt ?? time, time) }

  mutating func listAll(at now: BootTime) {
    settling.hint(nil)
    list(at: now)
  }

  /// One record for each present entry. A missing entry has none, unless an operation is under way for it.
  mutating func update(present: [InboxEntry], archives: Set<InboxEntry>, listingBegan began: BootTime) {
    let isThere = Set(present)
    for name in present where entries[name] == nil { entries[name] = EntryRecord() }
    for (name, entry) in entries {
      entries[name]?.isArchive = archives.contains(name)
      if let taken = entry.taken, taken < began { entries[name]?.taken = nil }
      guard !isThere.contains(name) else { continue }
      entries[name]?.forgetContent()
      if !entry.outlives(listing: began), !(isUrgentLost && name.isUrgent) { entries[name] = nil }
    }
  }

  mutating func requestProbe(_ name: InboxEntry) {
    tokens += 1
    edit(name) { [tokens] in $0.probeTurn = tokens }
  }

  /// Whether missing folders in a replaced inbox must be made before its listing counts.
  func needsRemaking(_ listing: InboxListing, _ scan: Scan) -> Bool {
    if isReadOnly, !scan.isReadOnly, !scan.hasControl { return true }
    guard let identity, !scan.isReadOnly else { return false }
    let isOther = identity != listing.identity || !scan.hasControl
    return isOther && identity.device == listing.identity.device
  }

  /// When an operation is due without an event.
  func nextDeadline(isStopping: Bool, stall: Double) -> BootTime? {
    var times: [BootTime?] = entries.values.map(\.probe?.deadline) + [watcher.restartAt]
    if isListing, !isStalled { times.append(listingBegan + stall) }
    if !isStopping {
      times += entries.values.map { $0.forbidden?.until }
      if !isListing { times += [isLost ? nil : settling.nextDue, listAt, rescanAt] }
    }
    return times.compactMap(\.self).filter { $0 < .infinity }.min()
  }
}

/// The watcher process.
struct WatcherModel: Sendable {
  /// Counts starts; output of an earlier one is ignored.
  var generation = 0
  var isRunning = false
  var isWatching = false
  var failures = 0
  var restartAt: BootTime?
}
