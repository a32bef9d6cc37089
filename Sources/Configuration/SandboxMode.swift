/// How far the kernel confines workers. Key `sandbox`.
package enum SandboxMode: String, Sendable, CaseIterable {
  /// As far as this kernel supports it.
  case auto
  /// Both files and system calls, or nothing is computed.
  case required
  /// Not at all; limits of memory, time and files remain.
  case off
}
