internal import DICOM
internal import Documents
internal import Errors
internal import Files
internal import Hashing
internal import Imaging
internal import Model
internal import Radiomics
internal import Report

/// Computes one study: DICOM and mask to NIfTI, to features, to a prediction, into a result folder whose manifest is
/// written last.
///
/// - Parameter progress: called with each stage and the share of it that is done, from any thread.
/// - Throws: a `StudyError` that states why there is no result; `output` then contains no result.
package func computeStudy(
  _ request: StudyRequest, progress: @escaping @Sendable (Stage, Double) -> Void = { _, _ in }
) throws {
  var timings = StageTimings(progress)
  timings.begin(.reading)
  let bundle = try request.model.map { try ModelBundle(contentsOf: $0, trust: request.policy.trust) }
  let profile = try ExtractionProfile.chosen(request.profile, for: bundle)
  let folder = try StudyFolder(request.input, archives: request.archives, scratch: request.scratch)
  // Unpacked files are read until the pair is converted.
  defer { folder.discard() }
  let contents = try StudyContents(folder, choices: request.choices, threads: request.threads)
  let pair = try Pair.find(in: contents, request.region, phase: request.phase)
  // An unreadable file may be a slice of the series.
  try contents.scan.requireUndamaged()

  timings.begin(.converting)
  let converted = try ConvertedStudy(
    pair, request.region.applying(contents.choices), threads: request.threads, to: request.output)

  timings.begin(.features)
  let extractor = Extractor(profile: profile, threads: request.threads)
  let extraction = try extractor.extract(image: converted.volume, mask: converted.mask) { _, share in
    progress(.features, share)
  }

  timings.begin(.model)
  let isFlat = extraction.numbers[flatness] == 1
  let facts = AcquisitionFacts(pair.stack, converted)
  let outcome = bundle.map {
    ModelOutcome($0, extraction.numbers, facts: facts, policy: request.policy.outOfDistribution(of: $0))
  }
  let shadow = request.shadow.map {
    ShadowOutcome(
      $0, trust: request.policy.trust, extraction.numbers, profile: profile, facts: facts)
  }

  timings.begin(.writing)
  let columns = extraction.columns(of: profile)
  var table = FeatureTable(columns: columns.map(\.name))
  table.append(
    FeatureTable.Row(
      study: request.study, series: pair.series.identifier,
      roi: converted.name.isEmpty ? contents.choices.roi ?? "" : converted.name, label: converted.mask.label,
      features: columns.map { ($0.name, $0.value) }))
  try writeFile(table.csvBytes(), to: request.output + "/features.csv")
  try writeFile(FeaturesDocument(extraction).json.fileBytes(), to: request.output + "/features.json")
  var document = ResultDocument(
    job: request.job, study: request.study, status: "done",
    prediction: outcome.map { ResultDocument.Prediction(isFlat ? flatPrediction : $0.prediction, by: $0.bundle) },
    model: bundle.map(ResultDocument.Model.init),
    profile: ResultDocument.Profile(name: profile.name, sha256: profile.sha256), featureCount: columns.count,
    outOfDistribution: outcome?.document,
    inputs: try converted.inputs + contents.recordedInputs(), geometry: ResultDocument.Grid(converted.volume.geometry),
    software: Software.json(engine: EngineVersion.current), timings: timings.json(),
    warnings: (contents.notes + folder.notes + converted.notes + (isFlat ? [flatNote] : []) + (outcome?.notes ?? []))
      .map {
        ResultDocument.Warning(code: $0.code, message: $0.message)
      })
  document.choices = contents.choices.json
  document.unused = contents.unused(besides: pair).json
  document.acquisition = facts.json
  document.measured = Measured(pair, converted, longestDiameter: extraction.numbers[longestDiameter])
  document.supersedes = request.supersedes
  try writeFile(document.json.fileBytes(), to: request.output + "/\(ResultDocument.fileName)")
  try writePictures(
    of: converted, document, window: DisplayWindow(request.window),
    language: ReportPage.Language(request.language), to: request.output)
  try ResultManifest.write(in: request.output, job: request.job)
  if !request.job.isEmpty {
    let audit = AuditFacts(converted, pair, extraction.diagnostics, outcome, threads: request.threads)
    try writeFile(audit.document.json.fileBytes(), to: request.output + "/\(AuditDocument.fileName)")
  }
  if let shadow { try writeFile(shadow.document.json.fileBytes(), to: request.output + "/\(ShadowDocument.fileName)") }
}

/// 1 where the whole region falls into one grey level.
private let flatness = "original_firstorder_Uniformity"

/// mm
private let longestDiameter = "original_shape_Maximum3DDiameter"

private let flatNote = Note(
  code: "ROI_FLAT", message: "the region has one grey level: texture means nothing, and no model is asked")

/// PyRadiomics gives numbers for a region without texture; a model was never trained on such regions.
private let flatPrediction = Prediction.withheld(
  reason: "the region has one grey level only", features: [flatness])

/// `overlay.png`, the measurements, and `report.html`, the result for people.
private func writePictures(
  of study: ConvertedStudy, _ document: ResultDocument, window: DisplayWindow, language: ReportPage.Language,
  to output: String
) throws {
  let overlay = Overlay(image: study.volume, mask: study.mask, window: window)
  if let overlay { try writeFile(overlay.pngBytes(), to: output + "/overlay.png") }
  let hashes = try ["result.json", "features.csv", "image.nii.gz", "mask.nii.gz"].map {
    (name: $0, sha256: try FileHash.sha256("\(output)/\($0)").digest)
  }
  let pictures = overlay.map { overlay in
    let layers = overlay.layerBytes()
    return ReportPage.Pictures(plain: layers.plain, outline: layers.outline, caption: overlay.caption)
  }
  let page = ReportPage(result: document, pictures: pictures, files: hashes, language: language)
  try writeFile(page.bytes(), to: output + "/report.html")
}
