import Foundation
import Jobs
import Testing

extension WholeDaemon {
  /// When a study in the inbox is taken, and its status until then.
  @Suite struct WaitingTests {
    @Test("A slow copy is not claimed early")
    func slowCopyIsNotClaimedEarly() async throws {
      // On a busy machine this test itself may pause for longer than the quiet time; then it proves nothing.
      for _ in 0..<5 {
        if try await copiesSlowly() { return }
      }
      Issue.record("the machine was too busy to tell, five times")
    }

    /// False when a pause between two files was longer than the quiet time.
    private func copiesSlowly() async throws -> Bool {
      let spool = try TestSpool(settle: 1)
      let service = spool.start()
      var last = ContinuousClock.now
      var longest = Duration.zero
      var early = 0
      // Complete from the first file on, as far as the worker can see: only the quiet time holds it back.
      for number in 0..<8 {
        try spool.write(["mask": "m", "slice \(number)": "x"], to: spool.root + "/inbox/slow")
        longest = max(longest, ContinuousClock.now - last)
        last = .now
        try await Task.sleep(for: .milliseconds(250))
        early += try spool.exists("state/jobs.sqlite") ? spool.jobs().count : 0
      }
      try await spool.waitForJobs(1)
      try await service.stop()
      guard longest < .milliseconds(900) else { return false }
      #expect(early == 0, "taken while it was being copied")
      #expect(try spool.store().history(of: try spool.jobs()[0]).inputs.count == 9)
      #expect(spool.list("done/slow").count == 9)
      return true
    }

    /// Explorer through Samba creates a file in its full size first and fills it afterwards: a DICOM file or a mask
    /// then consists of zeros.
    @Test(
      "A file created in full size first is claimed when its content is written",
      .enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
    func preallocatedFileWaitsForItsContent() async throws {
      let spool = try TestSpool("profile: jiao2024\nincomplete_seconds: 60", settle: 0.5)
      let made = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12",
      ])
      #expect(made.status == 0, "\(made.output)")
      let study = spool.root + "/made/phantom-0001"
      let names = try FileManager.default.subpathsOfDirectory(atPath: study).filter {
        $0.hasSuffix(".dcm") || $0.hasSuffix(".gz")
      }
      let whole = names.sorted()
      let late = [try #require(whole.last { $0.hasSuffix(".dcm") }), try #require(whole.last { $0.hasSuffix(".gz") })]
      var contents: [String: Data] = [:]
      for name in late {
        let bytes = try #require(FileManager.default.contents(atPath: study + "/" + name))
        contents[name] = bytes
        try Data(count: bytes.count).write(to: URL(fileURLWithPath: study + "/" + name))
      }
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: study, toPath: spool.root + "/inbox/case")
      let process = try DaemonBinary.start(spool, worker: nil)
      // Quiet for longer than a probe waits, and of the right size.
      try await spool.wait(30) { spool.text("status/case.txt")?.contains("state: incomplete") == true }
      #expect(try spool.jobs().isEmpty)
      for name in late {
        let file = try #require(FileHandle(forWritingAtPath: spool.root + "/inbox/case/" + name))
        let bytes = try #require(contents[name])
        // In two pieces, in place: the size never changes.
        try file.write(contentsOf: bytes.prefix(bytes.count / 2))
        try await Task.sleep(for: .milliseconds(200))
        try file.write(contentsOf: bytes.dropFirst(bytes.count / 2))
        try file.close()
      }
      try await spool.waitForJobs(1, seconds: 60)
      process.terminate()
      process.waitUntilExit()
      #expect(try spool.jobs().map(\.state) == [.done])
      for name in late {
        #expect(FileManager.default.contents(atPath: spool.root + "/done/case/" + name) == contents[name], "\(name)")
      }
    }

    /// The program itself, slowly, in two of its ways of writing.
    @Test(
      "A study that rsync writes is claimed once and whole",
      .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsync"), "rsync is not installed"),
      arguments: [[], ["--inplace"]])
    func rsyncedStudyIsClaimedOnceAndWhole(_ options: [String]) async throws {
      let spool = try TestSpool(settle: 2)
      let text = (0..<300_000).map { "\($0 % 9)" }.joined()
      try spool.write(["case/a mask/mask": "x", "case/mask": "m", "case/slice": text], to: spool.root + "/source")
      let service = spool.start()
      try await spool.wait { spool.exists("inbox/.radiomicsd") }
      let copied = Process()
      copied.executableURL = URL(fileURLWithPath: "/usr/bin/rsync")
      copied.arguments = ["-a", "--bwlimit=200"] + options + [spool.root + "/source/case", spool.root + "/inbox/"]
      try copied.run()
      var early = 0
      while copied.isRunning {
        early = max(early, (try? spool.jobs().count) ?? 0)
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(copied.terminationStatus == 0)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(early == 0, "taken while rsync wrote")
      #expect(spool.text("done/case/slice") == text)
      #expect(
        try spool.store().history(of: try spool.jobs()[0]).inputs.map(\.path).sorted() == [
          "a mask/mask", "mask", "slice",
        ])
    }

