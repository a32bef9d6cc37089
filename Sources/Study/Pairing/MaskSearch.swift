internal import DICOM
internal import Errors
internal import Imaging

/// The masks of a study, each with the series that it fits.
struct MaskSearch {
  struct Entry {
    let mask: MaskSource
    let fits: [MaskFit]
  }

  /// The chosen mask, and notes on the others.
  struct Choice {
    let mask: MaskSource
    let fits: [MaskFit]
    let notes: [Note]
    let unused: [UnusedFile]
  }

  private var fitting: [Entry] = []
  private var failures: [StudyError] = []
  private var notes: [Note] = []
  private var unused: [UnusedFile] = []

  /// - Throws: `E_PATIENT_MIX` where any of the masks is of another patient; `E_IO`.
  init(_ masks: [MaskSource], _ candidates: SeriesCandidates) throws {
    let (masks, copies) = try MaskCopies.without(masks)
    for copy in copies { leaveOut(copy.mask, "has the same bytes as \(copy.first.file.display)", isNoted: true) }
    for mask in masks {
      do {
        let fits = try MaskFit.find(mask, in: candidates)
        if fits.isEmpty {
          leaveOut(mask, "fits no series", isNoted: false)
        } else {
          fitting.append(Entry(mask: mask, fits: fits))
        }
      } catch let error as StudyError {
        if error.code == .patientMix { throw error }
        failures.append(error)
        leaveOut(mask, "fits no series: \(error.code.name), \(error.message)", isNoted: false)
      }
    }
  }

  private mutating func leaveOut(_ mask: MaskSource, _ reason: String, isNoted: Bool) {
    unused.append(UnusedFile(file: mask.file.display, reason: reason))
    if isNoted { notes.append(Note(code: "MASK_NOT_USED", message: "\(mask.file.display) was not used: it \(reason)")) }
  }

  private mutating func keep(_ isKept: (Entry) -> Bool, else reason: (Entry) -> String, isNoted: Bool) {
    for entry in fitting where !isKept(entry) { leaveOut(entry.mask, reason(entry), isNoted: isNoted) }
    fitting.removeAll { !isKept($0) }
  }

  /// The chosen mask: the only one that fits and can have the requested region; or any of several with the same
  /// voxels.
  ///
  /// - Parameter failure: the error of a series that cannot be used: it may be the one that a mask belongs to.
  /// - Throws: `E_MULTI_STUDY`, `E_MASK_AMBIGUOUS`, `E_MASK_MISSING`, or why no mask fits; where several fit, also the
  ///   errors of a mask that cannot be read whole.
  func choose(_ request: RegionRequest, failure: StudyError?) throws -> Choice {
    // A mask with more slices than the series shows that the copy is incomplete, whatever else fits.
    if let missing = failures.first(where: { $0.code == .slicesMissing }) { throw missing }
    var search = self
    if search.fitting.count > 1 { search.narrow(request) }
    // Masks that name their series come first, then the order of names: which of two equal masks is used is not random.
    let names = { (entry: Entry) in entry.fits.contains { $0.reason == .references } ? 0 : 1 }
    let entries = search.fitting.sorted { (names($0), $0.mask.file.name) < (names($1), $1.mask.file.name) }
    guard let first = entries.first else {
      let missing = StudyError(.maskMissing, "no mask fits a series", hint: "add the mask that was drawn on the CT")
      throw failures.first { $0.code != .geometryMismatch } ?? failure ?? failures.first ?? missing
    }
    if entries.count > 1, let several = SeveralStudies(entries.filter { names($0) == 0 }) { throw several.refusal }
    guard entries.count > 1 else {
      return Choice(mask: first.mask, fits: first.fits, notes: search.notes, unused: search.unused)
    }
    let settled = try MaskComparison(entries, request).settle()
    for other in settled.others { search.leaveOut(other.mask, other.reason, isNoted: true) }
    return Choice(mask: settled.mask, fits: settled.fits, notes: search.notes, unused: search.unused)
  }

  /// Removes masks that cannot be meant, as long as one remains that can.
  private mutating func narrow(_ request: RegionRequest) {
    if request.askedLabel != nil || request.segment != nil, fitting.contains(where: { $0.mask.takes(request) }) {
      keep(
        { $0.mask.takes(request) },
        else: {
          $0.mask.isLabelMap
            ? "is a label map, and the number of a segment was asked for"
            : "is an object of kind \($0.mask.format.rawValue), and a label was asked for, which only a label map has"
        }, isNoted: true)
    }
    if request.isByName, fitting.contains(where: { $0.mask.regions != nil }) {
      keep({ $0.mask.regions != nil }, else: { _ in "has no names, and a region was asked for by name" }, isNoted: true)
    }
    guard fitting.count > 1 else { return }
    let images = Set(fitting.filter(\.isImage).map(\.mask.file))
    if images.count < fitting.count {
      keep({ !images.contains($0.mask.file) }, else: { _ in "holds an image and no labels" }, isNoted: false)
    }
  }
}

extension MaskSearch.Entry {
  /// The image itself, saved beside its mask.
  fileprivate var isImage: Bool {
    guard mask.isLabelMap else { return false }
    do {
      _ = try mask.extract(RegionRequest(union: true), on: fits[0].series.stack)
    } catch let error as StudyError {
      return error.code == .maskLooksLikeImage || error.code == .maskNotLabels && error.details["not finite"] == nil
    } catch {}
    return false
  }
}
