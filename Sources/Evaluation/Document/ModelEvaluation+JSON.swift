internal import Documents
internal import Statistics

extension Result where Failure == NotEstimable {
  /// The value's JSON, or `{"not_estimable": reason}`.
  func json(_ value: (Success) -> JSONValue) -> JSONValue {
    switch self {
    case .success(let success): value(success)
    case .failure(let failure): ["not_estimable": .string(failure.reason)]
    }
  }
}

extension Interval {
  var json: JSONValue {
    ["lower": .number(lower), "upper": .number(upper), "level": .number(level), "method": .string(method)]
  }
}

extension Proportion {
  var json: JSONValue {
    [
      "value": .number(value), "count": .integer(count), "of": .integer(total), "wilson": wilson().json,
      "clopper_pearson": clopperPearson().json,
    ]
  }
}

extension ModelEvaluation {
  var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "kind": .string(results.kind),
      "decision": ["threshold": .number(results.threshold), "rule": .string(results.thresholdRule)],
      "settings": .array(results.settings.map { ["name": .string($0.name), "value": .string($0.value)] }),
    ]
    object.append("test", ifPresent: test?.json)
    object.append("cross_validation", ifPresent: crossValidation.map { $0.json(results.folds) })
    object.append("training", ifPresent: training?.json)
    object.append(
      "permutation",
      ifPresent: permutation?.json {
        [
          "observed": .number($0.observed), "p": .number($0.pValue), "permutations": .integer($0.permuted.count),
          "auc": JSONValue($0.permuted),
        ]
      })
    object.append(
      "optimism",
      ifPresent: optimism?.json {
        [
          "apparent": .number($0.apparent), "optimism": .number($0.optimism), "corrected": .number($0.corrected),
        ]
      })
    if !results.splitSeeds.isEmpty { object.append("split_seeds", JSONValue(results.splitSeeds)) }
    if !results.learningCurve.isEmpty {
      object.append(
        "learning_curve",
        .array(
          results.learningCurve.map {
            [
              "cases": .integer($0.trainingCases), "training_auc": JSONValue($0.training),
              "validation_auc": JSONValue($0.validation),
            ]
          }))
    }
    return .object(object)
  }
}

extension CrossValidationEvaluation {
  func json(_ folds: [FoldRecord]) -> JSONValue {
    var object: JSONObject = [
      "repeats": .integer(aucs.count), "auc_of_repeats": JSONValue(aucs), "mean_auc": meanAUC.json { .number($0) },
      "interval": interval.json { $0.json },
    ]
    object.append("spread", ifPresent: spread.map { JSONValue([$0.lowerBound, $0.upperBound]) })
    object.append("first_repeat", first.json)
    object.append(
      "folds",
      .array(
        folds.map {
          [
            "repeat": .integer($0.repetition), "fold": .integer($0.fold), "training_cases": .integer($0.trainingCases),
            "test_cases": .integer($0.testCases), "auc": JSONValue($0.auc), "chosen": .string($0.chosen),
          ]
        }))
    return .object(object)
  }
}

extension SetEvaluation {
  var json: JSONValue {
    var object: JSONObject = ["n": .integer(count), "positives": .integer(positives)]
    object.append("auc", auc.json { .number($0) })
    object.append(
      "intervals",
      [
        "delong": deLong.json { $0.json }, "delong_logit": deLongLogit.json { $0.json },
        "bootstrap": bootstrap.json { $0.json },
      ])
    object.append("p_of_chance", chance.json { .number($0) })
    object.append("average_precision", averagePrecision.json { .number($0) })
    object.append("threshold", .number(threshold))
    object.append("confusion", confusionJSON)
    object.append("brier", brier.json { .number($0) })
    object.append("scaled_brier", scaledBrier.json { .number($0) })
    object.append("log_loss", logLoss.json { .number($0) })
    object.append("calibration_in_the_large", inTheLarge.json { .number($0) })
    object.append(
      "calibration_slope",
      recalibration.json {
        [
          "slope": .number($0.slope), "standard_error": .number($0.slopeError), "intercept": .number($0.intercept),
        ]
      })
    object.append("expected_over_observed", expectedOverObserved.json { .number($0) })
    object.append(
      "calibration_index",
      calibrationIndex.json {
        [
          "ici": .number($0.ici), "e50": .number($0.e50), "e90": .number($0.e90), "e_max": .number($0.eMax),
        ]
      })
    object.append(
      "roc",
      ifPresent: roc.map { curve in
        [
          "fpr": JSONValue(curve.points.map(\.falsePositiveRate)),
          "tpr": JSONValue(curve.points.map(\.truePositiveRate)),
          // The first threshold is above every score: null.
          "threshold": JSONValue(curve.points.map(\.threshold)),
          "band": .array(band.map { JSONValue([$0.rate, $0.lower, $0.upper]) }),
        ]
      })
    object.append(
      "precision_recall",
      ifPresent: precisionRecall.map {
        ["recall": JSONValue($0.points.map(\.recall)), "precision": JSONValue($0.points.map(\.precision))]
      })
    object.append(
      "calibration_curve",
      calibration.json { curve in
        .array(
          curve.bins.map { ["mean_probability": .number($0.meanProbability), "observed": $0.observed.json] })
      })
    object.append(
      "decision_curve",
      decision.json { curve in
        [
          "threshold": JSONValue(curve.points.map(\.threshold)), "model": JSONValue(curve.points.map(\.model)),
          "treat_all": JSONValue(curve.points.map(\.treatAll)),
        ]
      })
    return .object(object)
  }

  private var confusionJSON: JSONValue {
    func number(_ compute: () throws(NotEstimable) -> Double) -> JSONValue {
      Estimate.of(compute).json { .number($0) }
    }
    let calls = confusion
    var object: JSONObject = [
      "true_positives": .integer(calls.truePositives), "false_positives": .integer(calls.falsePositives),
      "true_negatives": .integer(calls.trueNegatives), "false_negatives": .integer(calls.falseNegatives),
    ]
    object.append("sensitivity", calls.sensitivity.json { $0.json })
    object.append("specificity", calls.specificity.json { $0.json })
    object.append("ppv", calls.positivePredictiveValue.json { $0.json })
    object.append("npv", calls.negativePredictiveValue.json { $0.json })
    object.append("accuracy", calls.accuracy.json { $0.json })
    object.append("balanced_accuracy", number { () throws(NotEstimable) in try calls.balancedAccuracy() })
    object.append("f1", number { () throws(NotEstimable) in try calls.f1() })
    object.append("matthews_correlation", number { () throws(NotEstimable) in try calls.matthewsCorrelation() })
    object.append(
      "positive_likelihood_ratio", number { () throws(NotEstimable) in try calls.positiveLikelihoodRatio() })
    object.append(
      "negative_likelihood_ratio", number { () throws(NotEstimable) in try calls.negativeLikelihoodRatio() })
    return .object(object)
  }
}
