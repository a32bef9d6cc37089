internal import DICOM
internal import Errors
internal import Imaging

/// A CT series and the mask drawn on it.
struct Pair: Sendable {
  let series: Series
  let stack: SliceStack
  let mask: MaskSource
  let reason: MaskFit.Reason
  let notes: [Note]

  /// The study's mask and the series that it belongs to.
  ///
  /// The mask is the one that `study.yaml` names; else the RTSTRUCT or SEG that names a series of the study; else the
  /// only one that fits a series by frame of reference or geometry. Of several series that fit, the one whose
  /// description tells the excretory phase is taken.
  ///
  /// - Parameter phase: a regular expression for descriptions.
  /// - Throws: `E_NO_SERIES`, `E_MASK_MISSING`, `E_MASK_AMBIGUOUS`, `E_MULTI_STUDY`, `E_NEEDS_SERIES`, `E_MASK_UNSUPPORTED`,
  ///   `E_GEOM_MISMATCH`, `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`, and what is wrong with the series or the mask.
  static func find(in contents: StudyContents, phase: String) throws -> Pair {
    let candidates = SeriesCandidates(try contents.chosenSeries(), among: contents.scan.series)
    let masks = try contents.chosenMasks()
    // What is wrong with the series is what is wrong with the study.
    if candidates.sound.isEmpty, let failure = candidates.failure { throw failure }

    let search = try MaskSearch(masks, candidates)
    let (mask, fits) = try search.only(failure: candidates.failure)
    if fits.count == 1 { return Pair(mask, fits[0]) }
    if let preferred = PhasePreference.choose(fits, pattern: phase) {
      return Pair(
        mask, preferred,
        adding: Note(
          code: "SERIES_BY_DESCRIPTION",
          message:
            "the mask fits \(fits.count) series; \(preferred.series.series.listing) was taken for its description"))
    }
    throw StudyError(
      .needsSeries,
      "the mask fits \(fits.count) series: " + fits.map(\.series.series.listing).joined(separator: "; "),
      file: mask.file.display, hint: "name the series in \(StudyChoices.fileName) (image: SeriesInstanceUID)",
      details: Dictionary(
        fits.map { ("series \($0.series.series.identifier)", $0.series.series.description.text) },
        uniquingKeysWith: { first, _ in first }))
  }

  private init(_ mask: MaskSource, _ fit: MaskFit, adding note: Note? = nil) {
    series = fit.series.series
    stack = fit.series.stack
    self.mask = mask
    reason = fit.reason
    notes = fit.notes + (note.map { [$0] } ?? [])
  }
}
