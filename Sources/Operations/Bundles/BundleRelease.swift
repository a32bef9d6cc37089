internal import Errors
internal import Files
internal import Glibc
package import Model
internal import Synchronization

/// The signal that came while a bundle was put in its place; 0 for none.
private let postponedSignal = Atomic<Int32>(0)

/// Puts a bundle in its place: whole, or not at all.
package enum BundleRelease {
  /// - Parameter replacing: an older bundle of that name goes once the new one is there.
  /// - Throws: `E_BUNDLE_EXISTS`, `E_IO`, and whatever loading the new bundle would refuse.
  package static func write(_ contents: BundleContents, to path: String, replacing: Bool) throws -> ModelBundle {
    // Writing takes milliseconds. A Ctrl-C in between is honoured at its end, so that no half bundle stays behind.
    postponedSignal.store(0, ordering: .relaxed)
    let interrupts = [SIGINT, SIGTERM, SIGHUP]
    let handlers = interrupts.map { signal($0) { postponedSignal.store($0, ordering: .relaxed) } }
    defer {
      for (number, handler) in zip(interrupts, handlers) { signal(number, handler) }
      let number = postponedSignal.exchange(0, ordering: .relaxed)
      if number != 0 { raise(number) }
    }
    let path = try OutputPath.resolved(path)
    let older = "\(path).\(getpid()).old"
    let replaces = replacing && access(path, F_OK) == 0
    if replaces {
      // What is replaced must be a bundle: nothing else is ever removed.
      _ = try ModelBundleFiles.names(in: path)
      guard rename(path, older) == 0 else { throw failure(path) }
    }
    do {
      let bundle = try contents.write(to: path)
      if replaces { try ModelBundleFiles.remove(older) }
      return bundle
    } catch {
      if replaces, access(path, F_OK) != 0 { rename(older, path) }
      throw error
    }
  }

  fileprivate static func failure(_ path: String) -> StudyError {
    StudyError(.io, "the bundle cannot be replaced: \(String(cString: strerror(errno)))", file: path)
  }
}

/// The files of a folder that is a bundle.
private enum ModelBundleFiles {
  /// - Throws: `E_MODEL_…` where the folder is no bundle.
  static func names(in path: String) throws -> [String] {
    try ModelBundle(contentsOf: path).manifest.files.keys.sorted() + [BundleManifest.fileName]
  }

  static func remove(_ path: String) throws {
    for name in try names(in: path) where unlink("\(path)/\(name)") != 0 { throw BundleRelease.failure(path) }
    guard rmdir(path) == 0 else { throw BundleRelease.failure(path) }
  }
}
