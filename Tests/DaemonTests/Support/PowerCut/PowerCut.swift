import Files
import Foundation
import Intake
import Jobs
import Testing

/// One power cut: before which operation, and what it takes.
struct PowerCut: CustomStringConvertible, Sendable {
  let point: Int
  let loss: PowerCutLoss

  var description: String { "cut before operation \(point), losing \(loss)" }

  /// How many operations a service does from its start until all studies are done and cleared away.
  static func operations(_ extra: String = "", _ prepare: (TestSpool) throws -> Void) async throws -> Int {
    let spool = try TestSpool(extra, settle: 0.05)
    try prepare(spool)
    return try await operations(of: spool)
  }

  static func operations(of spool: TestSpool) async throws -> Int {
    let disk = try PowerCutDisk(spool.root, point: .max)
    let service = spool.start(operations: disk)
    try await spool.waitForJobs(1)
    try await service.stop()
    return disk.operations
  }

  /// Every operation with every loss, or every seventh with one after the other (`CrashPoints`). Six at a time: they wait.
  static func forEach(below end: Int, _ body: @escaping @Sendable (PowerCut) async throws -> Void) async throws {
    var cuts: [PowerCut] = []
    if CrashPoints.areAll {
      for point in 0..<end {
        for number in 0..<4 { cuts.append(PowerCut(point: point, loss: .number(4 * point + number))) }
      }
    } else {
      for (number, point) in stride(from: 2, to: end, by: 7).enumerated() {
        cuts.append(PowerCut(point: point, loss: .number(number)))
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, cut) in cuts.enumerated() {
        if index >= 6 { try await group.next() }
        group.addTask { try await body(cut) }
      }
      try await group.waitForAll()
    }
  }

  /// - Parameter isHonest: false for a disk that says it has synced and has not.
  /// Runs a service until the cut and leaves what the disk would hold.
  func run(_ spool: TestSpool, isHonest: Bool = true) async throws {
    let disk = try PowerCutDisk(spool.root, point: point, isHonest: isHonest)
    let service = spool.start(operations: disk)
    try await spool.wait { service.hasEnded || ((try? spool.jobs()) ?? []).contains { $0.state.isFinal && $0.swept } }
    if !service.hasEnded { try? await service.stop() }
    // The power is the workers' as well.
    try await spool.wait { !Self.hasProcesses(in: spool.root) }
    var aftermath = PowerCutAftermath(disk, loss)
    try aftermath.leave()
  }

  /// Whether a process works in the folder.
  private static func hasProcesses(in folder: String) -> Bool {
    let manager = FileManager.default
    return ((try? manager.contentsOfDirectory(atPath: "/proc")) ?? []).contains { name in
      Int(name) != nil
        && (try? manager.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd"))?.hasPrefix(folder) == true
    }
  }

  /// The next daemon brings one job to its end and leaves nothing behind.
  func finish(_ spool: TestSpool, _ state: JobState, inbox: [String] = []) async throws {
    let place = Comment(rawValue: description)
    #expect(spool.brokenResults() == [], place)
    let service = spool.start()
    do {
      try await spool.waitForJobs(1)
    } catch {
      let jobs = (try? spool.jobs())?.map { "\($0.state) \($0.swept)" } ?? []
      Issue.record("\(self): no end; \(jobs); \(service.log.text)")
    }
    try await service.stop()
    #expect(PrivateFolder.mode(of: Path("\(spool.root)/state")) == 0o700, place)
    // Once more: recovery changes nothing that is in order.
    try await spool.start().stop()
    let store = try spool.store()
    #expect(try store.jobs().map(\.state) == [state], place)
    #expect(try store.jobs().allSatisfy { $0.charges <= 1 }, place)
    #expect(try store.verifyChain().faults.isEmpty, place)
    #expect(spool.brokenResults() == [], place)
    #expect(spool.list("inbox") == inbox, place)
    for folder in ["state/work", "state/spool/in", "state/spool/tmp", "inbox/.radiomicsd/claimed", "outbox/.tmp"] {
      #expect(spool.list(folder) == [], "\(folder), \(self)")
    }
  }
}
