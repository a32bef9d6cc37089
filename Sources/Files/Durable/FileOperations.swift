/// The port to the disk for everything that must be durable: claims, private copies, publishing, clearing up.
///
/// Tests replace it by one that stops after the n-th operation or answers with a full disk.
package protocol FileOperations: Sendable {
  /// Makes a folder with this mode, whatever the umask; an existing one stays as it is.
  func makeFolder(_ path: Path, mode: UInt32) throws
  /// Renames without ever replacing anything.
  func rename(_ from: Path, to: Path) throws
  /// Removes a file or a folder with all its content; a missing one is no error.
  func remove(_ path: Path) throws
  /// Copies from an open descriptor into a new file; returns the SHA-256 of the bytes written and their number.
  func copy(_ descriptor: Int32, to: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64)
  /// Writes a new file of this mode and waits until it is on disk.
  func write(_ bytes: [UInt8], to: Path, mode: UInt32) throws
  /// Waits until a file's content, or a folder's entries, are on disk.
  func sync(_ path: Path) throws
  /// Waits until everything written to the file system of `path` is on disk.
  func syncFileSystem(of path: Path) throws
  /// Called on the listing thread before a shared folder is listed, so that a test can let its server hang.
  func look(_ path: Path)
  /// Called before and after each transaction of the database, so that a test can stop there too.
  func step() throws
}

extension FileOperations {
  package func look(_ path: Path) {}
  package func step() throws {}
}

/// Thrown by a test's operations in place of the end of the process: no further step is done, no tidying up.
package struct SimulatedCrash: Error, Sendable {
  package init() {}
}
