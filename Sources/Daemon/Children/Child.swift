internal import CLinux
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake

extension ErrorCode {
  /// A child process could not be started.
  static let spawn = ErrorCode("E_SPAWN", .temporary)
}

/// A child process: the leader of a process group of its own, started without a shell, which inherits only a small
/// environment and the named descriptors.
///
/// Start children on a thread that lives as long as the daemon: the kernel takes the end of the *thread* that started
/// a child for the end of its parent, and children ask to be killed then (PR_SET_PDEATHSIG).
struct Child: Sendable {
  let pid: pid_t

  /// How a child ended and what it used.
  struct End: Sendable, Equatable {
    /// Nil when a signal ended it.
    var exit: Int32?
    var signal: Int32?
    var cpuSeconds = 0.0
    /// Largest resident set in KiB.
    var peakKilobytes = 0
  }

  /// Starts `command[0]` with the rest as arguments, which are bytes: file names among them need not be text.
  ///
  /// - Parameters:
  ///   - input: bytes on standard input; nil for none.
  ///   - errors: where standard error goes; negative for nowhere.
  ///   - output: called on another thread with the child's output, piece by piece; nil discards it.
  ///   - ended: called on another thread when the child has ended; it stays unreaped until `reap`.
  static func start(
    _ command: [[UInt8]], folder: Path, input: [UInt8]? = nil, errors: Int32 = -1,
    output: (@Sendable ([UInt8]) -> Void)? = nil, ended: @escaping @Sendable () -> Void
  ) throws(StudyError) -> Child {
    // In memory, not on a disk that may be full.
    let given = input.map { clinux_memory_file($0, $0.count) } ?? -1
    if input != nil, given < 0 { throw failure("a file in memory", -given) }
    defer { if given >= 0 { close(given) } }
    var ends: [Int32] = [-1, -1]
    if output != nil {
      let code = clinux_pipe(&ends)
      if code != 0 { throw failure("a pipe", -code) }
    }
    let arguments = command.map { Path(bytes: $0).withCString { strdup($0) } } + [nil]
    let environment = Self.environment.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    let (code, pid) = OwnChildren.started { pid in
      Path(bytes: command[0]).withCString { program in
        folder.withCString { clinux_spawn(&pid, program, arguments, environment, $0, given, ends[1], errors) }
      }
    }
    if ends[1] >= 0 { close(ends[1]) }
    guard code == 0 else {
      if ends[0] >= 0 { close(ends[0]) }
      throw Self.failure(command[0], folder, -code)
    }
    let child = Child(pid: pid)
    let source = ends[0]
    Thread.detachNewThread {
      if let output { Self.drain(source, output) }
      _ = clinux_wait_ended(child.pid)
      ended()
    }
    return child
  }

  /// Sends a signal to the child and all processes it started. Only before `reap`: until then the id is its own.
  func signal(_ number: Int32) { kill(-pid, number) }

  /// Reaps an ended child, and ends the processes it left running.
  func reap() -> End {
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    OwnChildren.reaped(pid)
    var end = End()
    if status & 0x7F == 0 { end.exit = (status >> 8) & 0xFF } else { end.signal = status & 0x7F }
    end.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    end.peakKilobytes = usage.ru_maxrss
    return end
  }

  private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  private static func drain(_ source: Int32, _ output: @Sendable ([UInt8]) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
      if count > 0 { output(Array(buffer[..<count])) }
      if count == 0 || (count < 0 && errno != EINTR) { break }
    }
    close(source)
  }

  /// The only variables that a child gets. Swift's backtracer is off: a crash in a worker is a crash, at once.
  private static let environment: [String] = {
    var list = ["LANG=C.UTF-8", "PATH=/usr/bin:/bin", "TZ=UTC", "SWIFT_BACKTRACE=enable=no"]
    if let path = getenv("DCMDICTPATH") { list.append("DCMDICTPATH=\(String(cString: path))") }
    return list
  }()

  /// Finds the cause of a failed start: the kernel gives the reason but not the file, so each file on the way is tried.
  private static func failure(_ program: [UInt8], _ folder: Path, _ code: Int32) -> StudyError {
    var about = stat()
    if stat("/dev/null", &about) != 0 { return failure("/dev/null", errno) }
    if about.st_mode & S_IFMT != S_IFCHR {
      return failure("/dev/null, which is no device any more", code)
    }
    if access("/dev/null", R_OK | W_OK) != 0 { return failure("/dev/null", errno) }
    if folder.withCString({ access($0, X_OK) }) != 0 {
      return failure("its folder \(String(decoding: folder.bytes, as: UTF8.self))", errno)
    }
    return failure(String(decoding: program, as: UTF8.self), code)
  }

  private static func failure(_ what: String, _ code: Int32) -> StudyError {
    StudyError(
      .spawn, "a child process cannot be started: \(what.escapedForLine): \(String(cString: strerror(code)))",
      file: what)
  }
}
