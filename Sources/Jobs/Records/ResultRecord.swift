/// The result of a job: a row of the table `results`, taken from `result.json` and `manifest.json`.
package struct ResultRecord: Sendable, Equatable {
  /// Nil when the prediction was withheld or there is no model.
  package var probability: Double?
  package var positive: Bool?
  package var threshold: Double?
  package var label: String?
  package var modelName: String?
  package var modelVersion: String?
  package var modelSHA256: String?
  package var demonstration: Bool?
  package var profileName: String?
  package var profileSHA256: String?
  package var featureCount: Int?
  /// SHA-256 of `features.json`.
  package var featuresSHA256: String?
  package var warnings: [String] = []
  /// SHA-256 of `manifest.json`, which names every file of the result.
  package var manifestSHA256: String

  /// Further facts of the record, as texts: the model's inputs from the features, distance from its cohort, versions.
  package var facts: [String: String] = [:]

  /// Whether the case lies outside the model's training cohort, or this is unknown; nil without a model.
  package var isOutsideCohort: Bool? {
    modelName.map { _ in facts["ood_flag"] == "true" || warnings.contains { $0.hasPrefix("OOD_") } }
  }

  package init(manifestSHA256: String) { self.manifestSHA256 = manifestSHA256 }
}
