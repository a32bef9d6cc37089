internal import Files
internal import Glibc
internal import Intake
internal import Sandbox

/// The worker's report on its sandbox in the first line of `worker.log`: `sandbox landlock 7, seccomp`.
enum WorkerSandboxRecord {
  /// The level a run was computed under, as details of its event.
  static func details(in work: Path) -> [String: String] { level(in: work).map { ["sandbox": $0.description] } ?? [:] }

  /// Nil where the line is missing or invalid: the worker is not trusted with free text.
  static func level(in work: Path) -> SandboxLevel? {
    let descriptor = (work / "worker.log").withCString { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    let line = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
    guard line.hasPrefix("sandbox ") else { return nil }
    return SandboxLevel(line.dropFirst(8))
  }
}
