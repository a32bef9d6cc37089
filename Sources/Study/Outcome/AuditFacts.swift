internal import Archive
internal import DICOM
internal import Documents
internal import Glibc
internal import Hashing
internal import Imaging
internal import Model
internal import Radiomics

/// The record's facts on a computation beyond its result: the grid, the principal component scores that the classifier
/// saw, the logit of its probability, and the number of threads.
struct AuditFacts: Sendable {
  let document: AuditDocument

  init(
    _ study: ConvertedStudy, _ pair: Pair, _ diagnostics: [Diagnostic], _ outcome: ModelOutcome?, threads: Int
  ) {
    var facts = JSONObject()
    func add(_ key: String, _ value: String) { facts.append(key, .string(value)) }
    let geometry = study.volume.geometry
    add("size", [geometry.size.x, geometry.size.y, geometry.size.z].map { String($0) }.joined(separator: " "))
    add(
      "spacing", [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z].map { String($0) }.joined(separator: " "))
    add("threads", String(threads))
    for (name, version) in LibraryVersions.all { add(name, version) }
    for (key, name) in [("image_sha1", "Image"), ("mask_sha1", "Mask")] {
      let column = "diagnostics_\(name)-original_Hash"
      if case .text(let hash)? = diagnostics.first(where: { $0.name == column })?.value { add(key, hash) }
    }
    // The hash of a UID identifies the study for those who have it, and for no others.
    add("study_uid_sha256", sha256(pair.series.studyUID))
    add("series_uid_sha256", sha256(pair.series.uid))
    add("sop_uids_sha256", sha256(pair.stack.slices.map(\.sopInstanceUID).sorted().joined(separator: "\n")))
    if let scores = outcome?.scores {
      add("pca_scores", scores.map { String($0) }.joined(separator: " "))
    }
    if let outcome, case .value(let score) = outcome.prediction, score.probability > 0, score.probability < 1 {
      add("logit", String(log(score.probability / (1 - score.probability))))
    }
    document = AuditDocument(facts: facts)
  }
}

/// The libraries that a result was computed with, for the record.
enum LibraryVersions {
  static var all: [(name: String, version: String)] {
    [
      ("zlib", CompressionLibraries.zlib), ("libdeflate", CompressionLibraries.libdeflate),
      ("dcmtk", DICOMLibraries.dcmtk), ("openjpeg", DICOMLibraries.openjpeg),
      ("libarchive", String(ArchiveLibrary.version.drop { !$0.isNumber })),
    ]
  }
}
