import Errors
package import Files
import Imaging

/// Why a file without DICOM content may still be a slice: a failed copy leaves empty files, zeros, or a server's error
/// page. Nil where the file does not look like one by its name and its neighbours.
///
/// Without a suffix a name may be a slice's where it has a digit (`IM0005`, `I7`, `00000012`, a UID), or where images beside
/// it have names without a digit; names known to be something else (`VERSION`, `_SUCCESS`, `DICOMDIR`) never are.
///
/// - Parameter folders: folders that contain images, and whether any image there has a name without suffix and digit.
/// - Throws: `E_IO`, `E_NOT_FOUND`.
func brokenImage(_ file: StudyFile, beside folders: [ArraySlice<UInt8>: Bool]) throws(StudyError) -> StudyError? {
  let saysDICOM = ["dcm", "dicom", "ima"].contains { Array($0.utf8) == file.name.suffix }
  if file.name.isCompressedSlice {
    return StudyError(
      .malformedDICOM, "is a compressed slice, which is not read", file: file.display,
      hint: "unpack it, or remove it")
  }
  guard saysDICOM || mayBeSlice(file.name, beside: folders) else { return nil }
  let size = try file.open().size
  // Shorter than a preamble: no part of a dataset is present.
  if size < 132, size == 0 || saysDICOM {
    return StudyError(
      .truncated, size == 0 ? "is empty" : "has \(size) bytes, less than any DICOM file", file: file.display,
      hint: "copy the file again, or remove it")
  }
  guard saysDICOM else { return nil }
  return StudyError(
    .malformedDICOM, "is named like a DICOM file and is none", file: file.display,
    hint: "copy or export the file again, or remove it")
}

private func mayBeSlice(_ name: RelativePath, beside folders: [ArraySlice<UInt8>: Bool]) -> Bool {
  guard let isPlain = folders[name.folder], name.isBare, !StudyFileName.isHarmless(name.lastComponent) else {
    return false
  }
  return isPlain || name.hasDigit
}

extension RelativePath {
  /// Whether it has no suffix, or a number as suffix, like UIDs.
  fileprivate var isBare: Bool { suffix.allSatisfy(Self.isDigit) }
  /// `IM0001.dcm.gz`: one file, compressed.
  fileprivate var isCompressedSlice: Bool {
    let parts = String(decoding: lastComponent, as: UTF8.self).lowercased().split(separator: ".").suffix(2).map(
      String.init)
    return parts.count == 2 && ["dcm", "dicom", "ima"].contains(parts[0])
      && ["gz", "bz2", "xz", "zst", "lz4", "lzma", "z", "7z", "rar"].contains(parts[1])
  }

  fileprivate var hasDigit: Bool { lastComponent.contains(where: Self.isDigit) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// A name of letters only, as few exports give their slices.
  var isPlain: Bool { isBare && !hasDigit }
  /// The index of a disc: the name is reserved for it.
  package var isDirectoryIndex: Bool {
    lastComponent.elementsEqual("DICOMDIR".utf8) || lastComponent.elementsEqual("dicomdir".utf8)
  }
}
