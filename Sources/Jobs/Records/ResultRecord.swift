/// The result of a job: a row of the table `results`, taken from `result.json` and `manifest.json`.
public struct ResultRecord: Sendable, Equatable {
  /// Nil when the prediction was withheld or there is no model.
  public var probability: Double?
  public var positive: Bool?
  public var threshold: Double?
  public var label: String?
  public var modelName: String?
  public var modelVersion: String?
  public var modelSHA256: String?
  public var demonstration: Bool?
  public var profileName: String?
  public var profileSHA256: String?
  public var featureCount: Int?
  /// SHA-256 of `features.json`.
  public var featuresSHA256: String?
  public var warnings: [String] = []
  /// SHA-256 of `manifest.json`, which names every file of the result.
  public var manifestSHA256: String

  /// Further facts of the record, as texts: the model's inputs from the features, distance from its cohort, versions.
  public var facts: [String: String] = [:]

  /// Whether the case lies outside the model's training cohort, or this is unknown; nil without a model.
  public var isOutsideCohort: Bool? {
    modelName.map { _ in facts["ood_flag"] == "true" || warnings.contains { $0.hasPrefix("OOD_") } }
  }

  public init(manifestSHA256: String) { self.manifestSHA256 = manifestSHA256 }
}
