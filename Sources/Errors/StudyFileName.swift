/// The kind of a file in a study by its name, before anything is read: one rule for the inbox and the worker. Names are
/// bytes, and compared without the case of ASCII letters.
package enum StudyFileName {
  /// How a name stands to `study.yaml`.
  package enum Instructions: Sendable, Equatable {
    /// It is the file of instructions: `study.yaml`, in any case, also as `study.yml`, or with the `.txt` that Windows adds.
    case yes
    /// `study.txt`: where its text is one of instructions.
    case text
    /// Meant as one and not called so: `study (1).yaml`, `Copy of study.yml`, `study.json`, `stduy.yaml`.
    case nearly
    case no
  }

  /// - Parameter name: without its folder.
  package static func instructions(_ name: some Collection<UInt8>) -> Instructions {
    let text = lowered(name)
    let other = isNearlyInstructions(name) ? Instructions.nearly : .no
    guard text.starts(with: stem) else { return other }
    var rest = Array(text[stem.count...])
    if rest == Array(".txt".utf8) { return .text }
    _ = strip(".txt", from: &rest)
    var isYAML = false
    while strip(".yaml", from: &rest) || strip(".yml", from: &rest) { isYAML = true }
    return isYAML && rest.isEmpty ? .yes : other
  }

  /// What operating systems, file servers, viewers and burning programs leave behind, at any depth: it is not looked into,
  /// not copied and not listed.
  package static func isLeftover(_ name: some Collection<UInt8>) -> Bool {
    let text = lowered(name)
    if text.starts(with: Array("._".utf8)) || text.starts(with: Array(".nfs".utf8)) { return true }
    if leftovers.contains(text) { return true }
    guard let dot = text.lastIndex(of: 0x2E), dot > 0 else { return false }
    return suffixes.contains(Array(text[(dot + 1)...]))
  }

  /// Names of whole files that are not slices although they have no suffix, such as those of an export or a checksum.
  package static func isHarmless(_ name: some Collection<UInt8>) -> Bool {
    harmless.contains(lowered(name))
  }

  private static let stem = Array("study".utf8)

  private static func strip(_ suffix: String, from name: inout [UInt8]) -> Bool {
    let suffix = Array(suffix.utf8)
    guard name.count >= suffix.count, Array(name.suffix(suffix.count)) == suffix else { return false }
    name.removeLast(suffix.count)
    return true
  }

  private static func lowered(_ name: some Collection<UInt8>) -> [UInt8] {
    name.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
  }

  private static let leftovers = names([
    "thumbs.db", "ehthumbs.db", "desktop.ini", "autorun.inf", "folder.jpg", "icon\r", "__macosx", "@eadir", "#recycle",
    "$recycle.bin", "recycler", "system volume information", "lost+found", ".ds_store", ".stfolder", ".stversions",
    ".spotlight-v100", ".fseventsd", ".trashes", ".trash", ".temporaryitems", ".documentrevisions-v100", ".apdisk",
    ".appledouble", ".appledb", ".appledesktop", ".localized", ".volumeicon.icns", ".directory", ".hidden",
    ".com.apple.timemachine.donotpresent", ".dropbox", ".dropbox.attr", ".dropbox.cache", ".owncloudsync.log",
    ".sync.ffs_db", ".snapshot", "~snapshot",
  ])
  /// Programs and their settings: the files of a viewer on a disc.
  private static let suffixes = names(["exe", "dll", "inf", "lnk", "msi", "ico", "icns", "ocx"])
  private static let harmless = names([
    "ready", "dicomdir", "version", "lockfile", "lock", "_success", "_failure", "_started", "_committed", "_done",
    "done", "complete", "completed", "ok", "readme", "license", "licence", "notice", "copying", "manifest", "index",
    "checksum", "checksums", "md5", "md5sum", "md5sums", "md5sum.md5", "sha1", "sha1sum", "sha1sums", "sha256",
    "sha256sum", "sha256sums", "sha512", "sha512sum", "sha512sums", "crc32", "b2sums", "makefile", "log",
  ])

  private static func names(_ list: [String]) -> Set<[UInt8]> { Set(list.map { Array($0.utf8) }) }
}
