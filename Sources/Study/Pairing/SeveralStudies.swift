internal import DICOM
internal import Errors

/// Different studies in one folder: each is named, with its series, its folders and its masks, so that
/// the user can separate them.
struct SeveralStudies {
  private struct Part {
    let name: String
    let series: [Series]
    let masks: [String]
  }

  private let parts: [Part]

  /// The studies that masks reference, where each references one and they differ; otherwise nil.
  init?(_ entries: [MaskSearch.Entry]) {
    var masks: [String: [String]] = [:]
    var series: [String: [Series]] = [:]
    for entry in entries {
      guard entry.fits.allSatisfy({ $0.reason == .references }) else { return nil }
      let studies = Set(entry.fits.map(\.series.series.studyUID))
      guard studies.count == 1, let study = studies.first else { return nil }
      masks[study, default: []].append(entry.mask.file.display)
      for one in entry.fits.map(\.series.series)
      where series[study]?.contains(where: { $0.identifier == one.identifier }) != true {
        series[study, default: []].append(one)
      }
    }
    guard masks.count > 1 else { return nil }
    parts = masks.keys.sorted().map { study in
      Part(name: "study \(study)", series: series[study] ?? [], masks: (masks[study] ?? []).sorted())
    }
  }

  /// The patients of these series, by a number in place of a name.
  init(patientsOf all: [Series]) {
    var patients: [[UInt8]] = []
    for one in all where !one.patientID.isEmpty && !patients.contains(one.patientID) { patients.append(one.patientID) }
    parts = patients.enumerated().map { number, patient in
      Part(name: "patient \(number + 1)", series: all.filter { $0.patientID == patient }, masks: [])
    }
  }

  /// `study 1.2.3: series 1.2.3.4 (Excretory, 87 images) in A/ct, mask A/rs.dcm; study …`
  var listing: String {
    parts.map { part in
      let series = part.series.map { "series \($0.listing) in \($0.place)" }
      let masks = part.masks.map { "mask \($0)" }
      return "\(part.name): " + (series + masks).joined(separator: ", ")
    }.joined(separator: "; ")
  }

  /// One fact for each, for programs.
  var details: [String: String] {
    Dictionary(
      parts.map { ($0.name, ($0.series.map(\.identifier) + $0.masks).joined(separator: " ")) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Returns: `E_MULTI_STUDY`.
  var refusal: StudyError {
    StudyError(
      .multiStudy, "the folder holds \(parts.count) studies, each with its own mask: \(listing)",
      hint: "drop each study in a folder of its own, with its mask; or name one mask in \(StudyChoices.fileName)"
        + " (mask: FILE) to compute that study alone",
      details: details)
  }
}

extension Series {
  /// The folder of its first image, as shown: `A/ct`, or `the top` of the study.
  fileprivate var place: String {
    let folder = images[0].file.display.split(separator: "/").dropLast().joined(separator: "/")
    return folder.isEmpty ? "the top folder" : folder
  }
}
