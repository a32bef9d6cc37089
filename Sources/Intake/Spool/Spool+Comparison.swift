internal import Documents
internal import Errors
package import Files
internal import Glibc
package import Jobs

/// State of the original of a job since its private copy was made.
package enum OriginalCondition: Sendable, Equatable {
  /// It is the original that was copied.
  case same
  /// It is the original that was copied, and a process has a file of it open to write.
  case open
  /// Number of files with another name or other bytes.
  case changed(files: Int)
  case gone
}

extension Spool {
  /// Compares an original with its private copy. Where names, sizes and times agree no file is read.
  ///
  /// - Parameter isRemote: it lies on a server, which may tell old sizes and times: every byte is read.
  /// - Throws: `FileError` where the original cannot be read.
  package func compare(_ job: Job, with original: Path, isRemote: Bool) throws -> OriginalCondition {
    let listing: Listing
    do {
      listing = try Listing(of: original, look: CloseLook(asksForWriters: !isRemote))
    } catch let error as FileError where error.isMissing {
      return .gone
    }
    // A refused study is listed up to the reason.
    guard listing.refusal == nil else { return .same }
    let isSame = listing.fingerprint == job.listing
    if isSame, !isRemote { return listing.written == nil ? .same : .open }
    guard let manifest = SpoolManifest.read(layout.spooled(job.id) / "manifest.json") else {
      return isSame ? .same : .changed(files: listing.files)
    }
    // Times and permissions may change without the bytes.
    var left = Dictionary(manifest.files.map { ($0.path, $0.sha256) }) { first, _ in first }
    var differences = 0
    try TreeDigest.read(original) { path, sha256 in
      if left.removeValue(forKey: PercentEncoding.encoded(path)) != sha256 { differences += 1 }
    }
    differences += left.count
    if differences > 0 { return .changed(files: differences) }
    return listing.written == nil ? .same : .open
  }
}

/// Reads a study as `TreeCopy` does, without copying it.
enum TreeDigest {
  /// - Parameter found: called for each file that would be copied, with its path and SHA-256.
  /// - Throws: `FileError`.
  static func read(_ study: Path, _ found: ([UInt8], String) throws -> Void) throws {
    var about = stat()
    guard study.withCString({ lstat($0, &about) }) == 0 else { throw FileError("stat", errno) }
    if about.st_mode & S_IFMT == S_IFREG {
      try found(study.name, try FileDigest.of(study).sha256)
    } else {
      try read(try OpenFolder(study), at: [], depth: 0, found)
    }
  }

  private static func read(
    _ folder: consuming OpenFolder, at path: [UInt8], depth: Int, _ found: ([UInt8], String) throws -> Void
  ) throws {
    guard depth < 256 else { throw FileError("open", ELOOP) }
    for entry in try folder.entries() where !entry.name.isJunk && !(depth == 0 && entry.name.isReadyMarker) {
      let below = path.isEmpty ? entry.name.bytes : path + [0x2F] + entry.name.bytes
      if entry.kind == S_IFDIR {
        if let next = try folder.folder(entry.name) { try read(next, at: below, depth: depth + 1, found) }
      } else if entry.kind == S_IFREG {
        let descriptor = try folder.file(entry.name)
        defer { close(descriptor) }
        try found(below, try FileDigest.of(descriptor).sha256)
      }
    }
  }
}
