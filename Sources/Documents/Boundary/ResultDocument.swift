/// `result.json`: the outcome of one study.
public struct ResultDocument: Sendable, DocumentValue {
  public static let fileName = "result.json"
  public static let schema = "radiomicsd.result/1"

  public var job: String
  public var study: String
  /// `done`.
  public var status: String
  /// nil where no model was requested.
  public var prediction: Prediction?
  public var model: Model?
  public var profile: Profile
  /// Number of features in `features.csv`.
  public var featureCount: Int
  /// nil where the prediction was withheld because of its features, or no model was requested.
  public var outOfDistribution: OutOfDistribution?
  public var inputs: [Input]
  /// Of the published image.
  public var geometry: Grid
  /// How the series was acquired, and how large the region is, by `AcquisitionFacts.Column`; nil where it was not
  /// computed.
  public var acquisition: JSONValue?
  /// Name, version, and other facts that identify the software.
  public var software: JSONObject
  /// Seconds by stage.
  public var timings: JSONObject
  public var warnings: [Warning]
  /// The subject of the measurements, in words for people; nil where it was not computed.
  public var measured: Measured?
  /// The choices of a person for this study, and how they were made; nil where there were none.
  public var choices: JSONValue?
  /// Unused files of the study: `count`, and the first `files` with the reason; nil where it was not computed.
  public var unused: JSONValue?
  /// The job of an earlier drop of the same series with fewer files; nil for none.
  public var supersedes: String?

  public init(
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
  public var json: JSONValue {
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
  public var isOutsideCohort: Bool {
    outOfDistribution?.flag == true || outOfDistribution?.acquisition?.outside.isEmpty == false
      || warnings.contains { $0.code.hasPrefix("OOD_") }
  }
}
