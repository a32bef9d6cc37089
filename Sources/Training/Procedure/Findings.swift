package import Documents
internal import Statistics

/// The findings of a training run, in short: for the terminal, the model card, and a bundle without a full evaluation.
package struct Findings: Sendable {
  package let lines: [String]
  /// Schema `radiomicsd.evaluation-summary/1`.
  package let document: JSONValue

  package init(_ model: TrainedModel, _ crossValidation: CrossValidation?) {
    var lines: [String] = []
    var object: JSONObject = [
      "schema": "radiomicsd.evaluation-summary/1", "synthetic": .bool(model.configuration.demonstration),
      "split": .string(model.splitDescription), "selection": .string(model.selectionDescription),
    ]
    if !model.selection.losses.isEmpty {
      object.append(
        "candidates",
        .array(
          zip(model.candidates, model.selection.losses).map { candidate, loss in
            ["settings": candidate.recordJSON, "logLoss": .number(loss)]
          }))
      object.append("chosen", .integer(model.selection.chosenIndex))
    }
    if !model.split.test.isEmpty {
      let labels = model.split.test.map { model.cohort.labels[$0] }
      if let cases = try? BinaryScores(labels: labels, scores: model.heldOut), let delong = try? DeLong(cases) {
        let interval = try? delong.interval()
        let range = interval.map { ", 95 % CI \(Self.short($0.lower)) to \(Self.short($0.upper)) (DeLong)" } ?? ""
        lines.append("AUC \(Self.short(delong.auc)) on \(labels.count) held-out cases\(range)")
        var held: JSONObject = ["cases": .integer(labels.count), "auc": .number(delong.auc)]
        if let interval {
          held.append("interval95", JSONValue([interval.lower, interval.upper]))
          held.append("method", "DeLong")
        }
        object.append("heldOut", .object(held))
      }
    }
    if let crossValidation {
      let aucs = crossValidation.aucs(crossValidation.rows.map { model.cohort.labels[$0] })
      let mean = aucs.reduce(0, +) / Double(max(aucs.count, 1))
      let plan = model.configuration.plan
      lines.append(
        "AUC \(Self.short(mean)) in nested \(plan.folds)-fold cross-validation, mean of \(plan.repeats) repeats"
          + (aucs.count > 1 ? " (\(Self.short(aucs.min() ?? mean)) to \(Self.short(aucs.max() ?? mean)))" : ""))
      object.append(
        "crossValidation",
        [
          "folds": .integer(plan.folds), "repeats": .integer(plan.repeats), "auc": JSONValue(aucs),
          "mean": .number(mean),
        ])
    }
    if let few = Self.few(model.split.training.map { model.cohort.labels[$0] }) { lines.append(few) }
    lines.append("threshold \(model.threshold), \(model.thresholdRule)")
    self.lines = lines
    document = .object(object)
  }

  /// A training run with fewer cases of the rarer class than this gives a warning.
  static let fewCases = 20

  /// A sentence where so few cases of a class train that no number of the run is reliable; otherwise nil.
  static func few(_ labels: [Bool]) -> String? {
    let positives = labels.count { $0 }
    let rarer = min(positives, labels.count - positives)
    guard rarer < fewCases else { return nil }
    return
      "CAUTION: only \(rarer) of the \(labels.count) training cases are \(positives == rarer ? "positive" : "negative"): "
      + "with fewer than \(fewCases) of a class, chance decides what is learned"
  }

  private static func short(_ value: Double) -> String {
    let digits = Int((value * 1000).rounded())
    let rest = String(digits % 1000)
    return "\(digits / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}

extension PipelineSpecification {
  /// `record`, its keys in order.
  package var recordJSON: JSONValue {
    .object(JSONObject(record.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, JSONValue($0.value)) }))
  }
}
