internal import DICOM
internal import Errors
internal import Imaging

/// A CT series and the mask drawn on it.
struct Pair: Sendable {
  let series: Series
  let stack: SliceStack
  let maskFile: StudyFile

  /// The mask that `study.yaml` names or the only one whose grid fits, and the series that it fits.
  ///
  /// - Throws: `E_NO_SERIES`, `E_MASK_MISSING`, `E_MASK_AMBIGUOUS`, `E_NEEDS_SERIES`, `E_MASK_UNSUPPORTED`,
  ///   `E_GEOM_MISMATCH`, and what is wrong with the series.
  static func find(in contents: StudyContents) throws -> Pair {
    let candidates = try series(contents)
    let masks = try masks(contents)

    // Every series that is a sound stack, and why the others are not.
    var stacks: [(series: Series, stack: SliceStack)] = []
    var failure: StudyError?
    for series in candidates {
      do throws(StudyError) {
        stacks.append((series, try checkGeometry(series)))
      } catch {
        failure = failure ?? error
      }
    }
    // One series: what is wrong with it is what is wrong with the study.
    if stacks.isEmpty, let failure { throw failure }

    var pairs: [Pair] = []
    var mismatch: StudyError?
    for mask in masks {
      guard let path = mask.path else { continue }
      let grid: Geometry
      do { grid = try NIfTIReader.readGeometry(path) } catch let error as StudyError { throw relative(error, mask) }
      for (series, stack) in stacks {
        do {
          try checkMaskGrid(grid, on: stack.geometry, file: mask.display)
          pairs.append(Pair(series: series, stack: stack, maskFile: mask))
        } catch let error as StudyError {
          mismatch = mismatch ?? error
        }
      }
    }
    return try only(pairs, mismatch: mismatch, failure: failure)
  }

  private static func only(_ pairs: [Pair], mismatch: StudyError?, failure: StudyError?) throws -> Pair {
    guard let first = pairs.first else {
      // A series that could not be used may be the one the mask belongs to.
      throw failure ?? mismatch ?? StudyError(.maskMissing, "no mask fits a series")
    }
    if pairs.count == 1 { return first }
    let series = Set(pairs.map(\.series.uid))
    let masks = Set(pairs.map(\.maskFile.display))
    if masks.count > 1 {
      throw StudyError(
        .maskAmbiguous, "\(masks.count) masks fit: \(masks.sorted().joined(separator: ", "))",
        hint: "leave one in the study, or name it in \(StudyChoices.fileName) (mask: FILE)")
    }
    throw StudyError(
      .needsSeries,
      "the mask fits \(series.count) series: " + pairs.map { Self.label($0.series) }.joined(separator: "; "),
      file: first.maskFile.display,
      hint: "name the series in \(StudyChoices.fileName) (image: SeriesInstanceUID)")
  }

  private static func series(_ contents: StudyContents) throws -> [Series] {
    let all = contents.scan.ctSeries
    guard !all.isEmpty else {
      try contents.scan.requireUndamaged()
      throw StudyError(
        .noSeries, "the study has no CT series", hint: "add the DICOM files of the CT series to the study's folder")
    }
    guard let wanted = contents.choices.image else { return all }
    let chosen = all.filter { $0.uid == wanted }
    guard !chosen.isEmpty else {
      throw StudyError(
        .noSeries,
        "\(StudyChoices.fileName) names a series that is not there; there are "
          + all.map(label).joined(separator: "; "), file: StudyChoices.fileName,
        hint: "correct the SeriesInstanceUID after image:")
    }
    return chosen
  }

  private static func masks(_ contents: StudyContents) throws -> [StudyFile] {
    if let wanted = contents.choices.mask {
      if let mask = contents.labelMaps.first(where: { $0.display == wanted }) { return [mask] }
      let known = contents.scan.otherFiles + contents.scan.objects.map(\.file)
      guard known.contains(where: { $0.display == wanted }) else {
        throw StudyError(
          .maskMissing, "\(StudyChoices.fileName) names a mask that is not there", file: wanted,
          hint: "correct the name after mask:")
      }
      throw unsupported(wanted)
    }
    let objects = contents.scan.objects.filter { $0.kind != .other }
    if contents.labelMaps.isEmpty, let object = objects.first?.file ?? contents.otherMasks.first {
      throw unsupported(object.display)
    }
    guard !contents.labelMaps.isEmpty else {
      throw StudyError(
        .maskMissing, "the study has no mask", hint: "add the tumour's mask (NIfTI label map on the CT's grid)")
    }
    return contents.labelMaps
  }

  private static func unsupported(_ file: String) -> StudyError {
    StudyError(
      .maskUnsupported, "the mask is not a NIfTI label map", file: file,
      hint: "save the mask as NIfTI (.nii.gz) on the CT's grid, as ITK-SNAP does")
  }

  /// The file by its name in the study, whatever path it was opened with.
  private static func relative(_ error: StudyError, _ file: StudyFile) -> StudyError {
    var error = error
    error.file = file.display
    return error
  }

  private static func label(_ series: Series) -> String {
    "\(series.uid) (\(series.description.text), \(series.count) files)"
  }
}
