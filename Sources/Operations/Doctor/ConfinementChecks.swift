internal import Configuration
internal import Sandbox

/// Whether workers can be confined.
enum ConfinementChecks {
  static func sandbox(_ mode: SandboxMode) -> Finding {
    let level = SandboxLevel.available
    let message = "\(mode.rawValue); the kernel offers \(level)"
    switch mode {
    case .off:
      return Finding("sandbox", .warn, message, "workers decode strangers' files: set sandbox: auto or required")
    case .auto:
      return Finding(
        "sandbox", level.isComplete, message, else: .warn,
        "use a kernel with Landlock (lsm=landlock,… on its command line) and seccomp")
    case .required:
      return Finding(
        "sandbox", level.isComplete, message, else: .fail,
        "the daemon will not start: use such a kernel, or sandbox: auto")
    }
  }
}
