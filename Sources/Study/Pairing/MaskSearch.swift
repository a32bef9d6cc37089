internal import DICOM
internal import Errors
internal import Imaging

/// The masks of a study, each with the series that it fits.
struct MaskSearch {
  struct Entry {
    let mask: MaskSource
    let fits: [MaskFit]
  }

  private var fitting: [Entry] = []
  private var failures: [StudyError] = []

  /// - Throws: `E_PATIENT_MIX` where any of the masks is of another patient.
  init(_ masks: [MaskSource], _ candidates: SeriesCandidates) throws {
    for mask in masks {
      do {
        let fits = try MaskFit.find(mask, in: candidates)
        if !fits.isEmpty { fitting.append(Entry(mask: mask, fits: fits)) }
      } catch let error as StudyError {
        if error.code == .patientMix { throw error }
        failures.append(error)
      }
    }
  }

  /// The mask that is meant.
  ///
  /// - Parameter failure: what is wrong with a series that cannot be used: it may be the one that a mask belongs to.
  /// - Throws: `E_MULTI_STUDY`, `E_MASK_AMBIGUOUS`, `E_MASK_MISSING`, or why no mask fits.
  func only(failure: StudyError?) throws -> (mask: MaskSource, fits: [MaskFit]) {
    let referring = fitting.filter { $0.fits.contains { $0.reason == .references } }
    var entries = referring.isEmpty ? fitting : referring
    if entries.count > 1 { entries = Self.withoutImages(entries) }
    guard let first = entries.first else {
      let missing = StudyError(.maskMissing, "no mask fits a series", hint: "add the mask that was drawn on the CT")
      throw failures.first { $0.code != .geometryMismatch } ?? failure ?? failures.first ?? missing
    }
    guard entries.count == 1 else {
      if let several = SeveralStudies(entries) { throw several.refusal }
      let names = entries.map(\.mask.file.display).sorted()
      throw StudyError(
        .maskAmbiguous, "\(names.count) masks fit: \(names.joined(separator: ", "))",
        hint: "leave one in the study, or name it in \(StudyChoices.fileName) (mask: FILE)")
    }
    return (first.mask, first.fits)
  }

  /// Leaves out the image itself, saved beside its mask.
  private static func withoutImages(_ entries: [Entry]) -> [Entry] {
    entries.filter { entry in
      do {
        _ = try entry.mask.extract(RegionRequest(union: true), on: entry.fits[0].series.stack)
      } catch let error as StudyError {
        return error.code != .maskLooksLikeImage && error.code != .maskNotLabels
      } catch {}
      return true
    }
  }
}
