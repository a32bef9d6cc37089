internal import Foundation

extension StudyFileName {
  /// A name that looks like one of the file of instructions, however a program or a hand has changed it: blanks around it,
  /// wide letters, another suffix, a letter wrong. Images, masks and archives are never meant.
  static func isNearlyInstructions(_ name: some Collection<UInt8>) -> Bool {
    let text = folded(name)
    guard !data.contains(where: { text.hasSuffix("." + $0) }) else { return false }
    if text.contains("study"), ["yaml", "yml", "ymal"].contains(where: { text.contains($0) }) { return true }
    if text.count <= 12, ["study.yaml", "study.yml"].contains(where: { NearestWord.distance(text, $0) <= 2 }) {
      return true
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 && parts[0] == "study" && parts.dropFirst().allSatisfy { texts.contains(String($0)) }
  }

  /// `study`, without a suffix.
  package static func isBareInstructions(_ name: some Collection<UInt8>) -> Bool { folded(name) == "study" }

  /// `.study.yaml`: hidden, so that it is not read.
  package static func isHiddenInstructions(_ name: some Collection<UInt8>) -> Bool {
    name.first == 0x2E && instructions(Array(name.dropFirst())) == .yes
  }

  /// Without blanks around it, in small letters, and with wide letters as ordinary ones.
  static func folded(_ name: some Collection<UInt8>) -> String {
    var text = String(decoding: name, as: UTF8.self)
    if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = text.precomposedStringWithCompatibilityMapping }
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || [.control, .format].contains(scalar.properties.generalCategory)
    }
    let scalars = text.unicodeScalars.drop(while: isBlank)
    let end = scalars.lastIndex { !isBlank($0) }.map { scalars.index(after: $0) } ?? scalars.startIndex
    return String(String.UnicodeScalarView(scalars[..<end])).lowercased()
  }

  /// Kinds of text and settings.
  private static let texts: Set<String> = [
    "txt", "txt~", "text", "json", "json5", "toml", "conf", "config", "cfg", "ini", "properties", "env", "xml", "md",
    "markdown", "rst", "doc", "docx", "odt", "pages", "rtf", "html", "bak", "old", "orig", "save",
  ]
  /// Kinds of images, masks and archives.
  private static let data = [
    "dcm", "dicom", "ima", "nii", "nii.gz", "nrrd", "nhdr", "mha", "mhd", "raw", "zraw", "raw.gz", "img", "hdr", "png",
    "jpg", "jpeg", "tif", "tiff", "zip", "tar", "tar.gz", "tgz",
  ]
}
