import Daemon
import Errors
import Files
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// A real disk that is really full, and small.
  @Suite(.enabled(if: geteuid() == 0 && SmallDisk.isPossible, "needs root, to mount a small disk"))
  struct FullDatabaseTests {
    @Test("A transaction without room reports it and leaves nothing")
    func transactionWithoutRoomLeavesNothing() throws {
      let spool = try TestSpool()
      let disk = try SmallDisk(spool.root + "/small", megabytes: 2)
      let store = try JobStore.writer(spool.root + "/small/jobs.sqlite")
      try store.note(.daemonStarted)
      disk.fill()
      let long = ["text": String(repeating: "x", count: 100_000)]
      let error = #expect(throws: StudyError.self) { for _ in 0..<40 { try store.note(.security, details: long) } }
      #expect(error?.code.name == "E_DATABASE_FULL" && error?.code.exit == .temporary)
      let before = try store.events().count
      // Each inquiry counts; the disk has room from the second on.
      let asked = GivenSpace(FreeSpace(bytes: 0))
      store.wait(whileFull: { _ in
        asked.value.bytes += 1
        if asked.value.bytes == 2 { disk.empty() }
        return true
      })
      try store.note(.security, details: long)
      #expect(asked.value.bytes == 2)
      #expect(try store.events().count == before + 1 && store.firstBrokenEvent() == nil)
      try store.close()
    }

    @Test("A full database delays transitions without loss")
    func fullDatabaseDelaysWithoutLoss() async throws {
      let spool = try TestSpool("reserve_mb: 0")
      let space = GivenSpace(FreeSpace(bytes: 1 << 40))
      let disk = try SmallDisk(spool.root + "/state", megabytes: 96)
      let service = spool.start {
        $0.pause = 0.5
        $0.hasBallast = true
        // Enough for studies, by the given numbers: only the database shall meet the end of the disk.
        $0.freeSpace = { _ in space.value }
      }
      try await spool.wait { spool.exists("state/ballast") }
      // Too little to take the ballast again.
      space.value = FreeSpace(bytes: 79 << 20)
      disk.fill()
      // Refused unread: nothing of them is copied, all of it is recorded.
      let names = (0..<60).map { "study \($0)" }
      for name in names { try spool.drop(name, ["mask": "m", "broken": name]) }
      try await spool.wait(40) { service.log.text.contains("its ballast is given up") }
      #expect(!spool.exists("state/ballast"))
      disk.fill()
      // Now there is nothing to give up.
      for name in names { try spool.drop(name + " again", ["mask": "m", "broken": name]) }
      try await spool.wait(60) { service.log.text.contains("everything waits") }
      #expect(!service.hasEnded)
      disk.empty()
      space.value = FreeSpace(bytes: 1 << 40)
      try await spool.waitForJobs(2 * names.count, seconds: 60)
      try await spool.wait { spool.exists("state/ballast") }
      try await service.stop()
      let store = try spool.store()
      let others = try store.jobs().filter { $0.state != .rejected }
      #expect(others.map { "\($0.study) \($0.state) \(String(describing: $0.error))" } == [])
      #expect(try store.verifyChain().faults.isEmpty)
      #expect(try store.events().contains { $0.kind == .resumed && $0.details["what"] == "database" })
      #expect(spool.list("outbox").count == 2 * names.count && spool.brokenResults() == [])
    }
  }
}

/// A disk in memory, of a few MB, for its owner alone, mounted on a folder.
final class SmallDisk: Sendable {
  private let path: String

  static let isPossible: Bool = {
    let path = NSTemporaryDirectory() + "/radiomicsd-mount-\(UUID().uuidString)"
    guard mkdir(path, 0o700) == 0 else { return false }
    defer { rmdir(path) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else { return false }
    return umount2(path, 0) == 0
  }()

  init(_ path: String, megabytes: Int) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=0700") == 0 else { throw POSIXError(.EPERM) }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  /// Takes all that is left.
  func fill() {
    let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(descriptor) }
    for size in [1 << 20, 1 << 12] {
      let block = [UInt8](repeating: 1, count: size)
      while write(descriptor, block, size) > 0 {}
    }
  }

  func empty() { unlink(path + "/filler") }
}
