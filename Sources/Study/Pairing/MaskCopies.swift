internal import DICOM

/// Mask files that are in a study more than once: the same bytes are one mask.
enum MaskCopies {
  /// The masks without those that repeat another with an earlier name, and these.
  ///
  /// - Throws: `E_IO`.
  static func without(
    _ masks: [MaskSource]
  ) throws -> (masks: [MaskSource], copies: [(mask: MaskSource, first: MaskSource)]) {
    guard masks.count > 1 else { return (masks, []) }
    var seen: [String: MaskSource] = [:]
    var copies: [(mask: MaskSource, first: MaskSource)] = []
    for mask in masks.sorted(by: { $0.file.name < $1.file.name }) {
      let digest = try mask.file.withReadablePath {
        try FileHash.sha256($0, followingLinks: mask.file.path == nil).digest
      }
      if let first = seen[digest] {
        copies.append((mask, first))
      } else {
        seen[digest] = mask
      }
    }
    let repeated = Set(copies.map(\.mask.file))
    return (masks.filter { !repeated.contains($0.file) }, copies)
  }
}
