internal import Documents
internal import Errors
internal import Files
package import Model
package import Training

/// A frozen model on cases outside its training: nothing is fitted, and the threshold is the bundle's.
package struct ExternalEvaluation: Sendable {
  /// The model's prediction for one case.
  package struct Row: Sendable {
    package var id: String
    package var label: Bool
    package var outcome: Assessment
    /// How it was scanned, compared with the training cases; nil where the bundle has no information on their scans.
    package var scan: AcquisitionCheck?
  }

  package let rows: [Row]
  package let results: ExperimentResults

  /// - Parameters:
  ///   - cohort: its features are those of the bundle, in any order; a missing value is NaN.
  ///   - provenance: the caller's facts on the inputs.
  ///   - yates: corrects χ² of 2 x 2 baseline tables.
  package init(_ bundle: ModelBundle, _ cohort: LabelledCohort, provenance: [Fact] = [], yates: Bool = false) {
    let names = cohort.features.names
    let rows = cohort.ids.indices.map { index in
      let features = Dictionary(zip(names, cohort.features.row(index)), uniquingKeysWith: { first, _ in first })
      return Row(
        id: cohort.ids[index], label: cohort.labels[index], outcome: bundle.assess(features),
        scan: bundle.cohort?.acquisition.map { AcquisitionCheck(cohort.acquisition(index), in: $0) })
    }
    self.rows = rows
    let manifest = bundle.manifest
    var study = ExperimentResults(
      title: "\(manifest.name) \(manifest.version)", labelDefinition: manifest.labelDefinition,
      classes: manifest.classes, featureCount: manifest.features.count)
    study.isExternal = true
    study.yates = yates
    study.isSynthetic = manifest.demonstration
    let scored = rows.indices.filter { rows[$0].probability != nil }
    study.testLabels = scored.map { rows[$0].label }
    study.testIDs = scored.map { rows[$0].id }
    study.withheld = rows.count - scored.count
    study.outOfDistribution = scored.count { rows[$0].isOutside == true }
    study.clinical = cohort.rows(scored).clinical.map(ClinicalVariable.init)
    study.flow = cohort.flow(training: 0, test: cohort.count)
    if study.withheld > 0 {
      study.flow += [FlowStep("Without prediction", study.withheld), FlowStep("In the figures", scored.count)]
    }
    var model = ModelResults(
      name: "\(manifest.name) \(manifest.version)", kind: manifest.steps.last?.op ?? "model",
      threshold: manifest.decision.threshold, thresholdRule: manifest.decision.rule)
    model.test = scored.compactMap { rows[$0].probability }
    study.models = [model]
    study.provenance = [Fact("Bundle", bundle.id)] + provenance
    results = study
  }

  /// `predictions.csv`: one row per case, in the order of the cohort.
  package func csvBytes() -> [UInt8] {
    let table = Table<Row>([
      Column("study") { $0.id },
      Column("label") { $0.label ? 1 : 0 },
      Column("called") { $0.score.map { $0.positive ? 1 : 0 } },
      Column("outside_training_cohort") { $0.isOutside.map { $0 ? "yes" : "no" } },
      Column("scan_outside") { $0.scan?.outside.map(\.code).joined(separator: " ") },
      Column("withheld") { $0.withheld },
      Column("probability") { $0.probability },
      Column("threshold") { $0.score?.threshold },
      Column("ood_score") { $0.outcome.outOfDistribution?.score },
    ])
    return table.csvBytes(rows)
  }

  /// Writes `evaluation.json`, `report.html` and `predictions.csv` into a folder.
  ///
  /// - Throws: `io`.
  package func writeReport(to folder: String) throws -> Evaluation {
    let evaluation = try Evaluation.writeReport(results, to: folder)
    try writeFile(csvBytes(), to: "\(folder)/predictions.csv")
    return evaluation
  }
}

extension ExternalEvaluation.Row {
  /// Whether features or scan lie outside the training cohort; nil where neither is known.
  package var isOutside: Bool? {
    let known = [outcome.outOfDistribution?.flag, scan.map { !$0.outside.isEmpty }].compactMap { $0 }
    return known.isEmpty ? nil : known.contains(true)
  }

  /// nil where the prediction is withheld.
  package var probability: Double? { score?.probability }

  fileprivate var score: Prediction.Score? {
    if case .value(let score) = outcome.prediction { score } else { nil }
  }

  /// Why there is no probability; nil where there is one.
  fileprivate var withheld: String? {
    if case .withheld(let reason, _) = outcome.prediction { reason } else { nil }
  }
}
