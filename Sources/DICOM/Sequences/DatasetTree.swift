package import Errors
import Imaging

/// A dataset with its sequences, as ranges of its bytes: structure sets and segmentations need more than the flat
/// header. Built once from bytes that `DatasetWalk` has passed; depth, elements and every length are checked again.
package final class DatasetTree: Sendable {
  /// The objects read here nest four levels deep; private sequences nest deeper.
  static let deepestNesting = 32
  static let mostElements = 8_000_000
  /// Limit of bytes before the pixel data. A structure set of a whole body has some tens of megabytes.
  static let mostBytes = 512 << 20

  struct Element: Sendable {
    let tag: UInt32
    let value: Range<Int>
    /// Indices of a sequence's items.
    let items: [Int]
  }

  struct Item: Sendable {
    var elements: [Element] = []
    let isBigEndian: Bool
  }

  let bytes: [UInt8]
  let items: [Item]
  let file: String

  /// Reads an object: everything before its pixel data.
  ///
  /// - Throws: `E_IO`, `E_LIMIT`, `E_DICOM_MALFORMED`, `E_TRUNCATED`.
  package static func read(_ object: ImageHeader) throws(StudyError) -> DatasetTree {
    if let damage = object.damage { throw damage }
    guard var opened = try DICOMBytes.open(object.file) else {
      throw StudyError(
        .io, "was changed while it was read", file: object.display, hint: "let the copy finish, then try again")
    }
    let start = opened.layout.start
    let end = opened.layout.pixelData?.element ?? opened.source.count
    guard end - start <= mostBytes else {
      throw StudyError(.limit, "holds \(end - start) bytes of attributes", file: object.display)
    }
    let bytes = try opened.source.bytes(start..<end) ?? []
    return try DatasetTree(
      bytes, isExplicit: opened.layout.isExplicit, isBigEndian: opened.layout.isBigEndian, file: object.display)
  }

  /// - Throws: `E_DICOM_MALFORMED`, `E_LIMIT`.
  init(_ bytes: [UInt8], isExplicit: Bool, isBigEndian: Bool, file: String) throws(StudyError) {
    var parser = SequenceParser(bytes: bytes, file: file)
    _ = try parser.item(
      from: 0, end: bytes.count, SequenceParser.Encoding(isExplicit: isExplicit, isBigEndian: isBigEndian), depth: 0)
    self.bytes = bytes
    self.items = parser.items
    self.file = file
  }

  package var root: DatasetItem { DatasetItem(tree: self, index: 0) }
}
