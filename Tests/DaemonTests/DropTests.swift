import Errors
import Files
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// Changes that people and programs make to folders in an inbox.
  @Suite struct DropTests {
    @Test("A study that is renamed back and forth is one job")
    func studyRenamedBackAndForthIsOneJob() async throws {
      let spool = try TestSpool(settle: 0.4)
      let service = spool.start()
      try spool.drop("one")
      for _ in 0..<50 {
        for (from, to) in [("one", "two"), ("two", "one")] {
          // It may be taken between two renames: then there is nothing to rename any more.
          rename("\(spool.root)/inbox/\(from)", "\(spool.root)/inbox/\(to)")
        }
        try await Task.sleep(for: .milliseconds(5))
      }
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
      #expect(spool.list("outbox").count == 1 && spool.list("done") == spool.list("outbox"))
      #expect(spool.list("status") == spool.list("outbox").map { $0 + ".txt" })
    }

    @Test("A late file becomes a separate study and changes no job")
    func lateFileChangesNoJob() async throws {
      let spool = try TestSpool("incomplete_seconds: 1.5")
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "delay": "1"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.write(["late": "x"], to: spool.root + "/inbox/study")
      try await spool.wait { spool.text("status/study.txt")?.contains("E_MASK_MISSING") == true }
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done, .rejected])
      #expect(spool.text("outbox/study/features.json") == "m")
      #expect(spool.list("done/study") == ["delay", "mask"] && spool.list("failed/study") == ["late"])
    }

    @Test("The clock of a file server is ignored")
    func fileServerClockIsIgnored() async throws {
      let spool = try TestSpool()
      try spool.drop("study", ["mask": "m", "a": "1"])
      for (name, hours) in [("mask", 2.0), ("a", -400_000)] {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: hours * 3600)],
          ofItemAtPath: "\(spool.root)/inbox/study/\(name)")
      }
      let service = spool.start()
      try await spool.waitForJobs(1, seconds: 10)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test("A study with more slices supersedes the earlier one")
    func studyWithMoreSlicesSupersedes() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      let slices = ["mask": "m", "1": "a", "2": "b"]
      try spool.drop("study", slices)
      try spool.drop("stranger", ["mask": "m", "9": "z"])
      try await spool.waitForJobs(2)
      try spool.drop("study again", slices.merging(["3": "c"]) { $1 })
      try await spool.waitForJobs(3)
      try spool.drop("the same with a choice", slices.merging(["3": "c", "study.yaml": "label: 1"]) { $1 })
      try await spool.waitForJobs(4)
      try await service.stop()
      let jobs = try spool.jobs()
      let first = try #require(jobs.first { $0.study == "study" })
      let second = try #require(jobs.first { $0.study == "study again" })
      #expect(second.state == .done && second.supersedes == first.id)
      #expect(jobs.filter { $0.supersedes != nil }.count == 2, "the last one supersedes the first as well")
      let events = try spool.store().history(of: second).events
      #expect(events.contains { $0.kind == .admitted && $0.details["supersedes"] == first.id.text })
      #expect(
        spool.text("outbox/study again/features.json")?.contains(first.id.text) == true,
        "the worker gets the superseded job")
    }

    @Test("A study beyond the limits is refused unread")
    func oversizedStudyIsRefusedUnread() throws {
      let spool = try TestSpool()
      let study = spool.root + "/study"
      var limits = StudyLimits()
      limits.files = 3
      limits.depth = 3
      limits.bytes = 10
      func refusal() throws -> String? { try Listing(of: Path(study), limits: limits).refusal?.code }
      try spool.write(["a": "1", "b/c": "2", "b/d/e": "3"], to: study)
      #expect(try refusal() == nil)
      try spool.write(["f": "4"], to: study)
      #expect(try refusal() == "E_LIMIT", "files")
      try FileManager.default.removeItem(atPath: study + "/f")
      try spool.write(["b/d/e": "3333333333"], to: study)
      #expect(try refusal() == "E_LIMIT", "bytes")
      try FileManager.default.removeItem(atPath: study + "/b/d")
      try spool.write(["b/d/e/f": "3"], to: study)
      #expect(try refusal() == "E_LIMIT", "depth")
      #expect(StudyLimits().files == 20_000 && StudyLimits().depth == 16 && StudyLimits().bytes == 64 << 30)
    }

    /// Four thousand nested folders: neither the listing nor the removal may run out of stack or descriptors.
    @Test("Folders nested without end are refused")
    func endlessFoldersAreRefused() async throws {
      let spool = try TestSpool()
      let study = spool.root + "/draft"
      #expect(mkdir(study, 0o755) == 0)
      var here = open(study, O_RDONLY | O_DIRECTORY)
      for _ in 0..<4000 {
        #expect(mkdirat(here, "d", 0o755) == 0)
        let next = openat(here, "d", O_RDONLY | O_DIRECTORY)
        close(here)
        here = next
      }
      close(here)
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      #expect(rename(study, spool.root + "/inbox/deep") == 0)
      try spool.drop("study")
      let service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["deep"]?.state == .rejected && jobs["deep"]?.error?.code == "E_LIMIT")
      #expect(jobs["study"]?.state == .done)
      #expect(spool.list("failed") == ["deep"])
      // Foundation cannot remove folders that are nested so deeply.
      _ = try DaemonBinary.run(["/bin/rm", "-rf", spool.root + "/failed/deep"])
    }

    @Test(
      "A hard link to another user's file is refused",
      .enabled(if: geteuid() == 0, "needs root, to make a file another user's"))
    func hardLinkToAForeignFileIsRefused() throws {
      let spool = try TestSpool()
      try spool.write(["theirs": "secret", "own": "x"], to: spool.root)
      try spool.write(["mask": "m"], to: spool.root + "/study")
      func refusal() throws -> JobError? { try Listing(of: Path(spool.root + "/study")).refusal }
      #expect(link(spool.root + "/own", spool.root + "/study/linked") == 0)
      #expect(try refusal() == nil, "his own file may have two names")
      #expect(chown(spool.root + "/theirs", 12345, 12345) == 0)
      #expect(link(spool.root + "/theirs", spool.root + "/study/other") == 0)
      #expect(try refusal()?.code == "E_HARD_LINK" && refusal()?.message.contains("other") == true)
    }
  }
}
