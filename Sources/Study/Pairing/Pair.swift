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
  /// The mask is the one that `study.yaml` names; else the only one that fits a series by what it refers to, by frame of
  /// reference or geometry, and can have the region that is asked for; of several any, where they have the same voxels. Of
  /// several series that fit, the one whose description tells the excretory phase is taken.
  ///
  /// - Parameters:
  ///   - request: the region; the study's own choices count where it makes none.
  ///   - phase: a regular expression for descriptions.
  /// - Throws: `E_NO_SERIES`, `E_MASK_MISSING`, `E_MASK_AMBIGUOUS`, `E_MULTI_STUDY`, `E_NEEDS_SERIES`, `E_MASK_UNSUPPORTED`,
  ///   `E_GEOM_MISMATCH`, `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`, and what is wrong with the series or the mask.
  static func find(in contents: StudyContents, _ request: RegionRequest, phase: String) throws -> Pair {
    let candidates = SeriesCandidates(try contents.chosenSeries(), among: contents.scan.series)
    let masks = try contents.chosenMasks()
    // What is wrong with the series is what is wrong with the study.
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

  /// A label map that lies in the folder of another series than the one it is used for.
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
  /// The folder that it lies in.
  fileprivate var parent: ArraySlice<UInt8> { bytes[..<lastComponent.startIndex] }
}
