package import Jobs

/// State of one entry of the inbox that has not been taken yet.
package struct WaitingStudy: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// It changes, or has not been quiet for long enough.
    case settling
    /// It is quiet; a child process examines whether it is complete.
    case probing
    /// It is complete, or refused, and is taken as soon as there is room.
    case ready(refusal: JobError?)
    /// It is quiet but a part is missing: waits for a change or for the deadline.
    case incomplete(JobError)
    /// It is quiet but holds a file whose name says that it is being copied.
    case unfinished(file: String)
    /// It is quiet but a process has a file of it open to write.
    case written(file: String)
    /// It is quiet but blocks of a file were never written: perhaps they are zeros, perhaps they are still to come.
    case sparse(file: String)
    /// It is quiet and holds nothing.
    case empty
    /// It was put back after its job and has not changed since.
    case kept
  }

  package internal(set) var phase = Phase.settling
  package internal(set) var listing = Listing()
  /// Boot-clock second of the last change that was seen.
  package internal(set) var changed: Double
  /// Boot-clock second of the last listing; nil before the first.
  var listed: Double?
  /// An event came after the last listing.
  var isHinted = true
  /// It lies in `urgent`, or its `study.yaml` asks for priority.
  package internal(set) var isUrgent = false
  /// It is listed before others, because it may be urgent.
  var isForemost = false
  /// Failures of the probe itself with this listing.
  var probeFaults = 0

  /// It has been listed and will be taken soon.
  var isOnItsWay: Bool {
    guard listed != nil else { return false }
    switch phase {
    case .settling, .probing, .ready: return true
    case .incomplete, .unfinished, .written, .sparse, .empty, .kept: return false
    }
  }
}

