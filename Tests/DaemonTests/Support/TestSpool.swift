import Configuration
import Daemon
import Errors
import Files
import Foundation
import Intake
import Jobs
import Synchronization

/// A daemon's folders in a temporary place, with a worker that is a shell script: files in a study control it.
///
/// `mask` makes the study complete and is the result; `broken` has the probe reject it; `delay` holds the seconds a run
/// takes; `shadow` holds the answer of a shadow model; `refuse`, `crash`, `escape`, `configuration` and `lie` end it
/// that way. `rehash` has it compare the mask with the manifest first; what a study supersedes becomes part of the
/// result. `ask` has it ask which series is meant until `study.yaml` is there or a series was chosen; either becomes
/// part of the result. A zip is complete, and a mask.
final class TestSpool: Sendable {
  let root: String
  let configuration: Configuration

  init(_ extra: String = "", settle: Double = 0.2) throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("radiomicsd-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let text = """
      inbox: inbox
      outbox: outbox
      state: state
      done: done
      failed: failed
      status: status
      settle_seconds: \(settle)
      rescan_seconds: 0.5
      retry_seconds: [0.1]
      stop_seconds: 0
      \(extra.contains("memory_budget_mb") ? "" : "memory_budget_mb: 1000000")
      \(extra)
      """
    try text.write(toFile: root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
    try Self.workerScript.write(toFile: root + "/worker", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + "/worker")
    configuration = try Configuration.load(root + "/radiomicsd.yaml")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Puts a study together beside the inbox and moves it in, in one step.
  func drop(_ name: String, _ files: [String: String] = ["mask": "m"], into inbox: String = "inbox") throws {
    let draft = root + "/draft-\(UUID().uuidString)"
    try write(files, to: draft)
    try FileManager.default.createDirectory(atPath: root + "/" + inbox, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: draft, toPath: "\(root)/\(inbox)/\(name)")
  }

  func write(_ files: [String: String], to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      let parent = (folder + "/" + name as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
    }
  }

  /// Entries of a folder, without hidden ones and the inbox's own `urgent`.
  func list(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? [])
      .filter { !$0.hasPrefix(".") && (folder != "inbox" || $0 != "urgent") }.sorted()
  }

  /// Sends a request to the daemon and waits for its answer.
  func ask(
    _ verb: JobRequest.Verb, _ job: Job, choices: JobChoices? = nil, force: String? = nil
  ) async throws -> JobAnswer {
    let folder = RequestFolder(state: root + "/state")
    let name = try folder.post(JobRequest(verb, job: job.id, actor: "tester", choices: choices, force: force))
    var answer: JobAnswer?
    try await wait {
      answer = folder.takeAnswer(name)
      return answer != nil
    }
    return answer ?? JobAnswer(accepted: false, message: "no answer")
  }

  func text(_ path: String) -> String? { try? String(contentsOfFile: root + "/" + path, encoding: .utf8) }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

  func store() throws -> JobStore { try JobStore.reader(root + "/state/jobs.sqlite") }

  func jobs() throws -> [Job] { try store().jobs() }

  /// Starts a service on a thread of its own.
  func start(
    operations: any FileOperations = LinuxFileOperations(), watcher: String? = nil,
    _ edit: (inout ServiceOptions) -> Void = { _ in }
  ) -> RunningService {
    let log = LogLines()
    var options = ServiceOptions(
      worker: [root + "/worker"], watcher: watcher, operations: operations,
      log: Log(level: .debug) { log.add($0) }, handlesSignals: false)
    options.hasBallast = false
    edit(&options)
    // Read again: a test may have changed the file.
    let current = (try? Configuration.load(root + "/radiomicsd.yaml")) ?? configuration
    return RunningService(current, options, log)
  }

  /// Waits until all jobs are over and their files are cleared away.
  func waitForJobs(_ count: Int, seconds: Double = 20) async throws {
    try await wait(seconds) {
      guard let jobs = try? self.jobs(), jobs.count == count else { return false }
      return jobs.allSatisfy { $0.state.isFinal && $0.swept }
    }
  }

  func wait(_ seconds: Double = 20, until isTrue: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isTrue() {
      guard ContinuousClock.now < end else { throw TimedOut() }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The result of each study in the outbox must be whole: every file there with the hash its manifest gives.
  func brokenResults() -> [String] {
    list("outbox").filter { name in
      if exists("outbox/\(name)/error.json") { return list("outbox/\(name)") != ["error.json"] }
      guard let data = FileManager.default.contents(atPath: "\(root)/outbox/\(name)/manifest.json"),
        let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
        let text = manifest["job"] as? String,
        let job = JobID(text)
      else { return true }
      return (try? ResultFolder.verify(Path("\(root)/outbox/\(name)"), job: job)) == nil
    }
  }

  private static let workerScript = """
    #!/bin/sh
    \(readRequest)
    job=$(field job)
    manifest=$(field inputManifest)
    for choice in series roi supersedes; do
      said=$(field $choice)
      [ -z "$said" ] || chosen="$chosen $said"
    done
    if [ "$verb" = probe ]; then
      if [ -f "$input" ]; then
        echo '{"state":"complete"}'
      elif [ -f "$input/study.yaml" ] && [ ! -f "$input/mask" ]; then
        echo '{"state":"incomplete","error":{"code":"E_NO_SERIES","message":"there is no series"}}'
      elif [ -f "$input/broken" ]; then
        echo '{"state":"rejected","error":{"code":"E_PATIENT_MIX","message":"two patients","hint":"one a folder"}}'
      elif [ ! -f "$input/mask" ]; then
        echo '{"state":"incomplete","error":{"code":"E_MASK_MISSING","message":"there is no mask"}}'
      else
        echo '{"state":"complete"}'
      fi
      exit 0
    fi
    [ -f "$input/crash" ] && kill -SEGV $$
    if [ -f "$input/rehash" ] && ! grep -q "$(sha256sum < "$input/mask" | cut -c1-64)" "$manifest"; then
      echo '{"schema":"radiomicsd.error/1","error":{"code":"E_INPUT_CHANGED","message":"not what was copied: mask"}}' > "$output/error.json"
      exit 74
    fi
    [ -f "$input/escape" ] && kill -SYS $$
    [ -f "$input/configuration" ] && exit 78
    if [ -f "$input/refuse" ]; then
      echo '{"schema":"radiomicsd.error/1","error":{"code":"E_SLICE_GAP","message":"a gap","hint":"copy it again","details":{"at":"3"}}}' > "$output/error.json"
      exit 65
    fi
    if [ -f "$input/ask" ] && [ ! -f "$input/study.yaml" ] && [ -z "$chosen" ]; then
      echo '{"schema":"radiomicsd.error/1","status":"needs-review","error":{"code":"E_NEEDS_SERIES","message":"the mask fits 2 series","hint":"name one","details":{"series 1.2.3":"Portal","series 1.2.4":"Excretory\\u001b[31m"}}}' > "$output/error.json"
      exit 65
    fi
    [ -f "$input/delay" ] && sleep "$(cat "$input/delay")"
    for file in "$input/mask" "$input"/*.zip "$input/study.yaml"; do
      [ -f "$file" ] && cat "$file"
    done > "$output/features.json"
    printf '%s' "$chosen" >> "$output/features.json"
    echo '{"prediction":{"probability":0.25,"positive":false,"threshold":0.5,"label":"x"},"model":{"name":"demo","version":"1","sha256":"ab","demonstration":true},"profile":{"name":"jiao2024","sha256":"cd"},"features":{"count":975},"warnings":["w"]}' > "$output/result.json"
    entry() { printf '"%s":{"sha256":"%s","bytes":%s}' "$1" "$(sha256sum < "$output/$1" | cut -c1-64)" "$(wc -c < "$output/$1")"; }
    printf '{"schema":"radiomicsd.manifest/1","job":"%s","files":{%s,%s}}' "$job" "$(entry features.json)" "$(entry result.json)" > "$output/manifest.json"
    [ -f "$input/shadow" ] && cat "$input/shadow" > "$output/shadow.json"
    [ -f "$input/lie" ] && echo more >> "$output/features.json"
    exit 0
    """
}

struct TimedOut: Error {}

/// Lines that a service logs.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var text: String { lines.withLock { $0.joined() } }
}

/// A service on its own thread.
final class RunningService: Sendable {
  private let stopper = Mutex<(@Sendable () -> Void)?>(nil)
  private let outcome = Mutex<Result<Void, any Error>?>(nil)
  let log: LogLines

  init(_ configuration: Configuration, _ options: ServiceOptions, _ log: LogLines) {
    self.log = log
    Thread.detachNewThread { [self] in
      let result = Result {
        let service = try Service(configuration, options)
        let stop = service.stopper
        stopper.withLock { $0 = stop }
        try service.run()
      }
      outcome.withLock { $0 = result }
    }
  }

  var hasEnded: Bool { outcome.withLock { $0 != nil } }

  /// Waits for its end.
  func ended(within seconds: Double = 20) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while !hasEnded {
      guard ContinuousClock.now < end else { throw TimedOut() }
      try await Task.sleep(for: .milliseconds(5))
    }
    try outcome.withLock { try $0?.get() }
  }

  func stop() async throws {
    while stopper.withLock({ $0 == nil }), !hasEnded { try await Task.sleep(for: .milliseconds(5)) }
    stopper.withLock { $0?() }
    try await ended()
  }
}
