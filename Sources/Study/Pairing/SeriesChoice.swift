public import DICOM
internal import Errors

/// Picks one CT series of a folder.
public enum SeriesChoice {
  /// - Parameter uid: SeriesInstanceUID; nil takes the only CT series there is.
  /// - Throws: `E_NO_SERIES`, `E_NEEDS_SERIES`, and as `scanStudy`.
  public static func only(in folder: String, uid: String? = nil, threads: Int) throws -> Series {
    let scan = try scanStudy(folder, threads: threads)
    let candidates = scan.ctSeries.filter { uid == nil || $0.uid == uid }
    let listing = scan.ctSeries.map { "\($0.uid) (\($0.description.text), \($0.count) files)" }.joined(separator: "; ")
    guard let first = candidates.first else {
      try scan.requireUndamaged()
      throw StudyError(
        .noSeries, scan.ctSeries.isEmpty ? "the folder has no CT series" : "no such series; there are \(listing)",
        file: folder, hint: "name a folder with the DICOM files of a CT series")
    }
    guard candidates.count == 1 else {
      throw StudyError(
        .needsSeries, "the folder has \(candidates.count) CT series: \(listing)", file: folder,
        hint: "choose one with --series")
    }
    return first
  }
}
