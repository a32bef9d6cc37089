internal import CLinux
package import Files
internal import Glibc

/// A look at a file itself, not only at its size and times: whether a process still writes it, and whether bytes of it
/// were never written. Copiers that set the final size of a file first leave no other sign.
package struct CloseLook: Sendable {
  /// A lease shows who writes: not on a network file system, where it answers for this machine alone.
  private let asksForWriters: Bool

  /// - Parameter path: where the files lie.
  package init(at path: Path) { asksForWriters = !(FileSystemKind(of: path)?.isRemote ?? false) }

  package init(asksForWriters: Bool) { self.asksForWriters = asksForWriters }

  enum Finding: Equatable {
    /// A process has it open to write.
    case isOpen
    /// Blocks of it are not allocated: they read as zeros.
    case hasHoles
    case settled
  }

  /// - Parameters:
  ///   - descriptor: of a regular file, open to read.
  ///   - about: its facts.
  func find(_ descriptor: Int32, _ about: stat) -> Finding {
    if asksForWriters, clinux_has_writer(descriptor) == 1 { return .isOpen }
    let size = Int64(about.st_size)
    // Space may be reserved and not written: the number of blocks alone does not show that. Asking a server about every
    // file would be slow, so there only a file with too few blocks is asked about.
    guard size > 0, asksForWriters || about.st_blocks * 512 < size else { return .settled }
    let hole = clinux_first_hole(descriptor)
    return hole >= 0 && hole < size ? .hasHoles : .settled
  }
}
