internal import DICOM
internal import Errors
internal import Files
internal import Imaging

/// A CT series and the mask drawn on it.
struct Pair: Sendable {
  let series: Series
  let stack: SliceStack
  let mask: MaskSource
  let reason: MaskFit.Reason
  let notes: [Note]
  /// Masks that were not used, with the reason.
  let unused: [UnusedFile]

  /// The study's mask and the series that it belongs to.
  ///
  /// The mask is the one that `study.yaml` names; otherwise the only one that fits a series by its references, frame of
  /// reference or geometry, and can have the requested region; of several any, where they have the same voxels. Of
  /// several fitting series, the one whose description indicates the excretory phase is used.
  ///
  /// - Parameters:
  ///   - request: the region; the study's own choices are used where it has none.
  ///   - phase: a regular expression for descriptions.
  /// - Throws: `E_NO_SERIES`, `E_MASK_MISSING`, `E_MASK_AMBIGUOUS`, `E_MULTI_STUDY`, `E_NEEDS_SERIES`, `E_MASK_UNSUPPORTED`,
  ///   `E_GEOM_MISMATCH`, `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`, and the errors of the series or the mask.
  static func find(in contents: StudyContents, _ request: RegionRequest, phase: String) throws -> Pair {
    let candidates = SeriesCandidates(try contents.chosenSeries(), among: contents.scan.series)
    let masks = try contents.chosenMasks()
    // The error of the series is the error of the study.
    if candidates.sound.isEmpty, let failure = candidates.failure { throw failure }

    let search = try MaskSearch(masks, candidates)
    let choice = try search.choose(request.applying(contents.choices), failure: candidates.failure)
    let (mask, fits) = (choice.mask, choice.fits)
    func pair(_ fit: MaskFit, _ notes: [Note]) -> Pair {
      Pair(choice, fit, adding: notes + Self.besideAnother(mask, fit, candidates))
    }
    if fits.count == 1 { return pair(fits[0], []) }
    if let preferred = PhasePreference.choose(fits, pattern: phase) {
      let note = Note(
        code: "SERIES_BY_DESCRIPTION",
        message:
          "the mask fits \(fits.count) series; \(preferred.series.series.listing) was taken for its description")
      return pair(preferred, [note])
    }
    throw StudyError(
      .needsSeries,
      "the mask fits \(fits.count) series: " + fits.map(\.series.series.listing).joined(separator: "; "),
      file: mask.file.display, hint: "name the series in \(StudyChoices.fileName) (image: SeriesInstanceUID)",
      details: Dictionary(
        fits.map { ("series \($0.series.series.identifier)", $0.series.series.description.text) },
        uniquingKeysWith: { first, _ in first }))
  }

  private init(_ choice: MaskSearch.Choice, _ fit: MaskFit, adding notes: [Note]) {
    series = fit.series.series
    stack = fit.series.stack
    mask = choice.mask
    reason = fit.reason
    self.notes = fit.notes + choice.notes + notes
    unused = choice.unused
  }

  /// A label map in the folder of another series than the one it is used for.
  private static func besideAnother(
    _ mask: MaskSource, _ fit: MaskFit, _ candidates: SeriesCandidates
  ) -> [Note] {
    let folder = mask.file.name.parent
    guard mask.isLabelMap, !fit.series.series.images.contains(where: { $0.file.name.parent == folder }),
      let beside = candidates.all.first(where: { series in
        series.identifier != fit.series.series.identifier && series.images.contains { $0.file.name.parent == folder }
      })
    else { return [] }
    return [
      Note(
        code: "MASK_BESIDE_OTHER_SERIES",
        message:
          "\(mask.file.display) lies beside series \(beside.listing), and is used for \(fit.series.series.listing), whose grid it has"
      )
    ]
  }
}

extension RelativePath {
  /// The folder that contains it.
  fileprivate var parent: ArraySlice<UInt8> { bytes[..<lastComponent.startIndex] }
}
