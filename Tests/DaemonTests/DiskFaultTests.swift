import Daemon
import Files
import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// The disk answers with a fault, from one operation on after the other. Once it is well again the study is done, once,
  /// and no run was charged for it.
  @Suite struct DiskFaultTests {
    private static let good = ["mask": "the mask", "a": "1", "b": "2"]

    @Test(arguments: DiskFault.allCases)
    func aStudyIsDoneOnceTheDiskIsWell(fault: DiskFault) async throws {
      let count = try await PowerCut.operations { try $0.drop("study", Self.good) }
      // Each fault begins elsewhere, so that together they meet most operations even when every eleventh is tried.
      let shift = DiskFault.allCases.firstIndex(of: fault) ?? 0
      let firsts = CrashPoints.areAll ? Array(0..<count) : Array(stride(from: shift, to: count, by: 11))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, first) in firsts.enumerated() {
          if index >= 12 { try await group.next() }
          group.addTask { try await Self.run(fault, from: first) }
        }
        try await group.waitForAll()
      }
    }

    private static func run(_ fault: DiskFault, from first: Int) async throws {
      let place = Comment(rawValue: "\(fault) from operation \(first)")
      let spool = try TestSpool(settle: 0.05)
      try spool.drop("study", good)
      let disk = FaultyDisk(fault, from: first)
      var service = spool.start(operations: disk) { $0.pause = 0.05 }
      for _ in 0..<8 {
        try await spool.wait {
          service.hasEnded || ((try? spool.jobs()) ?? []).contains { $0.state.isFinal && $0.swept }
        }
        guard service.hasEnded else { break }
        // A daemon that cannot start is started again, as systemd does.
        service = spool.start(operations: disk) { $0.pause = 0.05 }
      }
      do {
        try await spool.waitForJobs(1)
      } catch {
        Issue.record("\(place): no end; \((try? spool.jobs()) ?? []); \(service.log.text)")
      }
      try await service.stop()
      let store = try spool.store()
      #expect(try store.jobs().map(\.state) == [.done], place)
      #expect(try store.jobs().allSatisfy { $0.charges == 1 }, place)
      #expect(try store.firstBrokenEvent() == nil, place)
      #expect(spool.brokenResults() == [] && spool.list("outbox") == ["study"], place)
      #expect(spool.text("outbox/study/features.json") == "the mask", place)
      #expect(spool.list("done/study") == ["a", "b", "mask"] && spool.list("inbox") == [], place)
      #expect(spool.list("state/spool/in") == [] && spool.list("inbox/.radiomicsd/claimed") == [], place)
    }

    /// A file that cannot be read is read three times, the study tried three times; then its user reads which file it is.
    @Test func aFileThatCannotBeReadFailsItsStudyAndIsNamed() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("copy", with: EIO, operation: "read", nameEndingIn: "/b")
      let service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study", Self.good)
      try spool.drop("other", ["mask": "o"])
      try await spool.waitForJobs(2)
      try await service.stop()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      let job = try #require(jobs["study"])
      #expect(jobs["other"]?.state == .done, "another study is not held up")
      #expect(job.state == .failed && job.error?.code == "E_IO" && job.error?.message.contains(": b: ") == true)
      #expect(spool.text("status/study.txt")?.contains("b: read: Input/output error") == true)
      #expect(spool.list("failed/study") == ["a", "b", "mask"])
      #expect(disk.failures == 9)
      #expect(!service.log.text.contains("b: read"), "no name in the log")
    }

    /// After a sync that failed nothing of the copy is trusted: it is made again, and the sync is not.
    @Test func aSyncThatFailsMeansAnotherCopy() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("syncfs", with: EIO, operation: "syncfs", times: 1)
      let service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study", Self.good)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(disk.copies.filter { $0.contains("/spool/tmp/") }.count == 6, "three files, twice")
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test func bytesComeInPiecesAndInterruptionsChangeNothing() throws {
      let spool = try TestSpool()
      let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let (plain, copied) = (Path(spool.root + "/plain"), Path(spool.root + "/copied"))
      var calls = DiskCalls()
      let toss = Toss()
      calls.read = { descriptor, buffer, count in
        if toss.next() { return interrupted() }
        return read(descriptor, buffer, min(count, 7))
      }
      calls.write = { descriptor, buffer, count in
        if toss.next() { return interrupted() }
        return write(descriptor, buffer, min(count, 5))
      }
      calls.sync = { toss.next() ? Int32(interrupted()) : fsync($0) }
      let disk = LinuxFileOperations(calls)
      try disk.write(bytes, to: plain, mode: 0o600)
      let descriptor = open(spool.root + "/plain", O_RDONLY)
      defer { close(descriptor) }
      let (digest, count) = try disk.copy(descriptor, to: copied, mode: 0o600)
      try disk.sync(copied)
      #expect(count == 3000)
      #expect(FileManager.default.contents(atPath: spool.root + "/copied") == Data(bytes))
      let check = try LinuxFileOperations().copy(
        open(spool.root + "/copied", O_RDONLY), to: Path(spool.root + "/third"), mode: 0o600)
      #expect(check.sha256 == digest)
    }
  }
}

private func interrupted() -> Int {
  errno = EINTR
  return -1
}

/// Yes, no, yes, no.
private final class Toss: @unchecked Sendable {
  private var isOn = false

  func next() -> Bool {
    isOn.toggle()
    return isOn
  }
}