    @Test("Files that are still being copied hold a study back, junk does not")
    func temporaryNamesHoldAStudyBack() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("held", ["mask": "m", "image.dcm.part": "x"])
      try spool.drop("junk", ["mask": "m", ".DS_Store": "x", "Thumbs.db": "x", "._mask": "x"])
      try await spool.waitForJobs(1)
      try await spool.wait { spool.text("status/held.txt")?.contains("image.dcm.part") == true }
      #expect(spool.list("inbox") == ["held"])
      #expect(try spool.store().history(of: try spool.jobs()[0]).inputs.map(\.path) == ["mask"])
      try FileManager.default.moveItem(
        atPath: spool.root + "/inbox/held/image.dcm.part", toPath: spool.root + "/inbox/held/image.dcm")
      try await spool.waitForJobs(2)
      // A folder with nothing but junk is empty.
      try spool.drop("nothing", [".DS_Store": "x", "Thumbs.db": "x"])
      try await spool.wait { spool.text("status/nothing.txt")?.contains("the folder is empty") == true }
      try await service.stop()
      #expect(spool.list("inbox") == ["nothing"])
    }

    @Test("An incomplete study waits for the missing part")
    func incompleteStudyWaits() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      let service = spool.start()
      try spool.drop("study", ["slice": "1"])
      try await spool.wait { spool.text("status/study.txt")?.contains("E_MASK_MISSING") == true }
      #expect(spool.list("inbox") == ["study"])
      try spool.write(["mask": "m"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test("An incomplete study is rejected after its time or when READY declares it complete")
    func incompleteStudyIsRejectedInTheEnd() async throws {
      let spool = try TestSpool("incomplete_seconds: 0.8")
      let service = spool.start()
      try spool.drop("late", ["slice": "1"])
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map { $0.error?.code } == ["E_MASK_MISSING"])

      let patient = try TestSpool("incomplete_seconds: 60")
      let other = patient.start()
      try patient.drop("ready", ["slice": "1", "READY": ""])
      try await patient.waitForJobs(1)
      try await other.stop()
      #expect(try patient.jobs().map(\.state) == [.rejected])
    }

    @Test("A file READY shortens the quiet time")
    func readyFileShortensTheQuietTime() async throws {
      let spool = try TestSpool(settle: 30)
      let service = spool.start()
      let start = ContinuousClock.now
      try spool.drop("study", ["mask": "m", "READY": ""])
      try await spool.wait(10) { (try? spool.jobs())?.first?.state == .done }
      #expect(ContinuousClock.now - start < .seconds(4))
      // The marker shortens the wait before, not the one after: the original is compared once more before it is put away.
      try await Task.sleep(for: .seconds(1))
      #expect(spool.list("outbox") == ["study"] && spool.brokenResults() == [])
      #expect(try spool.jobs().map(\.swept) == [false] && spool.list("done") == [])
      try await service.stop()
      #expect(
        try spool.store().history(of: try spool.jobs()[0]).inputs.map(\.path) == ["mask"], "the marker is not an input")
    }

    @Test("Links and pipes are refused unread")
    func linksAndPipesAreRefusedUnread() async throws {
      let spool = try TestSpool()
      try spool.drop("link")
      try FileManager.default.createSymbolicLink(
        atPath: spool.root + "/inbox/link/x", withDestinationPath: "/etc/passwd")
      try spool.drop("pipe")
      #expect(mkfifo(spool.root + "/inbox/pipe/x", 0o600) == 0)
      let service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      let codes = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0.error?.code) })
      #expect(codes == ["link": "E_SYMLINK", "pipe": "E_SPECIAL_FILE"])
      #expect(spool.list("outbox/link") == ["error.json"])
    }

    @Test("Files beside studies are not claimed but reported")
    func looseFilesAreIgnoredAndReported() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("inbox") }
      try "x".write(toFile: spool.root + "/inbox/slice.dcm", atomically: false, encoding: .utf8)
      try await spool.wait { spool.text("status/slice.dcm.txt")?.contains("only folders") == true }
      try FileManager.default.removeItem(atPath: spool.root + "/inbox/slice.dcm")
      try await spool.wait { !spool.exists("status/slice.dcm.txt") }
      try await service.stop()
      #expect(try spool.jobs().isEmpty)
    }
  }
}
