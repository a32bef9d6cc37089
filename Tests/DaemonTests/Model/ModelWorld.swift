import Configuration
import Daemon
import Errors
import Files
import Glibc
import Intake
import Jobs

/// A world for the coordinator, without a disk, a process or a clock: what is durable, what is under way, and the rules that
/// must hold at every moment. Answers come in the order in which a test chooses; a crash loses all that is not durable.
struct ModelWorld {
  /// The worker's behaviour for a study.
  enum Nature: String, CaseIterable {
    case good, twin, refused, crashes, asks, changes
  }

  struct Study: Hashable {
    var name: String
    var nature: Nature
    /// Counts the user's changes.
    var version = 1

    /// The same for a study and its twin.
    var content: String { (nature == .twin || nature == .good ? "same" : name) + " \(version)" }
    var fingerprint: String { "\(name) \(version)" }
  }

  /// Something under way, with the effect that began it.
  struct Pending {
    var label: String
    var effect: Effect
    var began: Double
  }

  // What survives a crash
  private(set) var rows: [JobID: Job] = [:]
  private var rowInputs: [JobID: [InputFile]] = [:]
  private var rowAttempts: [JobID: Attempt] = [:]
  private(set) var finals: [JobID: Int] = [:]
  private var sequence: Int64 = 0
  private(set) var inbox: [InboxEntry: Study] = [:]
  private(set) var claimed: [JobID: (entry: InboxEntry, study: Study)] = [:]
  private(set) var spool: [JobID: Study] = [:]
  private(set) var outputs: [JobID: Int] = [:]
  private(set) var outbox: [JobID: JobState] = [:]
  private(set) var putAway: [Study] = []
  private(set) var dropped: [Study] = []
  private(set) var withdrawn = 0

  // What does not
  private(set) var coordinator: Coordinator
  private(set) var pending: [Pending] = []
  private(set) var clock = 100.0
  private(set) var shown: [String: String] = [:]
  /// Broken rules; empty while every rule holds.
  private(set) var faults: [String] = []
  private(set) var steps = 0

  private let configuration: Configuration
  /// So many of the next publications and copies fail: the outbox is away, the disk is full.
  private var failing = (publications: 0, copies: 0)

  init(maxJobs: Int = 2) {
    var configuration = Configuration()
    configuration.settle = 1
    configuration.incomplete = 12
    configuration.rescan = 60
    configuration.retry = [5]
    configuration.maxAttempts = 2
    configuration.maxJobs = maxJobs
    configuration.crashLimit = 50
    configuration.memoryBudget = 100_000
    self.configuration = configuration
    coordinator = Coordinator(configuration, Self.options(first: 0))
    tell(.started)
  }

  private static func options(first: Int) -> Coordinator.Options {
    var options = Coordinator.Options()
    options.hasWatcher = false
    options.pause = 1
    let counter = Counter(first)
    options.newID = { counter.next() }
    return options
  }

  // MARK: What a test can do

  mutating func drop(_ study: Study) {
    dropped.append(study)
    inbox[InboxEntry(FileName(study.name)!)] = study
  }

  mutating func fail(publications: Int, copies: Int) { failing = (publications, copies) }

  /// A task comes to its end.
  mutating func complete(_ place: Int) {
    let task = pending.remove(at: place)
    if let event = perform(task, isHeard: true) { tell(event) }
  }

  /// Time goes on to the next moment at which something is due.
  mutating func wait() {
    clock = max(clock + 0.01, coordinator.nextDeadline ?? clock + 60)
    tell(.tick)
  }

  /// The daemon dies. Some operations under way complete anyway, and no daemon learns of it.
  mutating func crash(doing isDone: (Int) -> Bool) {
    for (place, task) in pending.enumerated() where isDone(place) { _ = perform(task, isHeard: false) }
    pending = []
    clock += 1
    coordinator = Coordinator(configuration, Self.options(first: 1000 * steps + 1))
    recover()
  }

