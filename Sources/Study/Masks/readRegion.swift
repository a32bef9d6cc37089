package import DICOM
internal import DICOMMasks
package import Errors
internal import Files
package import Imaging

/// Reads one region of a mask file onto the grid of a series, for `convert`.
///
/// - Parameter all: every series of the study; the mask may have been drawn on any of them.
/// - Returns: the mask, the region's name (empty where it has none), and notes.
/// - Throws: `E_NOT_FOUND`, `E_MASK_UNSUPPORTED`, `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`, `E_NEEDS_ROI`,
///   `E_NEEDS_LABEL`, `E_GEOM_MISMATCH`, and the errors of the mask.
package func readRegion(
  _ path: String, request: RegionRequest, series: Series, stack: SliceStack, among all: [Series]
) throws -> (mask: Mask, name: String, notes: [Note]) {
  let mask = try MaskSource(path: path)
  var notes: [Note] = []
  if let references = mask.references {
    notes = try checkIdentity(references, series, file: mask.file.display)
    let images = references.series.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    if !stack.slices.contains(where: { images.contains($0.sourceInstanceUID) }) {
      notes += try drawnOn(references, series, among: all, file: mask.file.display)
    }
  }
  let region = try mask.extract(request, on: stack)
  return (region.mask, region.name, notes + region.notes)
}

extension MaskSource {
  /// A mask by its path, which may be anywhere.
  init(path: String) throws {
    let bytes = Array(path.utf8)
    let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
    let file = StudyFile(
      folder: slash.map { $0 == 0 ? Array("/.".utf8) : Array(bytes[..<$0]) } ?? [UInt8(ascii: ".")],
      name: RelativePath(bytes: Array(bytes[(slash.map { $0 + 1 } ?? 0)...])))
    if let object = try openObject(file) {
      self = try MaskSource(object: object)
    } else if let mask = try MaskSource(labelMap: file) {
      self = mask
    } else {
      throw MaskSource.unsupported(path)
    }
  }
}
