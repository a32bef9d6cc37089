internal import CLinux
internal import Configuration
internal import Dispatch
internal import Documents
internal import Foundation
internal import Glibc
internal import Sandbox

/// Trials of operations that a worker's sandbox must deny or allow: each in a process of its own.
package enum ConfinementTrials {
  /// Operations that the sandbox must allow, and those that it must deny.
  package static let all: [(name: String, mustWork: Bool)] =
    [
      "read-input", "write-output", "rename-output", "threads", "long-threads", "own-process", "character-tables",
      "dictionary",
    ].map { ($0, true) }
    + [
      "read-outside", "list-outside", "write-input", "write-outside", "remove-outside", "open-above", "list-processes",
      "parent-status", "parent-command", "first-process",
    ].map {
      ($0, false)
    }
    + [
      "socket", "unix-socket", "fork", "exec", "ptrace", "mount", "unshare", "setns", "signal-parent",
      "write-and-execute", "make-executable", "process-memory", "memfd", "userfaultfd", "bpf", "keyctl", "io-uring",
    ].map { ($0, false) }

  package enum Outcome: Equatable, CustomStringConvertible {
    case worked
    case denied(String)
    case killed(Int32)
    case broken(Int32)

    package var description: String {
      switch self {
      case .worked: "possible"
      case .denied(let reason): "denied (\(reason))"
      case .killed(let signal): "ended by signal \(signal)"
      case .broken(let status): "the trial ended with status \(status)"
      }
    }
  }

  /// Runs one trial in a child process: this program, by `worker confine-check --trial NAME`.
  package static func inChild(_ name: String, input: String, output: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "worker", "confine-check", "--input", input, "--output", output, "--trial", name,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.environment = ["LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let status = process.terminationStatus
    if process.terminationReason == .uncaughtSignal { return .killed(status) }
    switch status {
    case 0: return .worked
    case 1: return .denied(text.trimmingCharacters(in: .whitespacesAndNewlines))
    default: return .broken(status)
    }
  }

  /// Enters the sandbox for good and makes one trial.
  ///
  /// - Returns: nil where it was possible, otherwise the reason.
  /// - Throws: `E_SANDBOX`, `E_INTERNAL`.
  package static func attempt(_ name: String, input: String, output: String) throws -> String? {
    let outside = try makeOutside(beside: output)
    try ProcessLimits.apply(WorkerRequest.Limits(cpuSeconds: 10))
    try Sandbox(readable: Sandbox.system + [input], writable: [output]).enter(.auto)
    let code = Trial(input: input, output: output, outside: outside).run(name)
    return code == 0 ? nil : String(cString: strerror(-code))
  }

  /// An existing file beside the writable folder.
  private static func makeOutside(beside output: String) throws -> String {
    let path = output + ".outside"
    try Data("outside".utf8).write(to: URL(fileURLWithPath: path))
    return path
  }
}

/// One trial inside the sandbox: 0 where it was possible, otherwise a negative errno value.
private struct Trial {
  var input: String
  var output: String
  var outside: String

  func run(_ name: String) -> Int32 {
    switch name {
    case "read-input": opened(input, O_RDONLY | O_DIRECTORY)
    case "write-output": opened(output + "/written", O_WRONLY | O_CREAT)
    case "rename-output": renamed()
    case "threads": threads()
    // libdispatch checks blocked threads once per second.
    case "long-threads": longThreads()
    case "own-process": opened("/proc/self/statm", O_RDONLY)
    case "parent-status": opened("/proc/\(getppid())/status", O_RDONLY)
    case "parent-command": opened("/proc/\(getppid())/cmdline", O_RDONLY)
    case "first-process": opened("/proc/1/status", O_RDONLY)
    case "character-tables": converted()
    case "dictionary": dictionary()
    case "read-outside": opened(outside, O_RDONLY)
    case "list-processes": opened("/proc", O_RDONLY | O_DIRECTORY)
    case "list-outside": opened("/etc", O_RDONLY | O_DIRECTORY)
    case "write-input": opened(input + "/written", O_WRONLY | O_CREAT)
    case "write-outside": opened(output + ".new", O_WRONLY | O_CREAT)
    case "remove-outside": unlink(outside) == 0 ? 0 : -errno
    case "open-above": opened(output + "/../" + (outside as NSString).lastPathComponent, O_RDONLY)
    default: clinux_try_forbidden(name)
    }
  }

  private func opened(_ path: String, _ flags: Int32) -> Int32 {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return -errno }
    close(descriptor)
    return 0
  }

  private func renamed() -> Int32 {
    let code = opened(output + "/draft", O_WRONLY | O_CREAT)
    return code != 0 ? code : rename(output + "/draft", output + "/final") == 0 ? 0 : -errno
  }

  private func threads() -> Int32 {
    DispatchQueue.concurrentPerform(iterations: 8) { _ in usleep(1000) }
    return 0
  }

  private func longThreads() -> Int32 {
    let group = DispatchGroup()
    for _ in 0..<32 { DispatchQueue.global().async(group: group) { usleep(1_300_000) } }
    group.wait()
    return 0
  }

  private func converted() -> Int32 {
    guard let table = iconv_open("UTF-8", "GB18030"), Int(bitPattern: table) != -1 else { return -errno }
    iconv_close(table)
    return 0
  }

  /// DCMTK's dictionary, where the environment names it or Debian installs it.
  private func dictionary() -> Int32 {
    if let named = getenv("DCMDICTPATH") { return opened(String(cString: named), O_RDONLY) }
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/share")) ?? []
    guard let name = folders.first(where: { $0.hasPrefix("libdcmtk") }) else { return -ENOENT }
    return opened("/usr/share/\(name)/dicom.dic", O_RDONLY)
  }
}
