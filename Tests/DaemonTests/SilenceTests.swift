import Foundation
import Jobs
import Testing

extension DaemonProgram {
  /// No name, identifier or file name of a study reaches the log, whatever happens to the study. The lines of the log
  /// come from real workers in their sandbox.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct SilenceTests {
    @Test("Success, refusal and disappearance leave no name in the log")
    func outcomesLeaveNoNameInTheLog() async throws {
      let spool = try TestSpool("incomplete_seconds: 0.6\nlog_level: debug\nsandbox: auto\nthreads_per_job: 2")
      let phantom = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12",
      ])
      #expect(phantom.status == 0, "\(phantom.output)")
      let names = try Self.disguise(spool.root + "/made/phantom-0001")
      for name in ["ZZCANARY^ONE", "ZZCANARY^GAP", "ZZCANARY^BARE"] {
        try FileManager.default.copyItem(
          atPath: spool.root + "/made/phantom-0001", toPath: spool.root + "/made/\(name)")
      }
      try FileManager.default.removeItem(atPath: spool.root + "/made/ZZCANARY^GAP/ct/ZZCANARY0006.dcm")
      try FileManager.default.removeItem(atPath: spool.root + "/made/ZZCANARY^BARE/ZZCANARYmask.nii.gz")
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      for name in ["ZZCANARY^ONE", "ZZCANARY^GAP", "ZZCANARY^BARE"] {
        try FileManager.default.moveItem(
          atPath: spool.root + "/made/\(name)", toPath: spool.root + "/inbox/\(name)")
      }
      let process = try DaemonBinary.start(spool, worker: nil)
      try await spool.waitForJobs(3, seconds: 60)
      process.terminate()
      process.waitUntilExit()

      #expect(Set(try spool.jobs().map(\.state)) == [.done, .rejected])
      try Self.expectSilence(spool, names)
      let done = try #require(try spool.jobs().first { $0.state == .done })
      let computed = try #require(try spool.store().history(of: done).events.first { $0.kind == .computed })
      #expect(computed.details["sandbox"] != nil, "the sandbox of the run is on record")
    }

    @Test("A crash and a worker's message leave no name in the log")
    func crashesLeaveNoNameInTheLog() async throws {
      let spool = try TestSpool("max_attempts: 2\nlog_level: debug")
      try spool.drop("ZZCANARY^CRASH", ["mask": "ZZCANARY", "crash": "", "ZZCANARY.dcm": "x"])
      try spool.drop("ZZCANARY^REFUSE", ["mask": "ZZCANARY", "refuse": "", "ZZCANARY.dcm": "x"])
      let process = try DaemonBinary.start(spool)
      try await spool.waitForJobs(2)
      process.terminate()
      process.waitUntilExit()
      #expect(try spool.jobs().map(\.state).contains(.failed))
      try Self.expectSilence(spool, [])
    }

    /// Puts canaries in place of a patient's names and returns the study's UIDs.
    private static func disguise(_ study: String) throws -> Set<String> {
      var uids: Set<String> = []
      let files = FileManager.default
      for (index, file) in try files.contentsOfDirectory(atPath: study + "/ct").sorted().enumerated() {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(study)/ct/\(file)")))
        let (old, new) = (Array("phantom-0001".utf8), Array("ZZCANARYNAME".utf8))
        for place in 0..<min(4096, bytes.count - old.count) where bytes[place..<place + old.count].elementsEqual(old) {
          bytes.replaceSubrange(place..<place + old.count, with: new)
        }
        let text = String(decoding: bytes.prefix(4096).map { $0 < 0x80 ? $0 : 0x20 }, as: UTF8.self)
        uids.formUnion(text.matches(of: #/2\.25\.[0-9]{20,}/#).map { String($0.0) })
        let number = String(index + 1)
        let name = "ZZCANARY" + String(repeating: "0", count: 4 - number.count) + number + ".dcm"
        try Data(bytes).write(to: URL(fileURLWithPath: "\(study)/ct/\(name)"))
        try files.removeItem(atPath: "\(study)/ct/\(file)")
      }
      try files.moveItem(atPath: study + "/mask.nii.gz", toPath: study + "/ZZCANARYmask.nii.gz")
      #expect(uids.count > 10)
      return uids
    }

    private static func expectSilence(_ spool: TestSpool, _ uids: Set<String>) throws {
      let log = try #require(spool.text("log"))
      #expect(log.contains("PUBLISHED") && log.contains("job="))
      #expect(!log.contains("CANARY"), "\(log)")
      for uid in uids { #expect(!log.contains(uid), "\(uid)") }
      for event in try spool.store().events() {
        #expect(!"\(event.details)".contains("CANARY"), "the chain of events holds no name: \(event)")
      }
    }
  }
}
