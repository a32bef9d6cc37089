import Configuration
import Daemon
import Foundation
import Intake
import Jobs
import Testing

extension DaemonProgram {
  /// Access of the group to the daemon's files, whatever umask it was started with.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct GroupTests {
    private func mode(_ path: String) -> mode_t {
      var about = stat()
      return stat(path, &about) == 0 ? about.st_mode & 0o777 : 0
    }

    private func started(_ spool: TestSpool) async throws {
      try await spool.wait { spool.text("log")?.contains("started") == true }
    }

    private func stop(_ process: Process) {
      process.terminate()
      process.waitUntilExit()
    }

    /// Permissions of all files that the group reads are set and not inherited; private files stay private.
    @Test("Files for the group are readable by it under any umask", arguments: ["077", "000", "022", "007"])
    func groupFilesAreReadableUnderAnyUmask(
      _ umask: String
    ) async throws {
      let spool = try TestSpool()
      try spool.drop("study", ["mask": "m"], into: "draft")
      try spool.drop("refused", ["mask": "r", "refuse": ""], into: "draft")
      let process = try DaemonBinary.start(spool, under: ["/bin/sh", "-c", "umask \(umask); exec \"$@\"", "sh"])
      try await started(spool)
      for name in ["study", "refused"] {
        try FileManager.default.moveItem(
          atPath: "\(spool.root)/draft/\(name)", toPath: "\(spool.root)/inbox/\(name)")
      }
      try await spool.waitForJobs(2)
      for folder in ["outbox/study", "outbox/refused", "outbox", "status"] {
        #expect(mode(spool.root + "/" + folder) == 0o750, "\(folder)")
      }
      for folder in ["inbox", "inbox/urgent", "done", "failed"] {
        #expect(mode(spool.root + "/" + folder) == 0o770, "\(folder)")
      }
      let files = ["study/manifest.json", "study/features.json", "study/result.json", "refused/error.json"]
      for file in files.map({ "outbox/" + $0 }) + ["status/study.txt", "status/refused.txt"] {
        #expect(mode(spool.root + "/" + file) == 0o640, "\(file)")
      }
      for folder in ["state", "state/spool", "state/work", "outbox/.tmp", "inbox/.radiomicsd"] {
        #expect(mode(spool.root + "/" + folder) == 0o700, "\(folder)")
      }
      stop(process)
      #expect(spool.brokenResults() == [])
    }

    @Test("A removed status folder is created again and reported")
    func removedStatusFolderIsRecreated() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      let process = try DaemonBinary.start(spool)
      try await started(spool)
      try spool.drop("waits", ["slice": "1"])
      try await spool.wait { spool.text("status/waits.txt")?.contains("incomplete") == true }
      try FileManager.default.removeItem(atPath: spool.root + "/status")
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("state: done") == true }
      #expect(spool.text("status/waits.txt")?.contains("incomplete") == true, "what it showed is shown again")
      #expect(mode(spool.root + "/status") == 0o750)
      stop(process)
      #expect(try spool.store().events().contains { $0.kind == .statusRemade })
      #expect(spool.text("log")?.contains("was made again") == true)
    }

    @Test(
      "A reload whose model or profile does not load is refused by name",
      arguments: [
        "model: absent.bundle", "profile: absent.yaml", "model: {bundle: absent.bundle, shadow: other.bundle}",
      ])
    func reloadWithBrokenModelIsRefused(_ line: String) async throws {
      let spool = try TestSpool()
      let process = try DaemonBinary.start(spool)
      try await started(spool)
      let good = try #require(spool.text("radiomicsd.yaml"))
      try (good + "\nmax_jobs: 3\n\(line)\n").write(
        toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("log")?.contains("the configuration stays as it was") == true }
      let key = line.prefix { $0 != ":" }
      #expect(spool.text("log")?.contains("stays as it was: \(key)") == true, "\(spool.text("log") ?? "")")
      try spool.drop("study")
      try await spool.waitForJobs(1)
      stop(process)
      #expect(try spool.jobs().map(\.state) == [.done])
      #expect(try spool.store().events().count { $0.kind == .reloadRefused } == 1)
    }

    @Test("A reload whose folders are missing is refused by name")
    func reloadWithMissingFoldersIsRefused() async throws {
      let spool = try TestSpool()
      let process = try DaemonBinary.start(spool)
      try await started(spool)
      try FileManager.default.removeItem(atPath: spool.root + "/failed")
      kill(process.processIdentifier, SIGHUP)
      try await spool.wait { spool.text("log")?.contains("stays as it was: failed: the folder") == true }
      stop(process)
      #expect(try spool.store().events().count { $0.kind == .reloadRefused } == 1)
    }
  }
}

extension DaemonRecovery {
  @Suite struct SpawnTests {
    @Test("A worker that cannot be started is named")
    func unstartableWorkerIsNamed() async throws {
      let spool = try TestSpool()
      let service = spool.start { $0.worker = ["/nowhere/worker"] }
      try spool.drop("study")
      try await spool.wait { service.log.text.contains("cannot be started: /nowhere/worker: No such file") }
      try await spool.wait { spool.text("status/study.txt")?.contains("/nowhere/worker: No such file") == true }
      try await service.stop()
    }
  }
}
