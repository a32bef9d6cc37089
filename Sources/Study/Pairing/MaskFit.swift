internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Imaging

/// A series that a mask belongs to, or may belong to.
struct MaskFit: Sendable {
  enum Reason: String, Sendable {
    /// The mask names the series.
    case references
    /// Mask and series have one frame of reference.
    case frameOfReference = "frame of reference"
    /// The mask lies on the series' grid.
    case geometry
  }

  let series: SeriesCandidates.Sound
  let reason: Reason
  let notes: [Note]

  /// The series that a mask fits, by its references, otherwise by its frame of reference, otherwise by its geometry.
  ///
  /// - Throws: why it fits none: `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`, `E_GEOM_MISMATCH`, or the errors of the
  ///   series that it names.
  static func find(_ mask: MaskSource, in candidates: SeriesCandidates) throws -> [MaskFit] {
    guard let references = mask.references else { return try byGeometry(mask, candidates) }
    let file = mask.file.display

    var named = candidates.sound.filter { references.series[$0.series.uid] != nil }
    if named.count > 1 {
      // Phases of one series have one UID: the mask's is the one whose slices it references.
      let complete = named.filter { candidate in
        references.series[candidate.series.uid]?
          .isSubset(of: Set(candidate.stack.slices.map(\.sopInstanceUID))) ?? false
      }
      if !complete.isEmpty { named = complete }
    }
    if !named.isEmpty {
      return try named.map {
        MaskFit(series: $0, reason: .references, notes: try checkIdentity(references, $0.series, file: file))
      }
    }
    // Enhanced objects that were converted from the images that the mask was drawn on.
    let images = references.series.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    let converted = candidates.sound.filter { candidate in
      candidate.stack.slices.contains { images.contains($0.sourceInstanceUID) }
    }
    if !converted.isEmpty {
      let note = Note(
        code: "SERIES_CONVERTED", message: "the mask refers to the images that the series was converted from")
      return try converted.map {
        MaskFit(series: $0, reason: .references, notes: try checkIdentity(references, $0.series, file: file) + [note])
      }
    }
    if let refused = candidates.refused.first(where: { references.series[$0.series.uid] != nil }) {
      throw refused.error
    }

    var fits: [MaskFit] = []
    var failure: StudyError?
    for candidate in candidates.sound {
      do throws(StudyError) {
        var notes = try checkIdentity(references, candidate.series, file: file)
        notes += try drawnOn(references, candidate.series, among: candidates.others, file: file)
        let isSameFrame = references.framesOfReference.contains(candidate.series.frameOfReferenceUID)
        fits.append(MaskFit(series: candidate, reason: isSameFrame ? .frameOfReference : .geometry, notes: notes))
      } catch {
        // Another patient outweighs another frame of reference.
        if failure == nil || error.code == .patientMix { failure = error }
      }
    }
    if fits.contains(where: { $0.reason == .frameOfReference }) {
      fits.removeAll { $0.reason != .frameOfReference }
    }
    if fits.count > 1 {
      let lying = fits.filter { mask.liesOn($0.series.stack) }
      if !lying.isEmpty { fits = lying }
    }
    if fits.isEmpty, let failure { throw failure }
    return fits
  }

  private static func byGeometry(_ mask: MaskSource, _ candidates: SeriesCandidates) throws -> [MaskFit] {
    guard case .labelMap(let grid, _) = mask.content else { return [] }
    var fits: [MaskFit] = []
    var mismatch: StudyError?
    for candidate in candidates.sound {
      do {
        try checkMaskGrid(grid, on: candidate.stack.grid(for: grid).grid, file: mask.file.display)
        fits.append(MaskFit(series: candidate, reason: .geometry, notes: []))
      } catch let error as StudyError {
        mismatch = mismatch ?? error
      }
    }
    if fits.isEmpty, let mismatch { throw mismatch }
    // A label map does not state the patient: it must not be paired with the wrong one.
    let patients = Set(candidates.all.map(\.patientID).filter { !$0.isEmpty })
    if !fits.isEmpty, patients.count > 1 {
      let several = SeveralStudies(patientsOf: candidates.all)
      throw StudyError(
        .patientMix,
        "the study holds CT series of \(patients.count) patients, and the mask does not say whose it is: "
          + several.listing,
        file: mask.file.display,
        hint: "drop each patient's series in a folder of its own, with the mask that was drawn on it",
        details: several.details)
    }
    return fits
  }
}

extension MaskSource {
  /// Whether the mask could be placed on a grid, by its coordinates alone.
  func liesOn(_ stack: SliceStack) -> Bool {
    switch content {
    case .labelMap(let own, _): (try? checkMaskGrid(own, on: stack.grid(for: own).grid)) != nil
    case .structureSet(let set): set.liesOn(stack.geometry)
    case .segmentation(let segmentation): segmentation.liesOn(stack)
    }
  }
}

/// Selects the excretory phase by the words of its description where a mask fits several series by geometry.
enum PhasePreference {
  /// The only one whose Series Description or Protocol Name matches the pattern; nil where none or several do.
  static func choose(_ fits: [MaskFit], pattern: String) -> MaskFit? {
    guard let pattern = RegionName.pattern(pattern) else { return nil }
    let matching = fits.filter {
      RegionName.matches($0.series.series.description.text, pattern)
        || RegionName.matches($0.series.series.protocolName.text, pattern)
    }
    return matching.count == 1 ? matching[0] : nil
  }
}