  /// The next daemon takes up what is there.
  mutating func recover() {
    tell(
      .kept(
        rows.values.filter { $0.originalAt == Job.inInbox && !$0.hasChangedOriginal }.map { ($0.entry!, $0.listing) }))
    for job in rows.values.filter({ !$0.swept }).sorted(by: { $0.sequence < $1.sequence }) {
      tell(.found(job, finding(job)))
    }
    // Claims without a job go back.
    for (id, claim) in claimed where rows[id] == nil {
      inbox[claim.entry] = claim.study
      claimed[id] = nil
      spool[id] = nil
    }
    tell(.started)
    tell(.tick)
  }

  mutating func request(_ verb: JobRequest.Verb, _ job: Job, choices: JobChoices? = nil) {
    tell(.requested(.new(), JobRequest(verb, job: job.id, actor: "tester", choices: choices), rows[job.id]))
  }

  /// Ends what is under way, in order, until only the clock or a person can change anything.
  mutating func settle(limit: Int = 4000) {
    for _ in 0..<limit {
      if !pending.isEmpty {
        complete(0)
      } else if !isSettled {
        wait()
      } else {
        return
      }
    }
    let states = rows.values.map { "\($0.study): \($0.state.rawValue) \($0.swept)" }.sorted()
    faults.append(
      "no end after \(limit) steps: \(states), inbox \(inbox.values.map(\.name).sorted()), next \((coordinator.nextDeadline ?? .infinity) - clock), \(signature)"
    )
  }

  /// Lists and probes, and lets time go on, until a job's task is under way or nothing more happens.
  mutating func quiesce(limit: Int = 500) {
    for _ in 0..<limit where faults.isEmpty {
      if let place = pending.firstIndex(where: { $0.label == "list" || $0.label.hasPrefix("probe") }) {
        complete(place)
      } else if pending.isEmpty, !isSettled {
        wait()
      } else {
        return
      }
    }
    faults.append("nothing happens in \(limit) steps")
  }

  /// Every job is over or waits for a person, and nothing in the inbox is to be taken.
  var isSettled: Bool {
    rows.values.allSatisfy { $0.swept || [.held, .needsReview].contains($0.state) } && inbox.isEmpty
  }

  /// Two worlds of one signature go on alike.
  var signature: String {
    let jobs = coordinator.jobs.records.values.map { "\($0.job.study) \($0.signature)" }.sorted()
    let tasks = pending.map(\.label).sorted()
    let places = [
      inbox.values.map { "i\($0.fingerprint)" }, claimed.values.map { "c\($0.study.fingerprint)" },
      spool.values.map { "s\($0.fingerprint)" }, outputs.map { "w\(rows[$0.key]?.study ?? "")" },
      outbox.map { "o\(rows[$0.key]?.study ?? "")\($0.value)" }, putAway.map { "p\($0.fingerprint)" },
    ].map { $0.sorted().joined(separator: " ") }
    return (jobs + ["|"] + tasks + ["|"] + places).joined(separator: ";")
  }

  // MARK: The coordinator's side

  mutating func tell(_ event: Coordinator.Event) {
    steps += 1
    var events = [event]
    while !events.isEmpty {
      let next = events.removeFirst()
      for effect in coordinator.handle(next, at: clock) {
        if let answer = carryOut(effect) { events.append(answer) }
      }
    }
    check()
  }

