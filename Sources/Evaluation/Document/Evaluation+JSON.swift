package import Documents
internal import Statistics

extension Evaluation {
  /// `evaluation.json`: see `docs/evaluation.md`. No value in it is NaN; a statistic that cannot be estimated is
  /// `{"not_estimable": reason}`.
  package var json: JSONValue { json(includingCases: true) }

  /// - Parameter includingCases: false leaves out the principal component scores of single cases.
  package func json(includingCases: Bool) -> JSONValue {
    var root = JSONObject()
    root.append("schema", .string(Self.schema))
    root.append("notice", .string(Notice.researchUse))
    root.append("title", .string(study.title))
    root.append("synthetic", .bool(study.isSynthetic))
    root.append("external", .bool(study.isExternal))
    root.append("label_definition", .string(study.labelDefinition))
    root.append("classes", JSONValue(study.classes))
    root.append("features", .integer(study.featureCount))
    root.append("components", JSONValue(study.componentCount))
    root.append("flow", .array(study.flow.map { ["step": .string($0.name), "cases": .integer($0.count)] }))
    root.append("sample", ifPresent: sampleSize?.json)
    root.append("resampling", .string(study.resampling))
    root.append("withheld", .integer(study.withheld))
    root.append("out_of_distribution", JSONValue(study.outOfDistribution))
    root.append("statements", .array(statements.map(\.json)))
    root.append("models", .array(models.map(\.json)))
    root.append("comparisons", .array(comparisons.map(\.json)))
    root.append("clinical", ifPresent: clinical?.json)
    root.append("subgroups", .array(subgroups.map(\.json)))
    root.append("principal_components", ifPresent: study.components?.json(includingCases))
    if !study.featureTests.isEmpty {
      root.append(
        "feature_tests",
        [
          "tested": .integer(study.featureTests.count), "below_0.05": .integer(study.featureTests.count { $0 < 0.05 }),
          "fdr_0.05": .integer(benjaminiHochberg(study.featureTests).count { $0 < 0.05 }),
        ])
    }
    root.append("tables", .array(tables.map(\.json)))
    root.append("provenance", .array(study.provenance.map { ["name": .string($0.name), "value": .string($0.value)] }))
    root.append("software", .object(Software.json()))
    return .object(root)
  }
}

extension Statement {
  var json: JSONValue { ["id": .string(id), "weight": .string(weight.rawValue), "text": .string(text)] }
}

extension SampleSize {
  var json: JSONValue {
    var object: JSONObject = [
      "cases": .integer(cases), "positives": .integer(positives), "events_per_variable": .number(eventsPerVariable),
    ]
    object.append("events_per_component", JSONValue(eventsPerComponent))
    let riley = Estimate.of { () throws(NotEstimable) in try rileyCases(parameters: components ?? features) }
    object.append("riley_cases", riley.json { .integer($0) })
    return .object(object)
  }
}

extension ModelComparison {
  var json: JSONValue {
    var object: JSONObject = [
      "first": .string(first), "second": .string(second), "cases": .string(cases), "n": .integer(count),
    ]
    object.append(
      "delong",
      deLong.json {
        [
          "difference": .number($0.difference), "interval": $0.interval().json, "z": .number($0.z),
          "p": .number($0.pValue),
        ]
      })
    object.append(
      "corrected_resampled_t",
      ifPresent: folds?.json {
        [
          "mean_difference": .number($0.meanDifference), "standard_error": .number($0.standardError),
          "t": .number($0.t), "df": .integer($0.degreesOfFreedom), "p": .number($0.pValue),
        ]
      })
    return .object(object)
  }
}

extension SubgroupEvaluation {
  var json: JSONValue {
    [
      "variable": .string(variable), "level": .string(level), "n": .integer(count), "positives": .integer(positives),
      "auc": auc.json { .number($0) }, "interval": interval.json { $0.json },
    ]
  }
}

extension ComponentResults {
  func json(_ includingCases: Bool) -> JSONValue {
    var sum = 0.0
    let cumulative = explainedShares.map { share -> Double in
      sum += share
      return sum
    }
    var object: JSONObject = ["explained": JSONValue(explainedShares), "cumulative": JSONValue(cumulative)]
    if includingCases {
      object.append("scores", .array(scores.map { JSONValue([$0.x, $0.y]) }))
      object.append("test_scores", .array(testScores.map { JSONValue([$0.x, $0.y]) }))
    }
    return .object(object)
  }
}

extension BaselineTable {
  var json: JSONValue {
    let rows = rows.map { row -> JSONValue in
      var object: JSONObject = [
        "variable": .string(row.variable), "level": .string(row.level), "groups": JSONValue(row.groups),
      ]
      object.append("test", ifPresent: row.test.map { .string($0.name) })
      object.append("p", ifPresent: row.pValue?.json { .number($0) })
      object.append("smallest_expected", ifPresent: row.smallestExpected.map(JSONValue.number))
      object.append(
        "odds_ratio",
        ifPresent: row.odds.map { ["value": .number($0.oddsRatio), "interval": $0.oddsInterval.json] })
      return .object(object)
    }
    return [
      "title": .string(title), "groups": JSONValue(groupNames), "sizes": JSONValue(groupSizes), "rows": .array(rows),
      "footnote": .string(footnote),
    ]
  }
}
