import Daemon
import Errors
import Foundation
import Jobs
import Sandbox
import Testing

extension WholeDaemon {
  /// Which study is computed when, and with how much memory.
  @Suite struct SchedulingTests {
    /// The studies in the order in which they were started.
    private func order(_ spool: TestSpool) throws -> [String] {
      let store = try spool.store()
      let names = Dictionary(uniqueKeysWithValues: try store.jobs().map { ($0.id, $0.study) })
      return try store.events().filter { $0.kind == .started }.compactMap { $0.job.flatMap { names[$0] } }
    }

    @Test("Urgent studies run first, and every third run is the oldest job")
    func everyThirdRunIsTheOldestJob() async throws {
      let spool = try TestSpool("max_jobs: 1")
      try spool.wrapWorker(
        """
        if [ "$verb" = probe ] && [ -f "$input/study.yaml" ]; then
          echo '{"state":"complete","priority":"urgent"}'
          exit 0
        fi
        while [ "$verb" = run ] && [ ! -f "\(spool.root)/go" ]; do sleep 0.05; done
        """)
      let service = spool.start()
      try spool.drop("first", ["mask": "0"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      for number in 1...3 {
        try spool.drop("normal \(number)", ["mask": "n\(number)"])
        try await spool.wait { (try? spool.jobs().count) == 1 + number }
      }
      for number in 1...3 {
        try spool.drop("urgent \(number)", ["mask": "u\(number)", "study.yaml": "priority: urgent"])
        try await spool.wait { (try? spool.jobs().count) == 4 + number }
      }
      try await spool.wait { (try? spool.jobs().count { $0.state == .queued }) == 6 }
      try spool.write(["go": ""], to: spool.root)
      try await spool.waitForJobs(7)
      try await service.stop()
      #expect(
        try order(spool) == ["first", "urgent 1", "urgent 2", "normal 1", "urgent 3", "normal 2", "normal 3"])
      #expect(try spool.store().job(named: "urgent 1").isUrgent)
      let started = try spool.store().history(of: try spool.store().job(named: "urgent 1")).events
      #expect(started.contains { $0.kind == .started && $0.details["priority"] == "urgent" })
    }

    @Test("A job that ran out of memory runs once more, alone, with twice as much")
    func outOfMemoryJobRunsAloneWithMore() async throws {
      let spool = try TestSpool("max_jobs: 2\nmemory_limit_mb: 1000\nmax_attempts: 3")
      try spool.wrapWorker(
        """
        if [ "$verb" = run ]; then
          echo "begin $memory $(cat "$input/mask")" >> "\(spool.root)/trace"
          if [ -f "$input/hungry" ] && { [ "$memory" = 1000 ] || [ "$(cat "$input/hungry")" = very ]; }; then
            echo '{"error":{"code":"E_OOM","message":"no memory"}}' > "$output/error.json"
            exit 70
          fi
          real "$@"
          code=$?
          echo "end $memory $(cat "$input/mask")" >> "\(spool.root)/trace"
          exit $code
        fi
        """)
      try spool.drop("big", ["mask": "big", "hungry": "", "delay": "0.6"])
      try spool.drop("huge", ["mask": "huge", "hungry": "very"])
      for number in 1...4 { try spool.drop("small \(number)", ["mask": "s\(number)", "delay": "0.4"]) }
      let service = spool.start()
      try await spool.waitForJobs(6)
      try await service.stop()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["big"]?.state == .done && jobs["big"]?.attempt == 2)
      #expect(jobs["huge"]?.state == .failed && jobs["huge"]?.error?.code == "E_OOM" && jobs["huge"]?.attempt == 2)
      #expect(jobs.values.count { $0.state == .done } == 5)
      let trace = try #require(spool.text("trace")).split(separator: "\n").map(String.init)
      let place = try #require(trace.firstIndex(of: "begin 2000 big"), "\(trace)")
      #expect(trace[place + 1] == "end 2000 big", "nothing else began or ended meanwhile: \(trace)")
      let open = trace[..<place].reduce(into: 0) { count, line in
        count += line.hasPrefix("begin") ? 1 : -1
      }
      // Runs that ended for memory never wrote their end.
      #expect(open == trace[..<place].count { $0.hasSuffix(" big") || $0.hasSuffix(" huge") }, "\(trace)")
    }