  private mutating func carryOut(_ effect: Effect) -> Coordinator.Event? {
    switch effect {
    case .commit(let commit): self.commit(commit)
    case .note, .makeUrgent, .startWatcher, .stopWatcher, .endProbe, .answer, .close: break
    case .measureSpace: return .spaceMeasured(FreeSpace(bytes: 1 << 50))
    case .measureCapacity: return .capacity(ExecutorCapacity(memory: 100_000))
    case .remake(let scan): return .remade(scan, isWhole: true)
    case .discardCopy(let id): spool[id] = nil
    case .discardClaim(let id):
      if claimed[id] != nil { faults.append("a claim that holds a study was removed") }
    case .readInputs(let ids, let job, let inputs):
      return .inputsRead(
        by: job, inputs: inputs, of: Dictionary(uniqueKeysWithValues: ids.map { ($0, rowInputs[$0] ?? []) }))
    case .prepare(let job, let mayPoint): return .prepared(job.id, preparation(job, mayPoint))
    case .show(let name, let note): shown[name.display] = note.state
    case .clear(let name): shown[name.display] = nil
    case .log(let line):
      for study in dropped where line.text.contains(study.name) { faults.append("the log names a study: \(line.text)") }
    case .cancel(let handle, let reason):
      // The run ends at once; nothing of it is left.
      guard let place = pending.firstIndex(where: { $0.label == "run \(handle.job)" }) else { break }
      pending.remove(at: place)
      var report = RunReport(signal: SIGTERM)
      report.killReason = reason
      return .runEnded(handle, RunEnding(report: report, time: .now))
    case .list: begin("list", effect)
    case .probe(let entry, _): begin("probe \(entry.name.display)", effect)
    case .take(let job, _): begin("take \(job.study)", effect)
    case .copyAgain(let job): begin("copy \(job.study)", effect)
    case .start(let job, _, _, _): begin("run \(job.id)", effect)
    case .verify(let job): begin("verify \(job.study)", effect)
    case .compare(let job, let isFirst, _): begin("compare \(job.study) \(isFirst)", effect)
    case .publish(let job): begin("publish \(job.study)", effect)
    case .sweep(let job, _): begin("sweep \(job.study)", effect)
    case .purge, .dropAgain: break
    }
    return nil
  }

  private mutating func begin(_ label: String, _ effect: Effect) {
    pending.append(Pending(label: label, effect: effect, began: clock))
  }

  private mutating func commit(_ commit: Commit) {
    let before = commit.before
    switch commit.kind {
    case .insert:
      sequence += 1
      guard rows[before.id] == nil else { return faults.append("a job was admitted twice") }
      rows[before.id] = commit.after.placed(sequence)
    case .withdraw:
      guard let row = rows[before.id], row.epoch == before.epoch, row.state == .claiming else {
        return faults.append("a job was withdrawn that is \(rows[before.id]?.state.rawValue ?? "not there")")
      }
      withdrawn += 1
      rows[before.id] = nil
    case .move, .amend:
      guard let row = rows[before.id], row.epoch == before.epoch, row.state == before.state else {
        return faults.append("a commit of a job that is no longer as it was read: \(before.state.rawValue)")
      }
      if commit.kind == .move {
        if !row.state.successors.contains(commit.after.state) {
          faults.append("\(row.state.rawValue) cannot become \(commit.after.state.rawValue)")
        }
        if commit.after.state.isFinal { finals[row.id, default: 0] += 1 }
      }
      rows[before.id] = commit.after.placed(row.sequence)
      if let inputs = commit.change.inputs { rowInputs[before.id] = inputs }
      if let attempt = commit.change.attempt { rowAttempts[before.id] = attempt }
    }
    if let row = rows[before.id] { coordinator.committed(row) }
  }

  // MARK: The disk's side

  private func study(of job: Job) -> Study? { claimed[job.id]?.study ?? spool[job.id] }

  private func copy(_ study: Study) -> PrivateCopy {
    PrivateCopy(
      inputs: [InputFile(path: "mask", sha256: study.content, bytes: 1)], listing: study.fingerprint)
  }

  private func preparation(_ job: Job, _ mayPoint: Bool) -> Preparation {
    let twin = rows.values.first { $0.id != job.id && $0.state == .done && $0.inputDigest == job.inputDigest }
    let readiness: Preparation.Readiness
    if mayPoint, let twin {
      readiness = .original(twin)
    } else {
      readiness = spool[job.id] == nil ? .copyIsGone : .ready
    }
    return Preparation(readiness: readiness, facts: [:], time: .now)
  }

  private func finding(_ job: Job) -> Finding {
    switch job.state {
    case .claiming:
      let found = spool[job.id].map { TakenCopy(copy: copy($0), supersedes: nil) }
      return .claim(found, isTaken: claimed[job.id] != nil)
    case .running:
      let attempt = rowAttempts[job.id] ?? Attempt(job: job.id, number: job.attempt)
      let result = outputs[job.id] == job.attempt ? Self.result : nil
      return .run(attempt, .gone, nil, result, sandbox: [:])
    case .publishing:
      return .publication(isLost: job.outcome == .done && outbox[job.id] == nil && outputs[job.id] != job.attempt)
    default: return .nothing
    }
  }

