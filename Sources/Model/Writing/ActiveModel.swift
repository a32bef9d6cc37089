internal import Errors
internal import Glibc

/// The pointer `active` of a models folder: a symbolic link to the bundle in the same folder that is served.
///
/// It is replaced by a rename, so a reader gets the whole old bundle or the whole new one. A configuration that names
/// `models/active` serves the new bundle from the next job on; the old one stays in place.
package enum ActiveModel {
  package static let name = "active"

  /// Verifies a bundle and makes it the active one of its folder.
  ///
  /// - Parameter path: of the bundle, a folder or a file, in the folder of the pointer.
  /// - Returns: the bundle, and the name that was active before.
  /// - Throws: the errors of loading; `modelFiles` where the pointer is not one, or the path is the pointer; `io`.
  package static func activate(
    _ path: String, trust: SignatureTrust = SignatureTrust()
  ) throws -> (bundle: ModelBundle, pointer: String, previous: String?) {
    let bundle = try ModelBundle(contentsOf: path, trust: trust)
    let target = BundleWriter.trimmed(path)
    let folder = BundleWriter.parent(of: target)
    let file = target.split(separator: "/").last.map(String.init) ?? ""
    var status = stat()
    guard file != name, BundleFolder.isPlainName(file), file != ".", lstat(target, &status) == 0,
      status.st_mode & S_IFMT != S_IFLNK
    else {
      throw StudyError(
        .modelFiles, "the bundle to activate must lie in the models folder under a name of its own", file: path,
        hint: "give the bundle itself, not a link to it")
    }
    let pointer = "\(folder)/\(name)"
    let previous = try previousTarget(pointer)
    let draft = "\(folder)/.\(name).\(getpid())"
    unlink(draft)
    guard symlink(file, draft) == 0 else { throw BundleWriter.failure(draft) }
    guard rename(draft, pointer) == 0 else {
      let error = BundleWriter.failure(pointer)
      unlink(draft)
      throw error
    }
    try BundleWriter.sync(folder)
    return (bundle, pointer, previous)
  }

  private static func previousTarget(_ pointer: String) throws -> String? {
    var status = stat()
    guard lstat(pointer, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFLNK else {
      throw StudyError(
        .modelFiles, "active exists already and is not a link to a bundle", file: pointer,
        hint: "move it away; model activate makes a link of that name")
    }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(pointer, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}
