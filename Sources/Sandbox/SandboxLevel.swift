internal import CLinux

/// What confines a process: a fact about the kernel before it is entered, about the process afterwards.
package struct SandboxLevel: Sendable, Equatable, CustomStringConvertible {
  /// Version of Landlock (1: files, 4: TCP, 6: signals and abstract sockets); nil where there is none.
  package var landlock: Int?
  /// Whether system calls are filtered.
  package var seccomp: Bool

  package init(landlock: Int?, seccomp: Bool) {
    self.landlock = landlock
    self.seccomp = seccomp
  }

  /// What this kernel offers to this process.
  package static var available: SandboxLevel {
    let version = clinux_landlock_version()
    return SandboxLevel(landlock: version > 0 ? Int(version) : nil, seccomp: clinux_seccomp_available() == 0)
  }

  /// Files and system calls are both confined: what `sandbox: required` asks for.
  package var isComplete: Bool { landlock != nil && seccomp }

  /// `landlock 7, seccomp`; `none` where there is neither.
  package var description: String {
    let parts = [landlock.map { "landlock \($0)" }, seccomp ? "seccomp" : nil].compactMap { $0 }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  /// Reads `description`; nil for anything else, so that a worker cannot put text of its own into the record.
  package init?(_ text: some StringProtocol) {
    self.init(landlock: nil, seccomp: false)
    for part in text.split(separator: ",").map({ $0.drop { $0 == " " } }) {
      if part == "seccomp" {
        seccomp = true
      } else if part.hasPrefix("landlock "), let version = Int(part.dropFirst(9)), (1...1000).contains(version) {
        landlock = version
      } else if part != "none" {
        return nil
      }
    }
    guard description == text else { return nil }
  }
}