  private static let result = VerifiedResult(
    files: ["features.json": "f"], manifestSHA256: "m", record: ResultRecord(manifestSHA256: "m"))

  /// Does what a task does to the disk.
  ///
  /// - Parameter isHeard: the daemon lives to hear of it.
  private mutating func perform(_ task: Pending, isHeard: Bool) -> Coordinator.Event? {
    switch task.effect {
    case .list(let request): return .scanned(scan(request, began: task.began))
    case .probe(let entry, let token):
      return .probed(entry, token: token, ProbeReport(exit: 0, signal: nil, verdict: .complete))
    case .take(let job, _):
      if claimed[job.id] == nil, let entry = job.entry, let found = inbox.removeValue(forKey: entry) {
        claimed[job.id] = (entry, found)
      }
      guard let claim = claimed[job.id] else {
        return .taken(
          job.id, .failure(TakeFailure(error: FileError("rename", ENOENT), isTaken: false, space: nil)))
      }
      if failing.copies > 0 {
        failing.copies -= 1
        return .taken(
          job.id, .failure(TakeFailure(error: FileError("write", ENOSPC), isTaken: true, space: nil)))
      }
      guard claim.study.fingerprint == job.listing else {
        inbox[claim.entry] = claim.study
        claimed[job.id] = nil
        return .taken(job.id, .failure(TakeFailure(error: StudyChanged(), isTaken: false, space: nil)))
      }
      spool[job.id] = claim.study
      return .taken(job.id, .success(TakenCopy(copy: copy(claim.study), supersedes: nil)))
    case .copyAgain(let job):
      guard let study = claimed[job.id]?.study else {
        return .copiedAgain(job.id, .failure(FileError("open", ENOENT)))
      }
      spool[job.id] = study
      return .copiedAgain(job.id, .success(copy(study)))
    case .start(let job, let handle, _, _): return run(job, handle)
    case .verify(let job):
      let isWhole = outputs[job.id] == job.attempt
      return .verified(job.id, isWhole ? .success(Self.result) : .failure(FileError("open", ENOENT)), sandbox: [:])
    case .compare(let job, let isFirst, _):
      return .compared(job.id, isFirst: isFirst, .success(condition(job, isFirst)))
    case .publish(let job): return publish(job)
    case .sweep(let job, _): return sweep(job)
    default: return nil
    }
  }

  private func scan(_ request: ScanRequest, began: Double) -> Scan {
    var scan = Scan()
    scan.began = began
    scan.time = clock
    if request.includesTop {
      scan.inbox = .success(InboxListing(studies: Array(inbox.keys), identity: .init(device: 1, inode: 2)))
    }
    for entry in request.entries {
      if let study = inbox[entry.name] {
        var listing = Listing()
        listing.fingerprint = study.fingerprint
        listing.files = 1
        listing.bytes = 1
        scan.listings.append((entry.name, .success(listing)))
      } else {
        scan.listings.append((entry.name, .failure(FileError("open", ENOENT))))
      }
    }
    return scan
  }

  private mutating func run(_ job: Job, _ handle: RunHandle) -> Coordinator.Event {
    func ended(_ report: RunReport, _ error: JobError? = nil, review: Bool = false) -> Coordinator.Event {
      .runEnded(handle, RunEnding(report: report, error: error, needsReview: review, time: .now))
    }
    guard let study = spool[job.id] else { return ended(RunReport(exit: 66)) }
    switch study.nature {
    case .refused: return ended(RunReport(exit: 65), JobError(code: "E_SLICE_GAP", message: "a gap"))
    case .crashes: return ended(RunReport(signal: SIGSEGV))
    case .asks where job.choices == nil:
      return ended(RunReport(exit: 65), JobError(code: "E_NEEDS_SERIES", message: "two"), review: true)
    default:
      outputs[job.id] = job.attempt
      return ended(RunReport(exit: 0))
    }
  }

