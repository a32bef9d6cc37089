import Foundation
import Jobs
import Testing

extension DaemonProgram {
  /// Work of auditors and operators with a job's record, through the program itself.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct AuditCommandTests {
    private let spool: TestSpool
    private var config: [String] { ["--config", spool.root + "/radiomicsd.yaml"] }

    init() throws { spool = try TestSpool("threads_per_job: 2\nprofile: jiao2024") }

    private func radiomicsd(_ arguments: String...) throws -> (status: Int32, output: String) {
      try DaemonBinary.run([DaemonBinary.path] + arguments + config)
    }

    /// Lets the daemon compute a phantom with its real worker.
    private func compute() async throws -> Process {
      let made = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12",
      ])
      #expect(made.status == 0, "\(made.output)")
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: spool.root + "/made/phantom-0001", toPath: spool.root + "/inbox/phantom")
      let process = try DaemonBinary.start(spool, worker: nil)
      try await spool.waitForJobs(1, seconds: 60)
      return process
    }

    @Test("A job is verified, reproduced and purged")
    func jobIsVerifiedReproducedAndPurged() async throws {
      let process = try await compute()
      let sound = try radiomicsd("audit", "verify")
      #expect(sound.status == 0 && sound.output.hasPrefix("the chain holds: "), "\(sound.output)")

      let same = try radiomicsd("jobs", "reproduce", "phantom")
      #expect(same.status == 0 && same.output.contains("reproduced: "), "\(same.output)")
      for what in ["features", "features.json", "image.nii.gz", "mask.nii.gz", "overlay.png", "profile"] {
        #expect(same.output.contains("same \(what) "), "\(what): \(same.output)")
      }
      #expect(spool.list("state/spool/in") == [], "nothing of it stays in the spool")

      // Another original of the same name is not the computed one.
      let slice = spool.root + "/done/phantom/ct/IM0004.dcm"
      let kept = try Data(contentsOf: URL(fileURLWithPath: slice))
      try Data(kept.dropLast(2) + [0, 0]).write(to: URL(fileURLWithPath: slice))
      let changed = try radiomicsd("jobs", "reproduce", "phantom")
      #expect(changed.status == 65 && changed.output.contains("E_NOT_REPRODUCED"), "\(changed.output)")
      try kept.write(to: URL(fileURLWithPath: slice))

      let none = try radiomicsd("jobs", "purge", "--older-than", "1h")
      #expect(none.status == 0 && none.output == "0 originals\n", "\(none.output)")
      let purged = try radiomicsd("jobs", "purge", "--older-than", "0s")
      #expect(purged.status == 0 && purged.output.hasSuffix("1 originals\n"), "\(purged.output)")
      try await spool.wait { !spool.exists("done/phantom") }
      try await spool.wait { (try? spool.jobs().first?.originalAt == nil) == true }
      let event = try #require(try spool.store().events().last { $0.kind == .purged })
      #expect(event.actor.hasPrefix("user:") && event.actor.contains("(\(getuid()))"), "\(event.actor)")
      #expect(spool.exists("outbox/phantom/result.json"))
      #expect(try radiomicsd("jobs", "reproduce", "phantom").status == 65)

      process.terminate()
      process.waitUntilExit()
      #expect(try radiomicsd("audit", "verify").status == 0)
      let log = try #require(spool.text("log"))
      #expect(log.contains("chain head "))
    }

    @Test("A truncated database is detected at start and by audit verify")
    func truncatedDatabaseIsDetected() async throws {
      try spool.drop("study")
      var process = try DaemonBinary.start(spool)
      try await spool.waitForJobs(1)
      process.terminate()
      process.waitUntilExit()
      let kept = try radiomicsd("audit", "anchor")
      try kept.output.write(toFile: spool.root + "/elsewhere.jsonl", atomically: true, encoding: .utf8)
      #expect(kept.output.hasPrefix("{\"hash\":\"") && kept.output.hasSuffix("}\n"))
      let database = spool.root + "/state/jobs.sqlite"
      let tampered = try DaemonBinary.run([
        "/usr/bin/sqlite3", database,
        "DROP TRIGGER events_are_not_deleted; DELETE FROM events WHERE kind = 'DAEMON_STOPPED';",
      ])
      #expect(tampered.status == 0, "\(tampered.output)")
      let cut = try radiomicsd("audit", "verify")
      #expect(cut.status == 65 && cut.output.contains("truncated: "), "\(cut.output)")
      // A forger who deletes the daemon's own anchors too is found by the anchor that was kept elsewhere.
      try FileManager.default.removeItem(atPath: spool.root + "/state/anchors.jsonl")
      try FileManager.default.moveItem(atPath: spool.root + "/state/audit", toPath: spool.root + "/audit")
      let without = try radiomicsd("audit", "verify")
      #expect(without.status == 65 && without.output.contains("witness_missing: "), "\(without.output)")
      try FileManager.default.moveItem(atPath: spool.root + "/audit", toPath: spool.root + "/state/audit")
      let found = try radiomicsd("audit", "verify", "--json", "--anchor", spool.root + "/elsewhere.jsonl")
      #expect(found.status == 65 && found.output.contains("\"kind\":\"truncated\""), "\(found.output)")

      let edited = try DaemonBinary.run([
        "/usr/bin/sqlite3", database,
        "DROP TRIGGER events_are_not_changed; UPDATE events SET actor = 'x' WHERE kind = 'PUBLISHED';",
      ])
      #expect(edited.status == 0, "\(edited.output)")
      // The mirror knows the event that was cut off.
      process = try DaemonBinary.start(spool)
      process.waitUntilExit()
      #expect(process.terminationStatus == 78 && spool.text("log")?.contains("E_AUDIT_BEHIND") == true)
      let recovered = try radiomicsd("recover")
      #expect(recovered.status == 0 && recovered.output.contains("would") == false, "\(recovered.output)")
      process = try DaemonBinary.start(spool)
      try await spool.wait { spool.text("log")?.contains("started") == true }
      process.terminate()
      process.waitUntilExit()
      #expect(spool.text("log")?.contains("the chain of events does not hold: edited") == true)
      #expect(try spool.store().events().contains { $0.kind == .security && $0.details["kind"] == "edited" })
      #expect(try spool.store().events().contains { $0.kind == .daemonStopped }, "what was cut off is there again")
    }

    @Test("The record names the software that computed a result")
    func recordNamesSoftwareOfResults() async throws {
      for _ in 0..<2 {
        let process = try DaemonBinary.start(spool)
        try await spool.wait { spool.text("log")?.contains("started") == true }
        process.terminate()
        process.waitUntilExit()
      }
      func changes() throws -> [Event] { try spool.store().events().filter { $0.kind == .configurationChanged } }
      #expect(try changes().count == 1, "once, as long as nothing changes")
      let text = try #require(spool.text("radiomicsd.yaml"))
      try (text + "\nmax_jobs: 2\n").write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      let process = try DaemonBinary.start(spool)
      try await spool.wait { spool.text("log")?.contains("started") == true }
      process.terminate()
      process.waitUntilExit()
      let events = try changes()
      #expect(events.count == 2)
      #expect(events[0].details["configuration_sha256"] != events[1].details["configuration_sha256"])
      #expect(events[1].details["software"]?.hasPrefix("radiomicsd ") == true)
    }
  }
}
