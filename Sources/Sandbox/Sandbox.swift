internal import CLinux
package import Configuration
package import Errors
internal import FoundationEssentials
internal import Glibc

extension ErrorCode {
  /// The kernel does not confine workers as the configuration asks.
  package static let sandbox = ErrorCode("E_SANDBOX", .configuration)
}

/// The walls around one worker: Landlock for files, sockets and signals, seccomp for system calls.
///
/// A worker decodes files that strangers wrote. Whatever such a file makes it do, it reads its own study and what the
/// computation needs, writes its own output, and opens no connection.
package struct Sandbox: Sendable {
  /// Files and folders that may be read.
  package var readable: [String]
  /// Folders in which files may be read that are known by name, but which may not be listed.
  ///
  /// `/proc/self` is this process's own folder: libdispatch reads how its threads are. Other processes' folders are closed,
  /// guessed numbers included.
  package var openable = ["/proc/self"]
  /// Folders that may be written.
  package var writable: [String]

  package init(readable: [String], writable: [String]) {
    self.readable = readable
    self.writable = writable
  }

  /// What every worker reads: DCMTK's dictionary, character tables, shared libraries loaded late, facts of the kernel.
  package static var system: [String] {
    let dictionaries = ProcessInfo.processInfo.environment["DCMDICTPATH"]?.split(separator: ":").map(String.init) ?? []
    return [
      "/usr/lib", "/usr/lib64", "/usr/share", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/ssl/openssl.cnf",
      "/etc/localtime", "/sys/devices/system/cpu", "/sys/fs/cgroup", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat",
      "/proc/sys/kernel", "/proc/sys/vm", "/dev/null", "/dev/urandom",
    ] + dictionaries
  }

  /// Confines this process for good. Call it while the process has one thread.
  ///
  /// - Returns: what is in force.
  /// - Throws: `E_SANDBOX` with `required`, where files or system calls cannot be confined.
  @discardableResult
  package func enter(_ mode: SandboxMode) throws(StudyError) -> SandboxLevel {
    var level = SandboxLevel(landlock: nil, seccomp: false)
    guard mode != .off else { return level }
    // Landlock binds a thread and those it starts: one that is there already would stay outside.
    let isAlone = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 1 == 1
    var reasons: [String] = []
    // The rule is on the folder as the kernel holds it now: held open, it stays the same one.
    clinux_keep_own_process()
    let landlock = isAlone ? Self.confineFiles(readable, openable, writable) : -EBUSY
    if landlock > 0 { level.landlock = Int(landlock) } else { reasons.append("Landlock: \(Self.text(landlock))") }
    let seccomp = clinux_seccomp_confine()
    if seccomp == 0 { level.seccomp = true } else { reasons.append("seccomp: \(Self.text(seccomp))") }
    if mode == .required, !level.isComplete { throw Self.missing(reasons.joined(separator: "; ")) }
    return level
  }

  /// - Throws: `E_SANDBOX` with `required`, where this kernel could not confine a worker.
  package static func check(
    _ mode: SandboxMode, available level: SandboxLevel = .available
  ) throws(StudyError) {
    guard mode == .required, !level.isComplete else { return }
    throw missing("available: \(level)")
  }

  private static func missing(_ why: String) -> StudyError {
    StudyError(
      .sandbox, "workers cannot be confined on this machine (\(why))",
      hint: "use a kernel with Landlock and seccomp (lsm=landlock,… on its command line), or sandbox: auto")
  }

  private static func confineFiles(_ readable: [String], _ openable: [String], _ writable: [String]) -> Int32 {
    let lists = [readable, openable, writable].map { $0.map { strdup($0) } }
    defer { for list in lists { for text in list { free(text) } } }
    let ended = lists.map { $0.map { UnsafePointer($0) } + [nil] }
    return clinux_landlock_confine(ended[0], ended[1], ended[2])
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(-code)) }
}