/// Decides when a study in the inbox is listed, probed and taken: a value without clock or disk.
///
/// A study is quiet when two listings at least `settle` apart have one fingerprint. Then a probe says whether it is
/// complete. All times are seconds of the boot clock; the wall clock plays no part.
package struct Settling: Sendable {
  package struct Timing: Sendable {
    /// Quiet time before a study is probed.
    package var settle: Double
    /// Quiet time once a `READY` file is there.
    package var settleReady: Double
    /// Time without change after which an incomplete study is refused.
    package var incomplete: Double
    /// Time after which an empty folder is refused.
    package var empty: Double = 86400

    package init(settle: Double, incomplete: Double) {
      self.settle = settle
      settleReady = min(1, settle)
      self.incomplete = incomplete
    }
  }

  /// Outcome of a probe of a listing.
  package enum Verdict: Sendable, Equatable {
    case complete
    /// Complete, and asks for priority.
    case urgent
    case incomplete(JobError)
    case rejected(JobError)
    /// The probe itself failed.
    case unknown
  }

  package var timing: Timing
  /// Largest number of studies listed at once; the others wait, so that a thousand drops do not become a thousand
  /// walks.
  package let breadth: Int
  package private(set) var studies: [InboxEntry: WaitingStudy] = [:]
  /// Listings of originals that were put back, which are not taken again.
  private var kept: [InboxEntry: String] = [:]

  package init(timing: Timing, breadth: Int = 64) {
    self.timing = timing
    self.breadth = breadth
  }

  /// Do not take this listing of a study again: its job is over and the original was to stay. Nil takes it again.
  package mutating func keep(_ name: InboxEntry, listing: String?) {
    kept[name] = listing
    if listing == nil, studies[name]?.phase == .kept {
      studies[name]?.phase = .settling
      studies[name]?.isHinted = true
    }
  }

  /// This listing of a study may be taken again; another kept listing stays kept.
  package mutating func release(_ name: InboxEntry, listing: String) {
    if kept[name] == listing { keep(name, listing: nil) }
  }

  /// A listing of this study is not taken again.
  package func hasKept(_ name: InboxEntry) -> Bool { kept[name] != nil }

  /// Sets the entries that are in the inbox now. Returns those that have gone.
  ///
  /// - Parameter foremost: of these, the ones that are listed before others.
  package mutating func present(
    _ names: some Sequence<InboxEntry>, foremost: Set<InboxEntry> = [], at now: Double
  ) -> [InboxEntry] {
    let present = Set(names)
    let gone = studies.keys.filter { !present.contains($0) }
    for name in gone { studies[name] = nil }
    for name in present where studies[name] == nil {
      studies[name] = WaitingStudy(changed: now)
      studies[name]?.isUrgent = name.isUrgent
    }
    for name in foremost where present.contains(name) { studies[name]?.isForemost = true }
    return gone
  }

  /// An event came from a study; nil stands for any study.
  package mutating func hint(_ name: InboxEntry?) {
    if let name {
      studies[name]?.isHinted = true
    } else {
      for name in studies.keys { studies[name]?.isHinted = true }
    }
  }

  /// A study was taken, or its folder is gone.
  package mutating func remove(_ name: InboxEntry) { studies[name] = nil }

  /// The studies to list now: those with an event or at their deadline, the longest unlisted first.
  package func due(at now: Double) -> [InboxEntry] {
    let due = studies.filter { $0.value.phase != .probing && dueTime($0.value) <= now }
    let known = due.filter { $0.value.listed != nil }.sorted { ($0.value.listed ?? 0) < ($1.value.listed ?? 0) }
    // New ones only while few are on their way: the others wait unread until those have been taken.
    let room = max(0, breadth - studies.values.count(where: \.isOnItsWay))
    let new = due.filter { $0.value.listed == nil }.sorted { $0.value.changed < $1.value.changed }
    // A few that may be urgent are listed even while a thousand others wait.
    let order =
      known.prefix(breadth) + new.filter(\.value.isForemost).prefix(8)
      + new.filter { !$0.value.isForemost }.prefix(room)
    return order.prefix(breadth + 8).map(\.key)
  }

  /// When `due` next returns a study; nil when only an event can change the state.
  package var nextDue: Double? {
    let hasRoom = studies.values.count(where: \.isOnItsWay) < breadth
    let next = studies.values.lazy
      .filter { $0.phase != .probing && (hasRoom || $0.listed != nil || $0.isForemost) }.map(dueTime).min()
    return next == .infinity ? nil : next
  }

  private func dueTime(_ study: WaitingStudy) -> Double {
    guard let listed = study.listed else { return 0 }
    // Events come in storms while a copy runs: list a study no more often than this.
    let pause = min(max(timing.settle / 20, 0.05), 0.5)
    if study.isHinted { return listed + pause }
    switch study.phase {
    case .settling: return max(study.changed + quiet(study), listed + pause)
    case .incomplete: return study.changed + timing.incomplete
    case .empty: return study.changed + timing.empty
    case .sparse: return study.changed + timing.incomplete
    // The end of writing is an event; without events it is looked for.
    case .written: return listed + max(timing.settle, pause)
    case .ready, .unfinished, .kept, .probing: return .infinity
    }
  }

  private func quiet(_ study: WaitingStudy) -> Double { study.listing.isReady ? timing.settleReady : timing.settle }

  /// Whether a study will be quiet for long enough when it is listed now, so that its files are examined themselves.
  package func wantsCloseLook(_ name: InboxEntry, at now: Double) -> Bool {
    guard let study = studies[name], study.listed != nil else { return false }
    return now - study.changed >= quiet(study)
  }

  /// Studies are being listed: events that come from now on call for another listing.
  package mutating func listing(_ names: [InboxEntry]) {
    for name in names { studies[name]?.isHinted = false }
  }

  /// A study was listed. Returns true when it is to be probed now.
  package mutating func listed(_ name: InboxEntry, _ listing: Listing, at now: Double) -> Bool {
    guard var study = studies[name] else { return false }
    defer { studies[name] = study }
    let isFirst = study.listed == nil
    let isSame =
      !isFirst && listing.fingerprint == study.listing.fingerprint && listing.isReady == study.listing.isReady
    study.listed = now
    study.listing = listing
    if kept[name] == listing.fingerprint {
      // Nothing to wait for, and thousands of such studies must not hold up a new one.
      study.phase = .kept
      return false
    }
    if !isSame {
      study.changed = now
      study.phase = .settling
      study.probeFaults = 0
      return false
    }
    guard now - study.changed >= quiet(study), listing.isClose else { return false }
    return settle(&study, name, at: now)
  }

  /// Decides the next phase of a quiet study.
  private func settle(_ study: inout WaitingStudy, _ name: InboxEntry, at now: Double) -> Bool {
    let age = now - study.changed
    if let refusal = study.listing.refusal {
      study.phase = .ready(refusal: refusal)
    } else if let file = study.listing.inProgress {
      study.phase = .unfinished(file: file)
    } else if let file = study.listing.written {
      study.phase = .written(file: file)
    } else if let file = study.listing.sparse, age < timing.incomplete {
      study.phase = .sparse(file: file)
    } else if study.listing.files == 0 {
      study.phase = .empty
      if age >= timing.empty {
        study.phase = .ready(
          refusal: JobError(code: "E_EMPTY", message: "the folder holds no files", hint: "drop the study's files"))
      }
    } else if let unreadable = study.listing.unreadable {
      study.phase = age >= timing.incomplete ? .ready(refusal: unreadable) : .incomplete(unreadable)
    } else if case .incomplete(let error) = study.phase {
      if age >= timing.incomplete { study.phase = .ready(refusal: error) }
    } else if case .ready = study.phase {
      return false
    } else {
      study.phase = .probing
      return true
    }
    return false
  }

  /// A probe has ended that examined the listing `fingerprint`.
  package mutating func probed(_ name: InboxEntry, fingerprint: String, _ verdict: Verdict, at now: Double) {
    guard var study = studies[name], study.phase == .probing else { return }
    defer { studies[name] = study }
    if study.isHinted || study.listing.fingerprint != fingerprint {
      // An event came during the probe: list again before deciding.
      study.isHinted = true
    }
    switch verdict {
    case .complete, .urgent:
      study.phase = .ready(refusal: nil)
      study.isUrgent = verdict == .urgent || name.isUrgent
    case .rejected(let error): study.phase = .ready(refusal: error)
    case .incomplete(let error):
      study.phase =
        study.listing.isReady || now - study.changed >= timing.incomplete ? .ready(refusal: error) : .incomplete(error)
    case .unknown:
      // The probe failed, not the study: try once more, then let a job decide, which has attempts and a record.
      study.probeFaults += 1
      study.phase = study.probeFaults < 2 ? .settling : .ready(refusal: nil)
    }
  }

  /// Studies that may be taken, the longest waiting first.
  package var takeable: [InboxEntry] {
    studies.filter { entry in
      if case .ready = entry.value.phase { return !entry.value.isHinted }
      return false
    }.sorted { $0.value.changed < $1.value.changed }.map(\.key)
  }
}
