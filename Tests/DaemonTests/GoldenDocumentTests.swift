import Foundation
import Jobs
import TestKit
import Testing

extension DaemonRecovery {
  /// Every document that the daemon writes into the outbox and into its private copies, byte for byte as it was.
  @Suite struct GoldenDocumentTests {
    private static let kept = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Golden")

    private func expectSame(_ spool: TestSpool, _ path: String, _ name: String) throws {
      let document = try Data(contentsOf: URL(fileURLWithPath: spool.root + "/" + path))
      let (found, kept) = try Golden.pair(document, name, in: Self.kept)
      #expect(found == kept, "\(name)")
    }

    @Test("The documents of the outbox equal the committed ones")
    func outboxDocumentsEqualGoldens() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("refused \"1\"", ["mask": "m", "refuse": ""])
      try await spool.waitForJobs(1)
      try spool.drop("first", ["mask": "same"])
      try await spool.waitForJobs(2)
      try spool.drop("second", ["mask": "same"])
      try await spool.waitForJobs(3)
      try await service.stop()
      try expectSame(spool, "outbox/refused \"1\"/error.json", "error.json")
      try expectSame(spool, "outbox/second/duplicate.json", "duplicate.json")
    }

    @Test("The documents of a private copy equal the committed ones")
    func privateCopyDocumentsEqualGoldens() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("asked ü", ["mask": "m", "ask": "", "deep/er file": "x"])
      try await spool.wait { (try? spool.jobs().first?.state == .needsReview) == true }
      try await service.stop()
      let copies = try FileManager.default.subpathsOfDirectory(atPath: spool.root + "/state").filter {
        $0.hasSuffix("/manifest.json") || $0.hasSuffix("/job.json")
      }
      #expect(copies.count == 2, "\(copies)")
      for copy in copies { try expectSame(spool, "state/" + copy, "spool-" + (copy as NSString).lastPathComponent) }
    }
  }
}
