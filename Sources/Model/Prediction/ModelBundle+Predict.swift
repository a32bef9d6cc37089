extension ModelBundle {
  /// The probability of one case, and how far it lies from the training cohort.
  ///
  /// - Parameter features: numbers by name; the model uses those that it was trained on and ignores others. Diagnostics
  ///   that are tuples enter as their Euclidean norm (`norm(of:)`).
  /// - Returns: a withheld prediction where a feature of the model is absent or infinite, or, unless the bundle imputes
  ///   missing values, NaN.
  package func assess(_ features: [String: Double]) -> Assessment {
    var values: [Double] = []
    values.reserveCapacity(manifest.features.count)
    var missing: [String] = []
    var unusable: [String] = []
    for name in manifest.features {
      var value = features[name]
      if value?.isNaN == true, let imputer = pipeline.imputer { value = imputer.values[values.count] }
      values.append(value ?? .nan)
      if value == nil { missing.append(name) } else if value?.isFinite == false { unusable.append(name) }
    }
    guard missing.isEmpty, unusable.isEmpty else {
      return Assessment(
        prediction: Self.withheld(missing: missing, unusable: unusable), outOfDistribution: nil, scores: nil)
    }

    let trace = pipeline.run(values)
    let distance = cohort.map {
      OutOfDistribution(values, trace, pipeline: pipeline, cohort: $0, names: manifest.features)
    }
    guard trace.probability.isFinite else {
      return Assessment(
        prediction: .withheld(
          reason: "the features are so far from the training cohort that the model's arithmetic overflows",
          features: distance?.worst.map(\.feature) ?? []),
        outOfDistribution: distance, scores: nil)
    }
    let threshold = manifest.decision.threshold
    let positive = trace.probability >= threshold
    return Assessment(
      prediction: .value(
        Prediction.Score(
          probability: trace.probability, positive: positive, threshold: threshold,
          label: manifest.classes[positive ? 1 : 0],
          indeterminate: manifest.decision.indeterminate.map { ($0[0]...$0[1]).contains(trace.probability) })),
      outOfDistribution: distance, scores: trace.scores)
  }

  /// The probability alone.
  package func predict(_ features: [String: Double]) -> Prediction { assess(features).prediction }

  private static func withheld(missing: [String], unusable: [String]) -> Prediction {
    func list(_ names: [String]) -> String {
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    var reasons: [String] = []
    if !missing.isEmpty { reasons.append("missing: \(list(missing))") }
    if !unusable.isEmpty { reasons.append("not a finite number: \(list(unusable))") }
    return .withheld(
      reason: "the model needs features that this case does not have (\(reasons.joined(separator: "; ")))",
      features: missing + unusable)
  }
}
