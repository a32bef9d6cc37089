import Foundation

/// The program itself, as a process of its own, when it has been built beside the tests.
enum DaemonBinary {
  static let folder = URL(
    fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
  ).deletingLastPathComponent()

  static let path = folder.appendingPathComponent("radiomicsd").path
  static let watcher = folder.appendingPathComponent("radiomicsd-watch").path

  /// Whether the program exists and has the command `serve`.
  static let serves: Bool = {
    guard FileManager.default.isExecutableFile(atPath: path),
      let (status, output) = try? run([path, "serve", "--help"])
    else { return false }
    return status == 0 && output.contains("--config")
  }()

  static let hasWatcher = FileManager.default.isExecutableFile(atPath: watcher)

  /// - Parameters:
  ///   - worker: the program of a worker below the spool; nil for the real one.
  ///   - command: a program, with its arguments, that runs it.
  static func start(
    _ spool: TestSpool, worker: String? = "worker", under command: [String] = [], environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    let whole =
      command + [path, "serve", "--config", spool.root + "/radiomicsd.yaml"]
      + (worker.map { ["--worker-program", spool.root + "/" + $0] } ?? [])
    process.executableURL = URL(fileURLWithPath: whole[0])
    process.arguments = Array(whole.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    _ = FileManager.default.createFile(atPath: spool.root + "/log", contents: nil)
    process.standardError = FileHandle(forWritingAtPath: spool.root + "/log")
    try process.run()
    return process
  }

  /// A mask with one voxel more than another, at the beginning of its grid.
  static func otherMask(than mask: String, at path: String) throws {
    let steps = "(gzip -dc \"$0\" | head -c 352; printf '\\001'; gzip -dc \"$0\" | tail -c +354) > \"$1\""
    _ = try run(["/bin/sh", "-c", steps, mask, path])
  }

  /// Runs a program to its end; returns its exit code and output.
  static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }
}
