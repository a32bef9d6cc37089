import Configuration
import Daemon
import Errors
import Files
import Foundation
import Glibc
import Intake
import Jobs
import Testing

/// The table of a study's life, pair by pair.
@Suite struct LifecycleTests {
  private typealias Turn = StudyLifecycle.Turn

  @Test("Every step of the table is one that the record allows")
  func stepsAreAllowed() {
    for state in JobState.allCases {
      for turn in Turn.allCases {
        guard let step = StudyLifecycle.step(state, turn) else { continue }
        if turn == .withdrawn {
          #expect(step.to == nil && state == .claiming)
        } else if step.to == state {
          #expect(state.isFinal, "\(state.rawValue), \(turn.rawValue): only a job that is over is amended")
        } else {
          #expect(step.to.map { state.successors.contains($0) } ?? false, "\(state.rawValue), \(turn.rawValue)")
        }
      }
    }
    #expect(StudyLifecycle.step(nil, .taken)?.to == .claiming)
    #expect(Turn.allCases.allSatisfy { $0 == .taken || StudyLifecycle.step(nil, $0) == nil })
  }

  @Test("Every step that the record allows has a turn, and every turn is of use somewhere")
  func tableIsComplete() {
    for state in JobState.allCases {
      let reached = Set(Turn.allCases.compactMap { StudyLifecycle.step(state, $0)?.to }).subtracting([state])
      #expect(reached == state.successors, "\(state.rawValue)")
    }
    for turn in Turn.allCases {
      #expect(([nil] + JobState.allCases).contains { StudyLifecycle.step($0, turn) != nil }, "\(turn.rawValue)")
    }
  }

  @Test("A job that is over does nothing more than be swept, purged or found outdated")
  func finalStatesAreFinal() {
    for state in JobState.allCases where state.isFinal {
      let turns = Turn.allCases.filter { StudyLifecycle.step(state, $0) != nil }
      #expect(Set(turns).isSubset(of: [.swept, .purged, .originalChanged]), "\(state.rawValue)")
    }
  }