    @Test("Processes that a worker leaves running end with it")
    func workersProcessGroupEndsWithIt() async throws {
      let spool = try TestSpool()
      let seconds = "86\(getpid())"
      try spool.wrapWorker("[ \"$verb\" = run ] && { sleep \(seconds) & sleep \(seconds) & }")
      let service = spool.start()
      try spool.drop("leaks")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
      func processes(_ isWanted: (String) -> Bool) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { $0.first?.isNumber == true }
          .filter { isWanted($0) }
      }
      let command = ["sleep", seconds].joined(separator: "\0")
      try await spool.wait(5) {
        processes { (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8))?.hasPrefix(command) == true }
          .isEmpty
      }
      let dead = processes { id in
        let fields = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8))?.split(separator: ")").last?
          .split(separator: " ")
        return fields?.first == "Z" && fields?.dropFirst().first == Substring(String(getpid()))
          && (try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)) == "worker\n"
      }
      #expect(dead.isEmpty, "no worker is left unreaped")
    }

    @Test("A kernel without Landlock is refused where the sandbox is required")
    func missingLandlockIsRefusedIfRequired() async throws {
      let level = SandboxLevel(landlock: nil, seccomp: true)
      let spool = try TestSpool("sandbox: required")
      let refused = spool.start { $0.sandbox = level }
      let error = await #expect(throws: StudyError.self) { try await refused.ended() }
      #expect(error?.code.name == "E_SANDBOX" && error?.code.exit == .configuration)
      #expect(!spool.exists("state/jobs.sqlite"), "before anything else")
      let other = try TestSpool("sandbox: auto")
      let service = other.start { $0.sandbox = level }
      try await other.wait { service.log.text.contains("started") }
      try await service.stop()
      #expect(service.log.text.contains("the kernel confines workers in part only: sandbox seccomp"))
    }

    @Test("A finished study is computed again by force, with user and reason recorded")
    func forcedRetryRecordsUserAndReason() async throws {
      let spool = try TestSpool()
      try spool.wrapWorker(
        "[ \"$verb\" = run ] && [ -n \"$(field force)\" ] && echo \"--force=$(field force)\" > \"\(spool.root)/forced\""
      )
      let service = spool.start()
      try spool.drop("study")
      try await spool.waitForJobs(1)
      let job = try #require(try spool.jobs().first)
      let folder = RequestFolder(state: spool.root + "/state")
      func ask(_ force: String?) async throws -> JobAnswer {
        let name = try folder.post(JobRequest(.retry, job: job.id, actor: "tester", force: force))
        var answer: JobAnswer?
        try await spool.wait {
          answer = folder.takeAnswer(name)
          return answer != nil
        }
        return try #require(answer)
      }
      #expect(try await !ask(nil).accepted, "a study that is done is not tried again")
      #expect(try await !ask("").accepted, "nor without a reason")
      #expect(try await ask("the mask was redrawn").accepted)
      try await spool.waitForJobs(2)
      try await service.stop()
      let again = try #require(try spool.jobs().last)
      #expect(again.state == .done && again.retryOf == job.id, "no duplicate")
      #expect(again.forced == Forced(by: "user:tester", reason: "the mask was redrawn"))
      #expect(spool.text("forced") == "--force=the mask was redrawn\n")
      let events = try spool.store().events()
      #expect(
        events.contains { $0.kind == .retryRequested && $0.actor == "user:tester" && $0.details["forced"] == "true" })
      #expect(events.contains { $0.kind == .computed && $0.details["forced_by"] == "user:tester" })
      #expect(
        !events.contains { $0.details.values.contains { $0.contains("redrawn") } }, "free text is not in the chain")
    }
  }
}