  /// A study that changes does so once, before its first result is out.
  private func condition(_ job: Job, _ isFirst: Bool) -> OriginalCondition {
    guard let study = claimed[job.id]?.study else { return .gone }
    return isFirst && study.nature == .changes && study.version == 1 ? .changed(files: 1) : .same
  }

  private mutating func publish(_ job: Job) -> Coordinator.Event {
    let outcome = job.outcome ?? .failed
    if failing.publications > 0 {
      failing.publications -= 1
      return .published(
        job.id, .failure(PublishFailure(error: FileError("rename", EROFS), isResultLost: false)))
    }
    if outbox[job.id] == nil {
      if outcome == .done, outputs[job.id] != job.attempt {
        return .published(job.id, .failure(PublishFailure(error: FileError("open", ENOENT), isResultLost: true)))
      }
      if outcome == .duplicate, job.duplicateOf.flatMap({ outbox[$0] }) != .done {
        return .published(job.id, .failure(PublishFailure(error: OriginalGone(), isResultLost: false)))
      }
      outbox[job.id] = outcome
    }
    return .published(job.id, .success(Publication(name: job.study)))
  }

  private mutating func sweep(_ job: Job) -> Coordinator.Event {
    var place: String?
    if var claim = claimed.removeValue(forKey: job.id) {
      if job.hasChangedOriginal {
        claim.study.version += 1
        dropped.removeAll { $0.name == claim.study.name }
        dropped.append(claim.study)
        inbox[claim.entry] = claim.study
        place = Job.inInbox
      } else {
        putAway.append(claim.study)
        place = "done/\(job.study)"
      }
    }
    spool[job.id] = nil
    outputs[job.id] = nil
    return .swept(job.id, .success(place))
  }

  // MARK: The rules

  private mutating func check() {
    // I1: a whole copy of every study is somewhere.
    let present = Set(inbox.values).union(claimed.values.map(\.study)).union(spool.values).union(putAway)
    for study in dropped where !present.contains(study) { faults.append("I1: \(study.name) is lost") }
    // I2, I3: what is visible is a result, an error or a pointer, of one job each, and no job ends twice.
    for (id, count) in finals where count > 1 {
      faults.append("I3: \(rows[id]?.study ?? "a job") ended \(count) times")
    }
    let done = outbox.filter { $0.value == .done }.keys.compactMap { rows[$0] }.filter { $0.choices == nil }
    if Set(done.compactMap(\.inputDigest)).count < done.count { faults.append("I3: two results of one content") }
    // I5: what is committed is what the coordinator knows.
    for (id, record) in coordinator.jobs.records {
      guard let row = rows[id] else {
        faults.append("I5: a job without a row")
        continue
      }
      if row.state != record.job.state || row.epoch != record.job.epoch { faults.append("I5: \(row.study) differs") }
    }
    // I6: no open job waits for nothing.
    for (id, record) in coordinator.jobs.records where !isOwned(record, id) {
      faults.append("I6: \(record.job.study) waits for nothing: \(record.signature)")
    }
  }

  /// Whether something will happen to a job: a task, a time, a turn in the queue, or a person.
  private func isOwned(_ record: JobRecord, _ id: JobID) -> Bool {
    let study = record.job.study
    if [.held, .needsReview].contains(record.job.state) { return true }
    if record.signature.contains("queued,") || record.signature.hasSuffix("queued") { return true }
    if record.signature.contains("waits") { return true }
    return pending.contains { task in
      task.label == "run \(id)" || (task.label.contains(study) && !task.label.hasPrefix("probe"))
    }
  }
}

/// Makes ids that differ, without the clock.
private final class Counter: @unchecked Sendable {
  private var number: Int
  init(_ first: Int) { number = first }

  func next() -> JobID {
    number += 1
    let text = String(number, radix: 16)
    let tail = String(repeating: "0", count: max(0, 12 - text.count)) + text
    return JobID("01900000-0000-7000-8000-\(tail)") ?? .new()
  }
}