  @Test("docs/lifecycle.md is the table (make lifecycle prints it)")
  func documentIsCurrent() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("docs/lifecycle.md")
    if ProcessInfo.processInfo.environment["RADIOMICSD_PRINT_LIFECYCLE"] == "1" {
      try LifecycleDocument.text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == LifecycleDocument.text)
  }

  // MARK: Events

  private static let id = JobID("01900000-0000-7000-8000-000000000001")!
  private static let handle = RunHandle(executor: ProcessExecutor.name, job: id, attempt: 0)

  /// A job in a state, as recovery finds it; one that runs is adopted, and one that waits for its next run has crashed.
  private func coordinator(_ state: JobState) -> Coordinator {
    var coordinator = Coordinator(Configuration(), Coordinator.Options())
    let found: JobState = state == .retryWait ? .running : state
    let job = Job(id: Self.id, study: "study", studyBytes: Array("study".utf8)).moved(to: found)
    let attempt = Attempt(job: Self.id, number: 0)
    _ = coordinator.handle(
      .found(job, found == .running ? .run(attempt, .running, nil, nil, sandbox: [:]) : .nothing), at: 1)
    if state == .retryWait { _ = coordinator.handle(ended(nil, signal: SIGSEGV), at: 1) }
    #expect(coordinator.jobs[Self.id]?.job.state == state)
    return coordinator
  }

  private func request(_ verb: JobRequest.Verb, choices: JobChoices? = nil) -> Coordinator.Event {
    .requested(.new(), JobRequest(verb, job: Self.id, actor: "tester", choices: choices), nil)
  }

  private func ended(_ exit: Int32?, signal: Int32? = nil, review: Bool = false, code: String? = nil)
    -> Coordinator.Event
  {
    let error = code.map { JobError(code: $0, message: "m") }
    return .runEnded(
      Self.handle,
      RunEnding(report: RunReport(exit: exit, signal: signal), error: error, needsReview: review, time: .now))
  }

  private func failure(_ error: any Error) -> TakeFailure { TakeFailure(error: error, isTaken: false, space: nil) }

  @Test("Each event takes a job of each state where it should, and leaves all others alone")
  func everyPair() {
    let copy = PrivateCopy(inputs: [InputFile(path: "mask", sha256: "m", bytes: 1)], listing: "l")
    let preparation = { (readiness: Preparation.Readiness) in
      Coordinator.Event.prepared(Self.id, Preparation(readiness: readiness, facts: [:], time: .now))
    }
    let other = Job(id: .new(), study: "other", studyBytes: Array("other".utf8)).moved(to: .done)
    // Each event with the states in which it does something, and the state it leads to; nil: the row is gone.
    let cases: [(String, Coordinator.Event, [JobState: JobState?])] = [
      ("copied", .taken(Self.id, .success(TakenCopy(copy: copy, supersedes: nil))), [.claiming: .queued]),
      ("refused unread", .taken(Self.id, .success(nil)), [.claiming: .publishing]),
      ("changed", .taken(Self.id, .failure(failure(StudyChanged()))), [.claiming: JobState?.none]),
      ("gone", .taken(Self.id, .failure(failure(FileError("rename", ENOENT)))), [.claiming: JobState?.none]),
      ("disk full", .taken(Self.id, .failure(failure(FileError("write", ENOSPC)))), [:]),
      ("ready", preparation(.ready), [.queued: .running]),
      ("same result", preparation(.original(other)), [.queued: .publishing]),
      ("copy gone", preparation(.copyIsGone), [:]),
      ("run refused", ended(65, code: "E_SLICE_GAP"), [.running: .publishing]),
      ("run asks", ended(65, review: true, code: "E_NEEDS_SERIES"), [.running: .needsReview]),
      ("run crashed", ended(nil, signal: SIGSEGV), [.running: .retryWait]),
      ("run deferred", ended(75, code: "E_SPAWN"), [.running: .retryWait]),
      ("input damaged", ended(74, code: "E_INPUT_CHANGED"), [.running: .queued]),
      ("run done", ended(0), [:]),
      ("start failed", .startFailed(Self.handle, StudyError(.internalFault, "x"), at: .now), [.running: .retryWait]),
      ("published", .published(Self.id, .success(Publication(name: "study"))), [.publishing: .failed]),
      (
        "pointer lost", .published(Self.id, .failure(PublishFailure(error: OriginalGone(), isResultLost: false))),
        [.publishing: .queued]
      ),
      (
        "outbox away",
        .published(Self.id, .failure(PublishFailure(error: FileError("rename", EROFS), isResultLost: false))), [:]
      ),
      ("compared late", .compared(Self.id, isFirst: true, .success(.changed(files: 1))), [:]),
      (
        "swept", .swept(Self.id, .success(nil)),
        [.done: .done, .rejected: .rejected, .failed: .failed, .cancelled: .cancelled, .duplicate: .duplicate]
      ),
      (
        "cancel", request(.cancel),
        [.queued: .cancelled, .retryWait: .cancelled, .held: .cancelled, .needsReview: .cancelled]
      ),
      ("hold", request(.hold), [.queued: .held, .retryWait: .held, .needsReview: .held]),
      ("release", request(.release), [.held: .queued]),
      ("retry", request(.retry), [.retryWait: .queued]),
      ("resolve", request(.resolve, choices: JobChoices(series: "1")), [.needsReview: .queued]),
    ]
    for state in JobState.allCases {
      for (name, event, expected) in cases {
        var core = coordinator(state)
        let effects = core.handle(event, at: 2)
        let commits = effects.compactMap { effect in
          if case .commit(let commit) = effect, commit.before.id == Self.id { return commit }
          return nil
        }
        // The next commit of a job that is queued again belongs to its start, and is not asked for here.
        let first = commits.first
        switch expected[state] {
        case nil: #expect(first == nil, "\(state.rawValue), \(name): \(first?.after.state.rawValue ?? "")")
        case .some(nil):
          #expect(
            first.map { if case .withdraw = $0.kind { true } else { false } } == true, "\(state.rawValue), \(name)")
        case .some(let next?): #expect(first?.after.state == next, "\(state.rawValue), \(name)")
        }
        // The record first: nothing is done for the job before its commit.
        if let place = effects.firstIndex(where: { if case .commit = $0 { true } else { false } }) {
          let early = effects[..<place].contains { effect in
            switch effect {
            case .take, .start, .publish, .sweep, .copyAgain, .compare: true
            default: false
            }
          }
          #expect(!early, "\(state.rawValue), \(name)")
        }
      }
    }
  }

  @Test("Each kind of failure waits by its own rule, and never longer than its limit")
  func backoffRules() {
    func delays(_ rule: Backoff) -> [Double] { [0, 1, 2, 5, 1_000_000].map { rule.delay(after: $0) } }
    #expect(delays(.machine(first: 30)) == [30, 60, 120, 600, 600])
    #expect(delays(.forbiddenStudy(first: 30)) == [30, 60, 120, 600, 600])
    #expect(delays(.unreadableStudy(first: 30)) == [5, 10, 15, 30, 55])
    #expect(delays(.answer) == [5, 10, 15, 30, 55])
    #expect(delays(.watcher) == [1, 2, 4, 32, 60])
    #expect(delays(.follower(first: 1)) == [1, 2, 4, 32, 600])
  }
}
