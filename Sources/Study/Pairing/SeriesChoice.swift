package import DICOM
internal import Errors

/// Selects one CT series of a folder.
package enum SeriesChoice {
  /// - Parameter uid: SeriesInstanceUID, or `UID#part` for one of several phases in it; nil selects the only CT series.
  /// - Returns: the series, and every series of the folder, of any modality.
  /// - Throws: `E_NO_SERIES`, `E_NEEDS_SERIES`; the first of the unreadable files; and as `scanStudy`.
  package static func only(in folder: StudyFolder, uid: String? = nil, threads: Int) throws -> (
    series: Series, all: [Series]
  ) {
    let scan = try folder.scan(threads: threads)
    let candidates = scan.ctSeries.filter { uid.map($0.isNamed) ?? true }
    let listing = scan.ctSeries.map(\.listing).joined(separator: "; ")
    guard let first = candidates.first else {
      try scan.requireUndamaged()
      throw StudyError(
        .noSeries, scan.ctSeries.isEmpty ? "the folder has no CT series" : "no such series; there are \(listing)",
        file: folder.path,
        hint: scan.ctSeries.isEmpty
          ? "name a folder with the DICOM files of a CT series" : "name one of them with --series")
    }
    guard candidates.count == 1 else {
      throw StudyError(
        .needsSeries, "the folder has \(candidates.count) CT series: \(listing)", file: folder.path,
        hint: "choose one with --series")
    }
    // An unreadable file may be a slice of the series.
    try scan.requireUndamaged()
    return (first, scan.series)
  }
}
