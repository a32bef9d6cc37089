internal import Archive

/// A study's name: the last component of its path, an archive's without the suffix.
package enum StudyName {
  package static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last(where: { $0 != "." }).map(String.init) ?? "study"
    guard ArchiveKind.isNamed(Array(name.utf8)) else { return name }
    let stem = name.lowercased().hasSuffix(".tar.gz") ? name.dropLast(7) : name.dropLast(4)
    return String(stem)
  }
}
