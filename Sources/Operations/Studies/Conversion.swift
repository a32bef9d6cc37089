internal import DICOM
internal import Errors
internal import Imaging
package import Study

/// A DICOM series, and if wanted a mask on its grid, as NIfTI files: what `radiomicsd convert` does.
package struct Conversion {
  private let volume: Volume
  private let mask: Mask?
  /// What the caller should know, a sentence each.
  package let notes: [String]

  /// - Parameters:
  ///   - source: a folder or an archive.
  ///   - uid: of the series, or `UID#part`; nil where there is only one.
  ///   - mask: the mask's file; nil for none.
  /// - Throws: what reading the study, its geometry and the mask throws.
  package init(_ source: String, series uid: String?, mask path: String?, region: RegionRequest, threads: Int) throws {
    let folder = try StudyFolder(source)
    defer { folder.discard() }
    let (chosen, all) = try SeriesChoice.only(in: folder, uid: uid, threads: threads)
    let stack = try checkGeometry(chosen)
    let loaded = try loadVolume(stack, threads: threads)
    let region = try path.map { try readRegion($0, request: region, series: chosen, stack: stack, among: all) }
    volume = loaded.volume
    mask = region?.mask
    notes =
      stack.dropped.map { "left out \($0.file.display.escapedForLine) (\($0.reason.rawValue))" }
      + (loaded.warnings + (region?.notes ?? [])).map { "\($0)" }
  }

  /// Writes the volume, then the mask where there is one and a place for it.
  ///
  /// - Throws: `E_IO`.
  package func write(to output: String, maskTo maskOutput: String?, threads: Int) throws {
    try NIfTIWriter.write(volume, to: output, threads: threads)
    if let mask, let maskOutput { try NIfTIWriter.write(mask, to: maskOutput, threads: threads) }
  }
}
