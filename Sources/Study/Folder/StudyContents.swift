internal import DICOM
internal import Errors
internal import Imaging

/// A study's folder, looked through: series, candidates for the mask, and the user's choices.
struct StudyContents: Sendable {
  let scan: StudyScan
  let choices: StudyChoices

  /// - Throws: as `scanStudy`, and `E_STUDY_YAML`.
  init(folder: String, threads: Int) throws {
    scan = try scanStudy(folder, threads: threads)
    let file = scan.otherFiles.first { $0.display == StudyChoices.fileName }
    choices = try file?.path.map(StudyChoices.init(path:)) ?? StudyChoices()
  }

  /// The CT series, or the one that `study.yaml` names.
  ///
  /// - Throws: `E_NO_SERIES`.
  func chosenSeries() throws -> [Series] {
    let all = scan.ctSeries
    guard !all.isEmpty else {
      try scan.requireUndamaged()
      throw StudyError(
        .noSeries, "the study has no CT series", hint: "add the DICOM files of the CT series to the study's folder")
    }
    guard let wanted = choices.image else { return all }
    let chosen = all.filter { $0.isNamed(wanted) }
    guard !chosen.isEmpty else {
      throw StudyError(
        .noSeries,
        "\(StudyChoices.fileName) names a series that is not there; there are "
          + all.map(\.listing).joined(separator: "; "), file: StudyChoices.fileName,
        hint: "correct the SeriesInstanceUID (or UID#part) after image:")
    }
    return chosen
  }

  /// The mask that `study.yaml` names, or every file that may be one.
  ///
  /// - Throws: `E_MASK_MISSING`, `E_MASK_UNSUPPORTED`, what is wrong with a mask.
  func chosenMasks() throws -> [MaskSource] {
    let objects = scan.objects.filter { $0.kind != .other }
    if let wanted = choices.mask {
      if let object = objects.first(where: { $0.file.display == wanted }) { return [try MaskSource(object: object)] }
      if let file = scan.otherFiles.first(where: { $0.display == wanted }) {
        guard let mask = try MaskSource(labelMap: file) else { throw MaskSource.unsupported(wanted) }
        return [mask]
      }
      if let damaged = scan.damaged.first(where: { $0.file == wanted }) { throw damaged }
      guard !scan.objects.contains(where: { $0.file.display == wanted }) else { throw MaskSource.unsupported(wanted) }
      throw StudyError(
        .maskMissing, "\(StudyChoices.fileName) names a mask that is not there", file: wanted,
        hint: "correct the name after mask:")
    }
    let masks =
      try objects.map { try MaskSource(object: $0) } + scan.otherFiles.compactMap { try MaskSource(labelMap: $0) }
    guard !masks.isEmpty else {
      try scan.requireUndamaged()
      throw StudyError(
        .maskMissing, "the study has no mask",
        hint: "add the tumour's mask: RTSTRUCT, SEG, or a NIfTI or NRRD label map on the CT's grid")
    }
    return masks
  }
}
