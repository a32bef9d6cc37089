import Foundation
import TestKit
import Testing

@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct DoctorTests {
  private let folder: TemporaryFolder
  private static let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path

  init() throws {
    folder = try TemporaryFolder()
    try configure("model: \(Self.model)\n")
    for name in ["inbox", "outbox", "done", "failed", "status", "state"] { _ = try folder.folder(name) }
    chmod(folder("state"), 0o700)
    chmod(folder("inbox"), 0o2770)
  }

  private func configure(_ extra: String) throws {
    let folders = ["inbox", "outbox", "done", "failed", "status", "state"].map { "\($0): \($0)\n" }.joined()
    try folder.write("c.yaml", folders + extra)
  }

  /// Level and message by check.
  private func examine() throws -> (status: Int32, findings: [String: (level: String, message: String, advice: String)])
  {
    let run = try Program.run("doctor", "--config", folder("c.yaml"), "--json")
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let items = try #require(document?["findings"] as? [[String: String]], "\(run.errors)")
    let pairs = items.map { ($0["check"]!, ($0["level"]!, $0["message"]!, $0["advice"]!)) }
    return (run.status, Dictionary(uniqueKeysWithValues: pairs))
  }

  @Test("A sound installation passes and leaves nothing behind")
  func soundInstallationPassesCleanly() throws {
    let (status, found) = try examine()
    for name in [
      "kernel", "sqlite", "dictionary", "configuration", "inbox.writable", "state.writable", "state.permissions",
      "profile", "record", "results", "selftest", "originals", "inbox.setgid",
    ] {
      #expect(found[name]?.level == "ok", "\(name): \(String(describing: found[name]))")
    }
    #expect(status == 0, "\(found.filter { $0.value.level == "fail" })")
    #expect(found["model"]?.level == "warn", "a demonstration is told from a model")
    #expect(found["selftest"]?.message.contains("37 features of a phantom within ") == true)
    for name in ["inbox", "outbox", "done", "failed", "status", "state"] { #expect(try folder.list(name) == []) }
    #expect(!found.values.contains { $0.level != "ok" && $0.advice.isEmpty }, "what is not ok says what to do")
  }

  @Test("Faults of an installation fail with advice")
  func faultsFailWithAdvice() throws {
    let copy = folder("model")
    try FileManager.default.copyItem(atPath: Self.model, toPath: copy)
    try FileHandle(forWritingTo: URL(fileURLWithPath: copy + "/card.md")).write(contentsOf: Data("x".utf8))
    try configure("model: model\nprofile: ctu-982\nsandbox: off\n")
    chmod(folder("state"), 0o755)
    try FileManager.default.removeItem(atPath: folder("outbox"))
    try folder.write("outbox", "a file")
    try FileManager.default.removeItem(atPath: folder("done"))
    try folder.write("state/jobs.sqlite", "no database at all, but long enough to be read as the header of one")
    let (status, found) = try examine()
    #expect(status == 78)
    #expect(found["model"]?.level == "fail" && found["model"]?.message.hasPrefix("E_MODEL_HASH") == true)
    #expect(found["state.permissions"]?.level == "fail")
    #expect(found["outbox"]?.level == "fail" && found["done"]?.level == "warn")
    #expect(found["sandbox"]?.level == "warn")
    #expect(found["record"]?.level == "fail", "\(String(describing: found["record"]))")
    #expect(found["selftest"]?.level == "ok", "one fault does not hide what is sound")
  }

  @Test("A profile other than the model's and a wrong key are findings")
  func wrongProfileAndKeyAreFindings() throws {
    try configure("model: \(Self.model)\nprofile: ctu-982\n")
    var (status, found) = try examine()
    #expect(status == 78 && found["profile"]?.message.hasPrefix("E_MODEL_PROFILE") == true, "\(found)")
    try configure("settel_seconds: 3\n")
    (status, found) = try examine()
    #expect(status == 78 && found["configuration"]?.message.contains("settel_seconds") == true, "\(found)")
    let text = try Program.run("doctor", "--config", folder("c.yaml"))
    #expect(text.status == 78 && text.output.contains("fail  configuration") && text.output.contains("      do: "))
    #expect(text.output.contains("Research use only."))
  }

  /// As another user, who may not write.
  @Test(
    "Permissions are checked for the calling user",
    .enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
  func permissionsAreOfTheCallingUser() throws {
    chmod(folder.path, 0o755)
    chmod(folder("inbox"), 0o755)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments = [
      "--reuid", "65534", "--regid", "65534", "--clear-groups", Program.path, "doctor", "--config", folder("c.yaml"),
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 78)
    #expect(output.contains("inbox.writable") && output.contains("cannot make a folder as user 65534"), "\(output)")
  }
}
