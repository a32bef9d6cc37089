import Documents
import Foundation
import Glibc
import Jobs
import Testing

/// Runs a program as the first process of a space of its own.
private enum FirstProcess {
  static let command =
    ["/usr/bin/unshare"] + (geteuid() == 0 ? [] : ["--user", "--map-current-user"])
    + ["--pid", "--fork", "--kill-child", "--mount-proc"]

  static let isPossible: Bool =
    access("/usr/bin/unshare", X_OK) == 0 && (try? DaemonBinary.run(command + ["/bin/true"]))?.status == 0
}

extension DaemonProgram {
  /// As in a container without an init: the daemon is the first process, the parent of all orphans.
  @Suite(
    .enabled(if: DaemonBinary.serves && FirstProcess.isPossible, "needs the program, unshare and the right to it"))
  struct FirstProcessTests {
    /// Children of a process, as this system numbers them, with their names; those that ended and wait included.
    private static func children(of parent: pid_t) -> [(pid: pid_t, name: String)] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }.compactMap {
        pid in
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
          let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        return fields.count > 1 && pid_t(fields[1]) == parent
          ? (pid, String(text[text.index(after: open)..<close])) : nil
      }
    }

    private static func daemon(_ process: Process) async throws -> pid_t {
      for _ in 0..<500 {
        if let child = children(of: process.processIdentifier).first { return child.pid }
        try await Task.sleep(for: .milliseconds(10))
      }
      throw TimedOut()
    }

    /// Rule: a worker whose parent is process 1 is not an orphan when that process is its daemon.
    @Test("As the first process the daemon computes a study at the first run and hears SIGTERM")
    func firstProcessComputesAndHearsSIGTERM() async throws {
      let spool = try TestSpool("profile: jiao2024\nthreads_per_job: 1")
      let made = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12",
      ])
      #expect(made.status == 0, "\(made.output)")
      let process = try DaemonBinary.start(spool, worker: nil, under: FirstProcess.command)
      defer { if process.isRunning { process.terminate() } }
      let daemon = try await Self.daemon(process)
      try await spool.wait { spool.exists("state/jobs.sqlite") && spool.exists("inbox") }
      try FileManager.default.moveItem(atPath: spool.root + "/made/phantom-0001", toPath: spool.root + "/inbox/study")
      try await spool.waitForJobs(1, seconds: 60)
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.attempt == 1, "\(String(describing: job.error))")
      #expect(spool.text("state/lock") == "1\n", "it is not the first process")
      kill(daemon, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    @Test("Orphans are reaped")
    func orphansAreReaped() async throws {
      let spool = try TestSpool()
      let script = """
        #!/bin/sh
        setsid sleep 0.3 </dev/null >/dev/null 2>&1 &
        echo left >>"\(spool.root)/left"
        exec "\(spool.root)/worker" "$@"
        """
      try script.write(toFile: spool.root + "/careless", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: spool.root + "/careless")
      for name in ["one", "two", "three"] { try spool.drop(name, ["mask": name]) }
      let process = try DaemonBinary.start(spool, worker: "careless", under: FirstProcess.command)
      defer { if process.isRunning { process.terminate() } }
      let daemon = try await Self.daemon(process)
      try await spool.waitForJobs(3)
      let left = try #require(spool.text("left")).split(separator: "\n").count
      #expect(left >= 6, "a probe and a run of each study leave one")
      try await spool.wait(15) { Self.children(of: daemon).allSatisfy { $0.name != "sleep" } }
      // Its own children are not taken from it: the jobs ended with their own codes.
      #expect(try spool.jobs().map(\.state) == [.done, .done, .done])
      kill(daemon, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }

  /// Requests of a container's health check or a monitor.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct HealthTests {
    private func health(_ spool: TestSpool) throws -> (status: Int32, output: String) {
      try DaemonBinary.run([DaemonBinary.path, "health", "--config", spool.root + "/radiomicsd.yaml"])
    }

    @Test("A daemon is healthy while its loop runs")
    func daemonIsHealthyWhileItsLoopRuns() async throws {
      let spool = try TestSpool()
      let never = try health(spool)
      #expect(never.status == 75 && never.output.contains("E_NOT_ALIVE: no daemon has worked"), "\(never.output)")
      let process = try DaemonBinary.start(spool)
      defer { if process.isRunning { process.terminate() } }
      try await spool.wait { (try? health(spool))?.status == 0 }
      #expect(try health(spool).output.contains("process \(process.processIdentifier), last sign of life"))

      kill(process.processIdentifier, SIGSTOP)
      let past = Date(timeIntervalSinceNow: -90)
      try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: spool.root + "/state/lock")
      let hung = try health(spool)
      #expect(hung.status == 75 && hung.output.contains("no sign of life for 9"), "\(hung.output)")
      kill(process.processIdentifier, SIGCONT)
      process.terminate()
      process.waitUntilExit()
      let ended = try health(spool)
      #expect(ended.status == 75 && ended.output.contains("E_NOT_ALIVE: no daemon works"), "\(ended.output)")
    }

    /// A worker whose parent is another process than the one that started it has been orphaned.
    @Test("A worker of another parent ends at once")
    func workerOfAnotherParentEndsAtOnce() throws {
      let spool = try TestSpool()
      try spool.write(["mask": "m"], to: spool.root + "/study")
      func probe(_ parent: pid_t) throws -> (status: Int32, output: String) {
        var request = WorkerRequest(
          config: spool.root + "/radiomicsd.yaml", input: Array((spool.root + "/study").utf8))
        request.limits.parent = parent
        let file = spool.root + "/" + WorkerRequest.fileName
        try Data(request.json.fileBytes()).write(to: URL(fileURLWithPath: file))
        return try DaemonBinary.run([DaemonBinary.path, "worker", "probe", "--request", file])
      }
      #expect(try probe(getpid() + 1).status == 75)
      let own = try probe(getpid())
      #expect(own.status == 0 && own.output.contains("\"state\""), "\(own.output)")
    }
  }
}
