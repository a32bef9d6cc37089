import Files
import Foundation
import Intake
import Jobs
import Synchronization
import Testing

extension DaemonProgram {
  /// The program as a process: what only the kernel can do to it.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct DaemonBinaryTests {
    /// RADIOMICSD_KILLS makes more of them, over a twentieth as many studies: 1000 are an hour.
    @Test func killedAgainAndAgainEveryStudyIsDoneOnce() async throws {
      let spool = try TestSpool("max_jobs: 2")
      let kills = ProcessInfo.processInfo.environment["RADIOMICSD_KILLS"].flatMap { Int($0) } ?? 0
      let count = max(6, kills / 20)
      let names = (1...count).map { "case \($0 + (count > 9 ? 1000 : 0))" }
      for name in names { try spool.drop(name, ["mask": name, "delay": "0.3"]) }
      let pauses = kills > 5 ? (0..<kills).map { _ in Int.random(in: 50...1200) } : [350, 620, 900, 480, 1300]
      for milliseconds in pauses {
        let process = try DaemonBinary.start(spool)
        try await Task.sleep(for: .milliseconds(milliseconds))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(spool.brokenResults() == [])
      }
      let process = try DaemonBinary.start(spool)
      try await spool.waitForJobs(count, seconds: 20 + 2 * Double(count))
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      #expect(spool.list("outbox") == names)
      #expect(spool.list("done") == names)
      #expect(spool.brokenResults() == [])
      for name in names { #expect(spool.text("outbox/\(name)/features.json") == name) }
      let store = try spool.store()
      #expect(try store.jobs().map(\.state) == Array(repeating: JobState.done, count: count))
      #expect(try store.firstBrokenEvent() == nil)
    }

    /// A real study, the real worker: what is computed is the whole slice, and the numbers are those of `process`.
    @Test func aSliceWithItsFinalSizeAndHalfOfItsPixelsIsWaitedFor() async throws {
      let spool = try TestSpool("profile: jiao2024")
      let (made, name) = (spool.root + "/made/phantom-0001", "IM0006.dcm")
      for command in [
        ["phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12"],
        ["process", made, "--profile", "jiao2024", "--output", spool.root + "/whole"],
      ] {
        let run = try DaemonBinary.run([DaemonBinary.path] + command)
        #expect(run.status == 0, "\(run.output)")
      }
      let slice = try Data(contentsOf: URL(fileURLWithPath: "\(made)/ct/\(name)"))
      try FileManager.default.removeItem(atPath: "\(made)/ct/\(name)")
      let writer = open("\(made)/ct/\(name)", O_WRONLY | O_CREAT, 0o660)
      let half = slice.count / 2
      #expect(ftruncate(writer, off_t(slice.count)) == 0)
      #expect(slice.withUnsafeBytes { pwrite(writer, $0.baseAddress, half, 0) } == half)
      let process = try DaemonBinary.start(spool, worker: nil)
      defer { if process.isRunning { process.terminate() } }
      try await spool.wait { spool.exists("state/jobs.sqlite") }
      try FileManager.default.moveItem(atPath: made, toPath: spool.root + "/inbox/study")
      try await spool.wait { spool.text("status/study.txt")?.contains("open to write: ct/\(name)") == true }
      try await Task.sleep(for: .seconds(1))
      #expect(try spool.jobs().isEmpty)
      _ = slice.withUnsafeBytes { pwrite(writer, $0.baseAddress! + half, slice.count - half, off_t(half)) }
      close(writer)
      try await spool.waitForJobs(1, seconds: 60)
      process.terminate()
      process.waitUntilExit()
      let computed = try #require(spool.text("outbox/study/features.csv"))
      let expected = try #require(spool.text("whole/features.csv"))
      // The first columns name the study.
      func numbers(_ table: String) -> [Substring] {
        table.split(separator: "\r\n").last?.split(separator: ",").dropFirst(4).map { $0 } ?? []
      }
      #expect(numbers(computed).count > 900 && numbers(computed) == numbers(expected))
    }

    /// Two masks that both fit: a real study, the real worker, and both answers.
    @Test func anAmbiguousStudyIsAnsweredByStudyYamlAndByCommand() async throws {
      let spool = try TestSpool("profile: jiao2024")
      let made = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", spool.root + "/made", "--matrix", "64", "--slices", "12", "--count",
        "2",
      ])
      #expect(made.status == 0, "\(made.output)")
      let config = ["--config", spool.root + "/radiomicsd.yaml"]
      func program(_ arguments: String...) throws -> (status: Int32, output: String) {
        try DaemonBinary.run([DaemonBinary.path] + arguments + config)
      }
      var process = try DaemonBinary.start(spool, worker: nil)
      defer { if process.isRunning { process.terminate() } }
      try await spool.wait { spool.exists("state/jobs.sqlite") }
      // A name in GBK, as a Windows in China packs it.
      let gbk = try #require(FileName([0xC5, 0xC5, 0xD0, 0xB9]))
      let copy = Path(spool.root + "/gbk")
      try FileManager.default.copyItem(atPath: spool.root + "/made/phantom-0001", toPath: spool.root + "/gbk")
      try LinuxFileOperations().rename(copy, to: Path(spool.root + "/inbox") / gbk)
      try await spool.wait(60) { spool.exists("outbox/%C5%C5%D0%B9/manifest.json") }
      for name in ["phantom-0001", "phantom-0002"] {
        let folder = spool.root + "/made/" + name
        try DaemonBinary.otherMask(than: folder + "/mask.nii.gz", at: folder + "/second.nii.gz")
        try FileManager.default.moveItem(atPath: folder, toPath: spool.root + "/inbox/" + name)
      }
      func states() -> [JobState] { ((try? spool.jobs()) ?? []).map(\.state) }
      try await spool.wait { states().filter { $0 == .needsReview }.count == 2 }
      #expect(spool.list("outbox") == ["%C5%C5%D0%B9"])
      let listed = try program("jobs", "list", "--state", "needs-review")
      #expect(
        listed.status == 0 && listed.output.contains("phantom-0002") && listed.output.contains("E_MASK_AMBIGUOUS"))
      let status = try #require(spool.text("status/phantom-0001.txt"))
      #expect(status.contains("  mask: \"second.nii.gz\"\n") && status.contains("  --mask second.nii.gz\n"))

      try spool.write(["study.yaml": "mask: second.nii.gz\n"], to: spool.root + "/inbox/phantom-0001")
      try await spool.wait { spool.exists("outbox/phantom-0001/manifest.json") }
      let result = try #require(spool.text("outbox/phantom-0001/result.json"))
      #expect(result.contains("\"by\": \"study.yaml\"") && result.contains("second.nii.gz"))

      // Between two daemons the other one still waits.
      process.terminate()
      process.waitUntilExit()
      process = try DaemonBinary.start(spool, worker: nil)
      try await spool.wait { spool.text("log")?.contains("started") == true }
      let wrong = try program("jobs", "resolve", "phantom-0002", "--mask", "third.nii.gz")
      #expect(wrong.status == 75 && wrong.output.contains("mask.nii.gz, second.nii.gz"))
      let resolved = try program("jobs", "resolve", "phantom-0002", "--mask", "mask.nii.gz")
      #expect(resolved.status == 0, "\(resolved.output)")
      try await spool.waitForJobs(3, seconds: 60)
      process.terminate()
      process.waitUntilExit()
      #expect(states() == [.done, .done, .done])
      #expect(spool.text("outbox/phantom-0002/result.json")?.contains("\"by\": \"operator\"") == true)
      #expect(try spool.store().firstBrokenEvent() == nil)
      #expect(spool.list("state/work") == [] && spool.list("state/spool/in") == [])
    }

    @Test func aSecondDaemonAndAWrongKeyHaveTheirExitCodes() async throws {
      let spool = try TestSpool()
      let process = try DaemonBinary.start(spool)
      try await spool.wait { spool.exists("state/jobs.sqlite") }
      let (status, output) = try DaemonBinary.run([
        DaemonBinary.path, "serve", "--config", spool.root + "/radiomicsd.yaml",
      ])
      #expect(
        status == 75 && output.contains("E_ALREADY_RUNNING") && output.contains(String(process.processIdentifier)))
      process.terminate()
      process.waitUntilExit()
      try "inbox: a\nsettel_seconds: 3\n".write(toFile: spool.root + "/wrong.yaml", atomically: true, encoding: .utf8)
      let wrong = try DaemonBinary.run([DaemonBinary.path, "serve", "--config", spool.root + "/wrong.yaml"])
      #expect(wrong.status == 78 && wrong.output.contains("line 2") && wrong.output.contains("settel_seconds"))
    }

    @Test func jobsAreReadWhileTheDaemonRunsAndAfterIt() async throws {
      let spool = try TestSpool()
      let process = try DaemonBinary.start(spool)
      try spool.drop("study")
      try await spool.waitForJobs(1)
      let config = ["--config", spool.root + "/radiomicsd.yaml"]
      for _ in 0..<2 {
        let list = try DaemonBinary.run([DaemonBinary.path, "jobs", "list"] + config)
        #expect(list.status == 0 && list.output.contains("done") && list.output.contains("p = 0.25"))
        process.terminate()
        process.waitUntilExit()
      }
      let show = try DaemonBinary.run([DaemonBinary.path, "jobs", "show", "study"] + config)
      #expect(show.status == 0 && show.output.contains("0.25") && show.output.contains("PUBLISHED"))
      let csv = try DaemonBinary.run([DaemonBinary.path, "jobs", "export", "--csv"] + config)
      #expect(csv.output.split(separator: "\r\n").count == 2)
      #expect(try DaemonBinary.run([DaemonBinary.path, "jobs", "show", "nobody"] + config).status == 66)
    }

    @Test func systemdIsToldHowTheServiceStands() async throws {
      let spool = try TestSpool()
      let socket = try NotifySocket(spool.root + "/notify")
      let process = try DaemonBinary.start(
        spool, environment: ["NOTIFY_SOCKET": spool.root + "/notify", "WATCHDOG_USEC": "400000"])
      try await spool.wait { socket.messages.contains("READY=1") }
      try await spool.wait { socket.messages.count { $0 == "WATCHDOG=1" } >= 3 }
      #expect(socket.messages.contains { $0.hasPrefix("STATUS=") })
      process.terminate()
      process.waitUntilExit()
      try await spool.wait { socket.messages.contains("STOPPING=1") }
    }

    @Test(.enabled(if: DaemonBinary.hasWatcher, "needs radiomicsd-watch beside the tests"))
    func eventsMakeItQuick() async throws {
      let spool = try TestSpool("incomplete_seconds: 60", settle: 0.5)
      var text = try #require(spool.text("radiomicsd.yaml"))
      text = text.replacingOccurrences(of: "rescan_seconds: 0.5", with: "rescan_seconds: 600")
      try text.write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      let process = try DaemonBinary.start(spool)
      try await spool.wait { spool.text("log")?.contains("started") == true }
      try await Task.sleep(for: .milliseconds(500))
      let start = ContinuousClock.now
      try spool.drop("study")
      try await spool.waitForJobs(1)
      #expect(ContinuousClock.now - start < .seconds(5))
      // Files put into a folder of a folder that came later are seen as well.
      try spool.write(["slice": "x"], to: spool.root + "/inbox/deep/er")
      try await spool.wait { spool.text("status/deep.txt")?.contains("incomplete") == true }
      try spool.write(["mask": "m"], to: spool.root + "/inbox/deep")
      try await spool.waitForJobs(2)
      process.terminate()
      process.waitUntilExit()
    }
  }
}

/// The socket systemd would listen on.
final class NotifySocket: Sendable {
  private let received = Mutex<[String]>([])

  init(_ path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        received.withLock { $0.append(text) }
      }
    }
  }

  var messages: [String] { received.withLock { $0 } }
}
