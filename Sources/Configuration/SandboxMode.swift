/// How far workers are confined by the kernel. Key `sandbox`.
public enum SandboxMode: String, Sendable, CaseIterable {
  /// As far as this kernel can.
  case auto
  /// Files and system calls both, or nothing is computed.
  case required
  /// Not at all; limits of memory, time and files stay.
  case off
}
