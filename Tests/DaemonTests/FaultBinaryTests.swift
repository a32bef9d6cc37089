import Daemon
import Foundation
import Jobs
import Testing

extension DaemonProgram {
  /// Faults of the machine around the program, as a process of its own.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct FaultBinaryTests {
    private static let hasShell = FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")

    private func started(_ spool: TestSpool) async throws {
      try await spool.wait { spool.text("log")?.contains("started") == true }
    }

    private func stop(_ process: Process) {
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }

    /// sqlite3 in a transaction that lasts until its input is closed.
    private func hold(_ spool: TestSpool, _ sql: String) throws -> (Process, Pipe) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
      process.arguments = [spool.root + "/state/jobs.sqlite"]
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data((".timeout 5000\n" + sql + "\n").utf8))
      return (process, input)
    }

    @Test("A locked database delays the daemon and nothing is lost", .enabled(if: hasShell, "needs sqlite3"))
    func lockedDatabaseDelaysWithoutLoss() async throws {
      let spool = try TestSpool()
      let socket = try NotifySocket(spool.root + "/notify")
      let process = try DaemonBinary.start(
        spool, environment: ["NOTIFY_SOCKET": spool.root + "/notify", "WATCHDOG_USEC": "60000000"])
      try await started(spool)
      let (locker, input) = try hold(spool, "BEGIN EXCLUSIVE;")
      try await Task.sleep(for: .milliseconds(300))
      try spool.drop("study")
      try await spool.wait { spool.text("log")?.contains("is locked by somebody else") == true }
      // Longer than SQLite itself waits: the service waits on, and reports that it lives.
      try await spool.wait { socket.messages.contains { $0.hasPrefix("STATUS=waits for the job database") } }
      try await Task.sleep(for: .seconds(2))
      #expect(process.isRunning && spool.list("outbox").isEmpty && socket.messages.contains("WATCHDOG=1"))
      try input.fileHandleForWriting.close()
      try await spool.wait { !locker.isRunning }
      try await spool.waitForJobs(1)
      try await spool.wait { ((try? spool.store().events()) ?? []).contains { $0.kind == .databaseBusy } }
      stop(process)
      #expect(try spool.jobs().map(\.state) == [.done])
      let event = try #require(try spool.store().events().first { $0.kind == .databaseBusy })
      #expect((Int(event.details["seconds"] ?? "") ?? 0) >= 2)
    }

    @Test(
      "A reader that stays does not stop the service, and a large log is reported",
      .enabled(if: hasShell, "needs sqlite3"))
    func longReaderIsHarmlessAndReported() async throws {
      let spool = try TestSpool()
      let service = spool.start { $0.walAlarm = 100_000 }
      try await spool.wait { service.log.text.contains("started") }
      let (reader, input) = try hold(spool, "BEGIN; SELECT count(*) FROM events;")
      try await Task.sleep(for: .milliseconds(300))
      for number in 1...3 { try spool.drop("study \(number)", ["mask": "\(number)"]) }
      try await spool.waitForJobs(3)
      try await spool.wait { ((try? spool.store().events()) ?? []).contains { $0.kind == .databaseLogLarge } }
      try input.fileHandleForWriting.close()
      try await spool.wait { !reader.isRunning }
      try await service.stop()
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
    }

    @Test("Crashes of different studies pause computing until one ends normally")
    func crashesOfManyStudiesPauseComputing() async throws {
      let spool = try TestSpool("crash_limit: 2\ncrash_probe_seconds: 1.5\nmax_attempts: 20")
      let socket = try NotifySocket(spool.root + "/notify")
      try spool.wrapWorker("[ \"$verb\" = run ] && [ ! -f \"\(spool.root)/mended\" ] && kill -SEGV $$")
      for number in 1...6 { try spool.drop("study \(number)", ["mask": "\(number)"]) }
      let process = try DaemonBinary.start(spool, environment: ["NOTIFY_SOCKET": spool.root + "/notify"])
      try await spool.wait { ((try? spool.store().events()) ?? []).contains { $0.kind == .softwareFault } }
      try await spool.wait { socket.messages.contains { $0.hasPrefix("STATUS=paused after crashes; ") } }
      let runs = try spool.store().events().count { $0.kind == .started }
      let list = try DaemonBinary.run(
        [DaemonBinary.path, "jobs", "list", "--config", spool.root + "/radiomicsd.yaml"])
      #expect(list.output.contains("computing is paused: workers crashed on 3 different studies"), "\(list.output)")
      try await spool.wait { spool.text("status/study 6.txt")?.contains("what: computing is paused") == true }
      try await Task.sleep(for: .seconds(2))
      // One more has tried meanwhile, not all that wait.
      let later = try spool.store().events().count { $0.kind == .started }
      #expect((runs...(runs + 2)).contains(later), "\(runs), \(later)")
      try spool.write(["mended": ""], to: spool.root)
      try await spool.waitForJobs(6)
      stop(process)
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
      let events = try spool.store().events()
      #expect(events.count { $0.kind == .softwareFault } == 1 && events.count { $0.kind == .resumed } == 1)
      #expect(try spool.store().pauseReason() == nil)
      #expect(try spool.jobs().reduce(0) { $0 + $1.charges } == events.count { $0.kind == .started }, "a crash each")
    }

    /// SIGSTOP stands for a loop that no longer turns: no other code feeds the watchdog.
    @Test("A service that is stuck does not feed the watchdog")
    func stuckServiceDoesNotFeedTheWatchdog() async throws {
      let spool = try TestSpool()
      let socket = try NotifySocket(spool.root + "/notify")
      let process = try DaemonBinary.start(
        spool, environment: ["NOTIFY_SOCKET": spool.root + "/notify", "WATCHDOG_USEC": "300000"])
      func fed() -> Int { socket.messages.count { $0 == "WATCHDOG=1" } }
      try await spool.wait { fed() >= 3 }
      kill(process.processIdentifier, SIGSTOP)
      try await Task.sleep(for: .milliseconds(300))
      let before = fed()
      try await Task.sleep(for: .milliseconds(900))
      #expect(fed() == before)
      kill(process.processIdentifier, SIGCONT)
      try await spool.wait { fed() > before }
      stop(process)
    }

    @Test("With few descriptors studies wait and none is lost")
    func fewDescriptorsDelayWithoutLoss() async throws {
      let spool = try TestSpool("max_jobs: 4")
      for number in 1...12 { try spool.drop("study \(number)", ["mask": "\(number)"]) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "ulimit -n 64; exec \"$@\"", "sh", DaemonBinary.path, "serve", "--config",
        spool.root + "/radiomicsd.yaml",
        "--worker-program", spool.root + "/worker",
      ]
      _ = FileManager.default.createFile(atPath: spool.root + "/log", contents: nil)
      process.standardError = FileHandle(forWritingAtPath: spool.root + "/log")
      try process.run()
      try await spool.waitForJobs(12, seconds: 40)
      stop(process)
      #expect(try spool.jobs().allSatisfy { $0.state == .done && $0.charges == 1 })
    }

    @Test("A lock left by a power cut is not an obstacle")
    func staleLockIsNoObstacle() async throws {
      let spool = try TestSpool()
      try spool.write(["lock": "1\n"], to: spool.root + "/state")
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: spool.root + "/state")
      let process = try DaemonBinary.start(spool)
      try await started(spool)
      stop(process)
    }

    /// Another program replaces the file that the daemon was started from: its workers stay the daemon's own program.
    @Test("A daemon keeps its own version until it ends")
    func daemonKeepsItsVersionUntilItEnds() async throws {
      let spool = try TestSpool()
      let program = spool.root + "/radiomicsd"
      try FileManager.default.copyItem(atPath: DaemonBinary.path, toPath: program)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = ["serve", "--config", spool.root + "/radiomicsd.yaml"]
      _ = FileManager.default.createFile(atPath: spool.root + "/log", contents: nil)
      process.standardError = FileHandle(forWritingAtPath: spool.root + "/log")
      try process.run()
      try await started(spool)
      try FileManager.default.removeItem(atPath: program)
      try "#!/bin/sh\nexit 0\n".write(toFile: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      try spool.drop("study", ["text": "no image"])
      try await spool.wait { spool.text("status/study.txt")?.contains("E_NO_SERIES") == true }
      stop(process)
    }

    @Test("A reloaded configuration applies only where it is valid")
    func reloadAppliesOnlyValidConfiguration() async throws {
      let spool = try TestSpool("metrics_socket: metrics.sock")
      // The worker computes with the model that the daemon read, whatever the file contains now.
      try spool.wrapWorker(
        "cp \"$(field configCopy)\" \"\(spool.root)/seen\"")
      let process = try DaemonBinary.start(spool)
      try await started(spool)
      let good = try #require(spool.text("radiomicsd.yaml"))
      func write(_ text: String) throws {
        try text.write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      }
      try write(good + "\nsettel_seconds: 3\n")
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("log")?.contains("the configuration stays as it was") == true }
      try spool.drop("one")
      try await spool.waitForJobs(1)
      #expect(spool.text("seen") == good)
      try write(good.replacingOccurrences(of: "inbox: inbox", with: "inbox: elsewhere"))
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("log")?.contains("cannot change inbox") == true }
      let better = good + "\nmax_jobs: 3\n"
      try write(better)
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("log")?.contains("the configuration was read again") == true }
      try spool.drop("two", ["mask": "2"])
      try await spool.waitForJobs(2)
      #expect(spool.text("seen") == better)
      kill(process.processIdentifier, SIGUSR1)
      try await spool.wait { spool.text("log")?.contains("state: intake open, computing open") == true }
      // A client that asks for metrics and does not wait for them stops no process.
      for _ in 0..<20 { try Self.connectAndLeave(spool.root + "/metrics.sock") }
      try spool.drop("three", ["mask": "3"])
      try await spool.waitForJobs(3)
      stop(process)
      let events = try spool.store().events()
      #expect(events.count { $0.kind == .reloadRefused } == 2)
      #expect(events.count { $0.kind == .configurationChanged } == 2, "at the start, and once more")
      let start = try #require(events.first { $0.kind == .daemonStarted })
      for fact in ["kernel", "cpu", "sqlite", "clock", "boot", "software", "sandbox", "processors"] {
        #expect(start.details[fact]?.isEmpty == false, "\(fact)")
      }
      let computed = try #require(events.first { $0.kind == .computed })
      #expect(computed.details["files"]?.contains("result.json=") == true && computed.details["wall_seconds"] != nil)
      #expect(computed.details["peak_kilobytes"] != nil)
      #expect(events.contains { $0.kind == .started && $0.details["threads"] != nil && $0.details["clock"] != nil })
    }

    private static func connectAndLeave(_ path: String) throws {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
      _ = "GET /".withCString { send(descriptor, $0, 5, Int32(MSG_NOSIGNAL)) }
    }

    /// Killed at moments that grow, then run to its end: at no moment is there neither the old database nor the new one.
    @Test("A recovery that is killed starts again")
    func killedRecoveryStartsAgain() async throws {
      let spool = try TestSpool()
      for number in 1...4 { try spool.drop("study \(number)", ["mask": "\(number)"]) }
      var process = try DaemonBinary.start(spool)
      try await spool.waitForJobs(4)
      stop(process)
      let database = spool.root + "/state/jobs.sqlite"
      let size = try #require(FileManager.default.contents(atPath: database)).count
      try Data(repeating: 0x41, count: size).write(to: URL(fileURLWithPath: database))
      for milliseconds in [5, 15, 25, 35, 45, 60, 80] {
        let recovery = Process()
        recovery.executableURL = URL(fileURLWithPath: DaemonBinary.path)
        recovery.arguments = ["recover", "--config", spool.root + "/radiomicsd.yaml"]
        recovery.standardOutput = FileHandle.nullDevice
        try recovery.run()
        try await Task.sleep(for: .milliseconds(milliseconds))
        kill(recovery.processIdentifier, SIGKILL)
        recovery.waitUntilExit()
        #expect(FileManager.default.fileExists(atPath: database))
      }
      let last = try DaemonBinary.run(
        [DaemonBinary.path, "recover", "--json", "--config", spool.root + "/radiomicsd.yaml"])
      #expect(last.status == 0, "\(last.output)")
      process = try DaemonBinary.start(spool)
      try await started(spool)
      stop(process)
      #expect(try spool.jobs().map(\.state) == [.done, .done, .done, .done])
      #expect(spool.list("outbox").count == 4)
      #expect(try spool.store().events().count { $0.kind == .recovered } == 1)
      let verify = try DaemonBinary.run(
        [DaemonBinary.path, "audit", "verify", "--config", spool.root + "/radiomicsd.yaml"])
      #expect(verify.status == 0 && verify.output.contains("in the mirror"), "\(verify.output)")
    }
  }
}
