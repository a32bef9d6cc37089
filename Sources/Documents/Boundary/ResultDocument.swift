/// `result.json`: the outcome of one study.
package struct ResultDocument: Sendable, DocumentValue {
  package static let fileName = "result.json"
  package static let schema = "radiomicsd.result/1"

  package var job: String
  package var study: String
  /// `done`.
  package var status: String
  /// nil where no model was requested.
  package var prediction: Prediction?
  package var model: Model?
  package var profile: Profile
  /// Number of features in `features.csv`.
  package var featureCount: Int
  /// nil where the prediction was withheld because of its features, or no model was requested.
  package var outOfDistribution: OutOfDistribution?
  package var inputs: [Input]
  /// Of the published image.
  package var geometry: Grid
  /// How the series was acquired, and how large the region is, by `AcquisitionFacts.Column`; nil where it was not
  /// computed.
  package var acquisition: JSONValue?
  /// Name, version, and other facts that identify the software.
  package var software: JSONObject
  /// Seconds by stage.
  package var timings: JSONObject
  package var warnings: [Warning]
  /// The subject of the measurements, in words for people; nil where it was not computed.
  package var measured: Measured?
  /// The choices of a person for this study, and how they were made; nil where there were none.
  package var choices: JSONValue?
  /// Unused files of the study: `count`, and the first `files` with the reason; nil where it was not computed.
  package var unused: JSONValue?
  /// The job of an earlier drop of the same series with fewer files; nil for none.
  package var supersedes: String?

  package init(
    job: String, study: String, status: String, prediction: Prediction?, model: Model?, profile: Profile,
    featureCount: Int, outOfDistribution: OutOfDistribution?, inputs: [Input], geometry: Grid,
    software: JSONObject, timings: JSONObject, warnings: [Warning]
  ) {
    self.job = job
    self.study = study
    self.status = status
    self.prediction = prediction
    self.model = model
    self.profile = profile
    self.featureCount = featureCount
    self.outOfDistribution = outOfDistribution
    self.inputs = inputs
    self.geometry = geometry
    self.software = software
    self.timings = timings
    self.warnings = warnings
  }

  /// The document, its keys in the documented order.
  package var json: JSONValue {
    [
      "schema": .string(Self.schema),
      "job": .string(job),
      "study": .string(study),
      "status": .string(status),
      "prediction": prediction?.json ?? nil,
      "model": model?.json ?? nil,
      "profile": profile.json,
      "features": ["count": .integer(featureCount)],
      "outOfDistribution": outOfDistribution?.json ?? nil,
      "inputs": .array(inputs.map(\.json)),
      "choices": choices ?? nil,
      "unused": unused ?? nil,
      "supersedes": supersedes.map(JSONValue.string) ?? nil,
      "geometry": geometry.json,
      "measured": measured?.json ?? nil,
      "acquisition": acquisition ?? nil,
      "software": .object(software),
      "timings": .object(timings),
      "warnings": .array(warnings.map(\.json)),
      "notice": .string(Notice.researchUse),
    ]
  }
}

extension ResultDocument {
  /// Whether the case lies outside the model's training cohort, by its features or its scan, or this is unknown because
  /// the bundle has no cohort: the probability is then not reliable.
  package var isOutsideCohort: Bool {
    outOfDistribution?.flag == true || outOfDistribution?.acquisition?.outside.isEmpty == false
      || warnings.contains { $0.code.hasPrefix("OOD_") }
  }
}
