import Errors
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// An inbox on a file system that is mounted read-only: studies are copied, computed and left where they are.
  @Suite(.enabled(if: SmallDisk.isPossible, "needs root, to mount folders read-only"))
  struct ReadOnlyTests {
    /// A spool whose inbox is a view, read-only, of `share`, where a server's users drop.
    private func served(_ extra: String = "") throws -> (spool: TestSpool, view: ReadOnlyView) {
      let spool = try TestSpool(extra)
      return (spool, try ReadOnlyView(of: spool.root + "/share", at: spool.root + "/inbox"))
    }

    private func names(_ folder: String) throws -> [String] {
      try #require(FileManager.default.subpaths(atPath: folder)).sorted()
    }

    @Test("A read-only inbox is served by copies only")
    func readOnlyInboxIsServedByCopies() async throws {
      let (spool, view) = try served()
      try spool.drop("study", ["mask": "m", "a": "1"], into: "share")
      try spool.drop("refused", ["mask": "r", "refuse": ""], into: "share")
      try spool.drop("hurry", ["mask": "h"], into: "share/urgent")
      try spool.drop("asks", ["mask": "q", "ask": ""], into: "share")
      #expect(mkdir(spool.root + "/inbox/x", 0o777) == -1 && errno == EROFS)
      let before = try names(spool.root + "/share")
      var service = spool.start()
      try await spool.wait {
        let jobs = (try? spool.jobs()) ?? []
        return jobs.count == 4 && jobs.allSatisfy { $0.swept || $0.state == .needsReview }
      }
      #expect(try names(spool.root + "/share") == before, "not a byte of the server's folder is ours")
      #expect(spool.list("outbox") == ["hurry", "refused", "study"] && spool.brokenResults() == [])
      #expect(spool.list("done") == [] && spool.list("failed") == [] && spool.list("state/spool/in").count == 1)
      #expect(spool.text("status/study.txt")?.contains("state: done") == true)
      #expect(spool.text("status/refused.txt")?.contains("E_SLICE_GAP") == true)
      #expect(try spool.store().job(named: "hurry").isUrgent)
      #expect(try spool.store().events().contains { $0.kind == .inboxReadOnly })
      // Rescans, and another daemon: a taken study is not taken again.
      try await Task.sleep(for: .seconds(1.2))
      try await service.stop()
      service = spool.start()
      try await Task.sleep(for: .seconds(1.2))
      #expect(try spool.jobs().count == 4)

      // A choice comes as a command; an operator wants the refused one again.
      let asks = try spool.store().job(named: "asks")
      #expect(try await spool.ask(.resolve, asks, choices: JobChoices(series: "1.2.3")).accepted)
      try await spool.wait { (try? spool.store().job(asks.id)?.swept) == true }
      #expect(try await spool.ask(.retry, try spool.store().job(named: "refused")).accepted)
      try await spool.waitForJobs(5)
      #expect(try spool.jobs().last?.retryOf == spool.store().jobs().first { $0.study == "refused" }?.id)
      #expect(try await !spool.ask(.purge, asks).accepted)
      // The server's users rename one, and add a slice to another.
      try FileManager.default.moveItem(atPath: spool.root + "/share/study", toPath: spool.root + "/share/renamed")
      try spool.write(["b": "2"], to: spool.root + "/share/urgent/hurry")
      try await spool.waitForJobs(7)
      try await service.stop()
      #expect(try spool.store().job(named: "renamed").state == .duplicate, "the digest knows it under any name")
      let grown = try spool.store().job(named: "hurry")
      #expect(grown.state == .done && grown.inputFiles == 2)
      #expect(try spool.store().firstBrokenEvent() == nil)
      withExtendedLifetime(view) {}
    }

    @Test("The copy of a read-only study survives the end of the daemon at every operation")
    func readOnlyCopySurvivesACrashAtEveryOperation() async throws {
      let points = CrashPoints.below(60)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for point in points {
          group.addTask {
            let (spool, view) = try served()
            try spool.drop("study", into: "share")
            let service = spool.start(operations: CrashingOperations(point: point))
            try await spool.wait { service.hasEnded || ((try? spool.jobs()) ?? []).contains { $0.swept } }
            if !service.hasEnded { try? await service.stop() }
            let again = spool.start()
            try await spool.waitForJobs(1)
            try await Task.sleep(for: .milliseconds(700))
            try await again.stop()
            #expect(try spool.jobs().map(\.state) == [.done], "point \(point)")
            #expect(spool.list("outbox") == ["study"] && spool.brokenResults() == [], "point \(point)")
            #expect(try names(spool.root + "/share") == ["study", "study/mask"], "point \(point)")
            for folder in ["state/work", "state/spool/in", "state/spool/tmp", "outbox/.tmp"] {
              #expect(spool.list(folder) == [], "\(folder), point \(point)")
            }
            withExtendedLifetime(view) {}
          }
        }
        try await group.waitForAll()
      }
    }

    @Test("A damaged copy of a read-only study is made again")
    func damagedReadOnlyCopyIsMadeAgain() async throws {
      let (spool, view) = try served()
      try spool.wrapWorker(#"while [ "$verb" = run ] && [ ! -f "\#(spool.root)/go" ]; do sleep 0.02; done"#)
      try spool.drop("study", ["mask": "m", "rehash": ""], into: "share")
      let service = spool.start()
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      let job = try #require(try spool.jobs().first)
      try "x".write(toFile: "\(spool.root)/state/spool/in/\(job.id)/input/mask", atomically: false, encoding: .utf8)
      try spool.write(["go": ""], to: spool.root)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done] && spool.text("outbox/study/features.json") == "m")
      #expect(try spool.store().history(of: job).events.contains { $0.kind == .inputChanged })
      withExtendedLifetime(view) {}
    }

    @Test("Status files go to the outbox where their own folder is read-only too")
    func statusFallsBackToTheOutbox() async throws {
      let (spool, view) = try served()
      let status = try ReadOnlyView(of: spool.root + "/share-status", at: spool.root + "/status")
      try spool.drop("study", into: "share")
      let service = spool.start()
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.text("outbox/.status/study.txt")?.contains("state: done") == true)
      #expect(spool.list("status") == [] && spool.list("outbox") == ["study"])
      withExtendedLifetime((view, status)) {}
    }

    @Test("Of an inbox that is writable again only new studies are moved")
    func writableInboxMovesNewStudiesOnly() async throws {
      let (spool, view) = try served()
      try spool.drop("old", ["mask": "o"], into: "share")
      let service = spool.start()
      try await spool.waitForJobs(1)
      try view.remount(readOnly: false)
      try await spool.wait { spool.exists("inbox/.radiomicsd/claimed") && spool.exists("inbox/.radiomicsd-inbox") }
      try spool.drop("new", ["mask": "n"], into: "share")
      try await spool.waitForJobs(2)
      #expect(spool.list("inbox") == ["old"] && spool.list("done") == ["new"])
      try view.remount(readOnly: true)
      try await spool.wait {
        ((try? spool.store().events()) ?? []).filter { $0.kind == .inboxReadOnly }.count == 3
      }
      try spool.drop("newer", ["mask": "e"], into: "share")
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(spool.list("inbox") == ["newer", "old"] && spool.list("outbox") == ["new", "newer", "old"])
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
    }

    @Test("The mount point of an unmounted read-only share is not served")
    func unmountedReadOnlyShareIsNotServed() async throws {
      let spool = try TestSpool()
      do {
        let view = try ReadOnlyView(of: spool.root + "/share", at: spool.root + "/inbox")
        try spool.drop("study", into: "share")
        let service = spool.start()
        try await spool.waitForJobs(1)
        try await service.stop()
        withExtendedLifetime(view) {}
      }
      let error = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(error?.code.name == "E_INBOX_MARKER")
      #expect(try FileManager.default.contentsOfDirectory(atPath: spool.root + "/inbox") == [], "nothing is made in it")
      let view = try ReadOnlyView(of: spool.root + "/share", at: spool.root + "/inbox")
      let service = spool.start()
      try await spool.wait { service.log.text.contains("started") }
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
      withExtendedLifetime(view) {}
    }
  }
}

/// A folder seen at another place, where it cannot be written: a bind mount, really read-only.
final class ReadOnlyView: Sendable {
  private let place: String

  init(of folder: String, at place: String) throws {
    self.place = place
    for path in [folder, place] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    guard mount(folder, place, nil, UInt(MS_BIND), nil) == 0 else { throw POSIXError(.EPERM) }
    try remount(readOnly: true)
  }

  func remount(readOnly: Bool) throws {
    let flags = MS_BIND | MS_REMOUNT | (readOnly ? MS_RDONLY : 0)
    guard mount(nil, place, nil, UInt(flags), nil) == 0 else { throw POSIXError(.EPERM) }
  }

  deinit {
    umount2(place, Int32(MNT_DETACH))
    // The spool may have been removed around the mounted folder.
    let root = (place as NSString).deletingLastPathComponent
    if !FileManager.default.fileExists(atPath: root + "/radiomicsd.yaml") {
      try? FileManager.default.removeItem(atPath: root)
    }
  }
}
