import Foundation
import Jobs
import TestKit
import Testing

extension DaemonProgram {
  /// Messages between the service and systemd, and the promises of the unit.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct SystemdTests {
    @Test("Start and stop request the time that they need")
    func startAndStopRequestTheirTime() async throws {
      let spool = try TestSpool()
      let text = try #require(spool.text("radiomicsd.yaml"))
      try text.replacingOccurrences(of: "stop_seconds: 0", with: "stop_seconds: 7")
        .write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      let first = try DaemonBinary.start(spool)
      try spool.drop("study", ["mask": "m", "delay": "20"])
      try await spool.wait { (try? spool.jobs())?.first?.state == .running }
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()

      let socket = try NotifySocket(spool.root + "/notify")
      let second = try DaemonBinary.start(spool, environment: ["NOTIFY_SOCKET": spool.root + "/notify"])
      try await spool.wait { socket.messages.contains("READY=1") }
      let start = socket.messages.prefix { $0 != "READY=1" }
      #expect(start.contains("EXTEND_TIMEOUT_USEC=300000000"), "recovering a job may take longer than a start")
      #expect(!start.contains("STOPPING=1"))

      second.terminate()
      try await spool.wait { socket.messages.contains("STOPPING=1") }
      // stop_seconds, and what ending by force takes.
      try await spool.wait { socket.messages.contains("EXTEND_TIMEOUT_USEC=37000000") }
      // The second signal ends the wait.
      second.terminate()
      second.waitUntilExit()
      #expect(second.terminationStatus == 0)
      #expect(!socket.messages.contains { $0.contains("study") }, "a name went to systemd")
    }

    /// systemd.exec(5): the variable names the stream, and lines of it begin with their priority.
    @Test("Lines of the journal start with their priority", arguments: [true, false])
    func journalLinesStartWithPriority(_ isJournal: Bool) async throws {
      let spool = try TestSpool()
      let path = spool.root + "/journal"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      let about = try FileManager.default.attributesOfItem(atPath: path)
      let device = try #require(about[.systemNumber] as? NSNumber)
      let inode = try #require(about[.systemFileNumber] as? NSNumber)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: DaemonBinary.path)
      process.arguments = [
        "serve", "--config", spool.root + "/radiomicsd.yaml", "--worker-program", spool.root + "/worker",
      ]
      process.environment = ProcessInfo.processInfo.environment.merging([
        "JOURNAL_STREAM": isJournal ? "\(device):\(inode)" : "1:2"
      ]) { $1 }
      process.standardError = FileHandle(forWritingAtPath: path)
      try process.run()
      try spool.drop("study", ["mask": "m", "crash": "yes"])
      try await spool.waitForJobs(1)
      // A wrong configuration is refused, with an error.
      try "settle_seconds: soon\n".write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("journal")?.contains("stays as it was") == true }
      process.terminate()
      process.waitUntilExit()
      let lines = try #require(spool.text("journal")).split(separator: "\n")
      if isJournal {
        #expect(lines.allSatisfy { $0.hasPrefix("<6>") || $0.hasPrefix("<4>") || $0.hasPrefix("<3>") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("<6>started") })
        #expect(lines.contains { $0.hasPrefix("<3>") && $0.contains("stays as it was") })
      } else {
        #expect(lines.allSatisfy { $0.hasPrefix("20") }, "\(lines)")
      }
    }

    @Test("The unit fits the program")
    func unitFitsTheProgram() throws {
      let folder = SharedData.checkout.appendingPathComponent("systemd")
      let text = try String(contentsOf: folder.appendingPathComponent("radiomicsd.service"), encoding: .utf8)
      var settings: [String: [String]] = [:]
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        let parts = line.split(separator: "=", maxSplits: 1)
        if parts.count == 2 { settings[String(parts[0]), default: []].append(String(parts[1])) }
      }
      #expect(settings["Type"] == ["notify"] && settings["NotifyAccess"] == ["main"])
      // A wrong configuration is not better at the next start.
      #expect(settings["RestartPreventExitStatus"]?.first?.split(separator: " ").contains("78") == true)
      #expect(settings["Restart"] == ["on-failure"])
      // One worker that the kernel ends for memory must not end the others.
      #expect(settings["OOMPolicy"] == ["continue"] && settings["KillMode"] == ["mixed"])
      #expect(settings["WatchdogSec"] == ["60"])
      // The default of stop_seconds fits in.
      #expect(Int(settings["TimeoutStopSec"]?.first ?? "") ?? 0 >= 60 + 30)

      let folders = try String(contentsOf: folder.appendingPathComponent("radiomicsd.tmpfiles.conf"), encoding: .utf8)
      let rows = folders.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
      #expect(rows.contains { $0.starts(with: ["d", "@SPOOL@/inbox", "2770", "radiomicsd", "radiomics"]) })
      #expect(
        rows.contains { $0.first == "a+" && $0[1] == "@SPOOL@/inbox" && $0.last == "default:group:radiomics:rwx" })
      #expect(rows.contains { $0.starts(with: ["d", "@SPOOL@/inbox/urgent", "2770", "radiomicsd", "radiomics"]) })
      #expect(rows.contains { $0.starts(with: ["d", "@STATE@", "0700"]) })
    }
  }
}
