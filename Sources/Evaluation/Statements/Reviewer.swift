internal import Statistics

/// Comments of a strict reviewer on the numbers, computed from the numbers.
enum Reviewer {
  static func statements(
    study: ExperimentResults, models: [ModelEvaluation], comparisons: [ModelComparison], clinical: ClinicalEvaluation?,
    tables: [BaselineTable], sampleSize: SampleSize?
  ) -> [Statement] {
    let main = models[0]
    var result: [Statement?] = []
    if study.isSynthetic {
      result.append(
        Statement(
          "synthetic", .caution,
          study.isExternal
            ? "The model is a demonstration, trained on synthetic phantoms: the numbers say nothing about patients."
            : "The cases are synthetic. The numbers show that the software works; they say nothing about patients."))
    }
    result.append(contentsOf: evidence(main, study))
    result.append(interval(main, study))
    result.append(contentsOf: separation(main))
    result.append(contentsOf: ranking(comparisons))
    result.append(clinical.flatMap(added))
    result.append(contentsOf: sample(sampleSize))
    result.append(optimism(main))
    result.append(contentsOf: resampling(main))
    result.append(contentsOf: calibration(main))
    result.append(operatingPoint(main))
    result.append(contentsOf: testSet(main, study))
    result.append(contentsOf: tableNotes(tables))
    result.append(features(study.featureTests))
    if study.withheld > 0 {
      result.append(
        Statement(
          "withheld", .caution,
          "\(Text.cases(study.withheld)) without prediction (missing features), in no figure: the performance is that of the cases that could be computed."
        ))
    }
    if let outside = study.outOfDistribution {
      let share = study.testLabels.isEmpty ? 0 : Double(outside) / Double(study.testLabels.count)
      result.append(
        Statement(
          "out-of-distribution", share > 0.1 ? .caution : .note,
          "\(outside) of \(study.testLabels.count) cases (\(Text.percent(share))) lie outside the training cohort; about 1 % would by chance for each of two limits."
        ))
    }
    // The cases and the evidence come first; then cautions before notes.
    let all = result.compactMap { $0 }
    let first = all.filter {
      ["synthetic", "no-evidence", "no-evidence-test", "permutation", "evidence-external"].contains($0.id)
    }
    let rest = all.filter { !first.contains($0) }
    return first + rest.filter { $0.weight == .caution } + rest.filter { $0.weight == .note }
  }

  /// Whether there is any evidence that the model ranks cases.
  private static func evidence(_ main: ModelEvaluation, _ study: ExperimentResults) -> [Statement] {
    var result: [Statement] = []
    if let test = main.permutation?.value {
      let reached = test.permuted.count { $0 >= test.observed }
      let facts =
        "with permuted labels the whole pipeline reached the observed AUC of \(Text.share(test.observed)) in \(reached) of \(test.permuted.count) runs (permutation \(Text.p(test.pValue)))"
      let noise = quantile(test.permuted, 0.95)
      let few =
        test.resolution > 0.05
        ? " So few permutations cannot give a p below \(Text.share(test.resolution)): compute at least 100." : ""
      result.append(
        test.pValue > 0.05
          ? Statement(
            "no-evidence", .caution,
            "No evidence that the model ranks cases better than chance: \(facts). Pure noise passes \(Text.share(noise)) in one of twenty runs on these cases.\(few)"
          )
          : Statement(
            "permutation", .note,
            "The model ranks cases better than chance: \(facts). Pure noise passes \(Text.share(noise)) in one of twenty runs on these cases."
          ))
    } else if !study.isExternal {
      result.append(
        Statement(
          "no-permutation", .caution,
          "No permutation test was computed: how high an AUC pure noise reaches on these cases is not known."))
    }
    if let test = main.test, let p = test.chance.value, let auc = test.auc.value {
      let cases = "\(Text.cases(test.count)) (\(test.positives) positive)"
      if p > 0.05 {
        result.append(
          Statement(
            main.permutation == nil ? "no-evidence" : "no-evidence-test", .caution,
            "No evidence on the \(study.isExternal ? "external" : "test") cases alone: their AUC of \(Text.share(auc)) in \(cases) does not differ from 0.5 (rank-sum \(Text.p(p)))."
          ))
      } else if study.isExternal {
        result.append(
          Statement(
            "evidence-external", .note,
            "On \(cases) that the model never saw, its AUC of \(Text.share(auc)) differs from 0.5 (rank-sum \(Text.p(p)))."
          ))
      }
    }
    return result
  }

  /// The meaning of the interval's width.
  private static func interval(_ main: ModelEvaluation, _ study: ExperimentResults) -> Statement? {
    guard let honest = main.honestAUC, let range = honest.interval.value else { return nil }
    let labels = main.test == nil ? study.developmentLabels : study.testLabels
    let prevalence = Double(labels.count { $0 }) / Double(max(1, labels.count))
    let needed = try? HanleyMcNeil.cases(auc: honest.auc, prevalence: prevalence, width: 0.1)
    let more = needed.map { " An interval 0.10 wide would take about \($0) cases." } ?? ""
    let (low, high) = (words(range.lower), words(range.upper))
    let reach = low == high ? "all of it \(low)" : "from \(low) to \(high)"
    return Statement(
      "interval-width", range.width > 0.2 ? .caution : .note,
      "The AUC on the \(honest.of) is \(Text.share(honest.auc)), 95 % interval \(Text.range(range.lower, range.upper)) (\(range.method)): \(Text.share(range.width)) wide, \(reach).\(more)"
    )
  }

  /// Hosmer and Lemeshow's words for an AUC.
  static func words(_ auc: Double) -> String {
    switch auc {
    case ..<0.5: "worse than chance"
    case ..<0.6: "hardly better than chance"
    case ..<0.7: "poor"
    case ..<0.8: "acceptable"
    case ..<0.9: "excellent"
    default: "outstanding"
    }
  }

  private static func separation(_ main: ModelEvaluation) -> [Statement] {
    [("test cases", main.test), ("cross-validation", main.crossValidation?.first)].compactMap { name, set in
      guard let set, set.auc.value == 1 else { return nil }
      let lower = set.confusion.sensitivity.value.map { _ in
        Estimate.of { () throws(NotEstimable) in try Proportion(set.positives, of: set.positives).clopperPearson() }
      }
      let bound = lower?.value.map {
        " Even without an error, \(set.positives) positive cases bound a sensitivity only from below, at \(Text.share($0.lower))."
      }
      return Statement(
        "perfect-separation", .caution,
        "The AUC on the \(name) is exactly 1: every positive case scores above every negative one among \(set.count). Its interval is not estimable; so small a sample is not a proof of perfection, and a leak between training and test cases should be excluded first.\(bound ?? "")"
      )
    }
  }

  private static func ranking(_ comparisons: [ModelComparison]) -> [Statement] {
    guard !comparisons.isEmpty else { return [] }
    // The test cases where there are any: readers will quote that ranking.
    let cases = comparisons.contains { $0.cases == "test" } ? "test" : comparisons[0].cases
    let pairs = comparisons.filter { $0.cases == cases }
    let noise = pairs.filter(\.isWithinNoise)
    let list = { (pairs: [ModelComparison]) in
      pairs.map { pair in
        let numbers = pair.deLong.value.map {
          "difference \(Text.share($0.difference)), \(Text.p($0.pValue))"
        }
        return "\(pair.first) and \(pair.second) (\(numbers ?? pair.deLong.reason ?? ""))"
      }.joined(separator: "; ")
    }
    var result: [Statement] = []
    if !noise.isEmpty {
      let subject =
        noise.count == pairs.count && pairs.count > 1 ? "The ranking of the models" : "The order of some models"
      result.append(
        Statement(
          "ranking-within-noise", .caution,
          "\(subject) is within noise on \(pairs[0].count) \(cases == "test" ? "test cases" : "cross-validated cases"): \(list(noise)). Paired DeLong tests, not corrected for their number."
        ))
    }
    if noise.count < pairs.count {
      result.append(
        Statement(
          "ranking-differs", .note,
          "The paired test tells apart: \(list(pairs.filter { !$0.isWithinNoise })). It was not corrected for \(pairs.count == 1 ? "other comparisons" : "\(pairs.count) comparisons")."
        ))
    }
    return result
  }

  /// Whether radiomics adds information to the clinical variables.
  private static func added(_ clinical: ClinicalEvaluation) -> Statement? {
    guard let pair = clinical.added else { return nil }
    let isTest = pair.cases == "test"
    let aucs = clinical.models.map { model -> String in
      "\(model.name) \(Text.share(isTest ? model.test?.auc.value : model.crossValidation?.first.auc.value))"
    }
    let names = clinical.results.variables.joined(separator: ", ")
    let text =
      "Beside the clinical variables \(names), on \(pair.count) \(isTest ? "test" : "cross-validated") cases: AUC \(aucs.joined(separator: ", "))."
    guard let test = pair.deLong.value else {
      return Statement(
        "clinical-value", .caution,
        "\(text) Whether radiomics adds anything cannot be tested: \(pair.deLong.reason ?? "").")
    }
    // The pair is clinical minus both.
    let range = Text.range(-test.interval().upper, -test.interval().lower)
    let gain = "It adds \(Text.share(-test.difference)) (95 % interval \(range), paired DeLong \(Text.p(test.pValue)))"
    return test.pValue > 0.05
      ? Statement(
        "clinical-value", .caution, "\(text) These cases do not show that radiomics adds to them. \(gain).")
      : Statement(
        "clinical-value", test.difference < 0 ? .note : .caution,
        "\(text) \(test.difference < 0 ? "Radiomics adds to them." : "With radiomics it is worse.") \(gain).")
  }

  private static func sample(_ size: SampleSize?) -> [Statement] {
    guard let size else { return [] }
    let events = min(size.positives, size.cases - size.positives)
    var text =
      "\(size.eventsPerVariable.twoDigits) events per variable: \(events) cases of the rarer class for \(size.features) candidate features, where 10 or more are asked for."
    if let components = size.components, let share = size.eventsPerComponent {
      text += " After the reduction to \(components) components it is \(share.twoDigits)."
    }
    let parameters = size.components ?? size.features
    if let needed = try? size.rileyCases(parameters: parameters) {
      text +=
        " Riley's criterion asks for about \(needed) cases for \(parameters) parameters (shrinkage 0.9, 15 % of the possible R²); there are \(size.cases)."
    }
    return [Statement("events-per-variable", size.eventsPerVariable < 10 ? .caution : .note, text)]
  }

  private static func optimism(_ main: ModelEvaluation) -> Statement? {
    guard let training = main.training?.auc.value, let honest = main.honestAUC else { return nil }
    let loss = training - honest.auc
    var text =
      "The AUC on the training cases is \(Text.share(training)), on the \(honest.of) \(Text.share(honest.auc)): \(loss >= 0 ? "an optimism" : "a difference") of \(Text.share(loss))."
    if training > 0.995 {
      text += " A model that fits its training cases perfectly would do so on noise as well."
    }
    if let corrected = main.optimism?.value {
      text += " Harrell's bootstrap corrects the training AUC to \(Text.share(corrected.corrected))."
    }
    return Statement("optimism", loss > 0.1 ? .caution : .note, text)
  }

  private static func resampling(_ main: ModelEvaluation) -> [Statement] {
    var result: [Statement] = []
    if let cv = main.crossValidation, cv.aucs.count > 1, let spread = cv.spread {
      result.append(
        Statement(
          "spread", .note,
          "Over \(cv.aucs.count) repeats of the cross-validation the AUC runs from \(Text.range(spread.lowerBound, spread.upperBound)). This is how much the choice of folds matters, not a confidence interval."
        ))
    }
    let seeds = main.results.splitSeeds
    if seeds.count > 1 {
      let middle = quantile(seeds, 0.5)
      let (low, high) = (seeds.min()!, seeds.max()!)
      result.append(
        Statement(
          "split-seeds", high - low > 0.2 ? .caution : .note,
          "Over \(seeds.count) ways to split the same cases the test AUC runs from \(Text.range(low, high)), median \(Text.share(middle)): reporting the luckiest split would add \(Text.share(high - middle))."
        ))
    }
    if let trend = LearningTrend(main.results.learningCurve) {
      result.append(Statement("learning-curve", .note, trend.sentence))
    }
    return result
  }

  private static func calibration(_ main: ModelEvaluation) -> [Statement] {
    guard let set = main.test ?? main.crossValidation?.first else { return [] }
    guard let fit = set.recalibration.value else {
      return [
        Statement(
          "calibration", .caution,
          "Calibration cannot be judged: \(set.recalibration.reason ?? ""). The probabilities are ranks, not risks.")
      ]
    }
    let margin = 1.959963984540054 * fit.slopeError
    let large = set.inTheLarge.value ?? 0
    let poor = abs(fit.slope - 1) > 0.3 || abs(large) > 0.5
    let direction =
      fit.slope < 0
      ? "; a negative slope ranks cases the wrong way round"
      : fit.slope < 0.7
        ? "; probabilities are too extreme" : fit.slope > 1.3 ? "; probabilities are too near the middle" : ""
    return [
      Statement(
        "calibration", poor ? .caution : .note,
        "Calibration slope \(fit.slope.twoDigits) (95 % interval \((fit.slope - margin).twoDigits) to \((fit.slope + margin).twoDigits)), in the large \(large.twoDigits); ideal are 1 and 0\(direction). \(set.count < 100 ? "With \(Text.cases(set.count)) neither is known well." : "")"
      )
    ]
  }

  private static func operatingPoint(_ main: ModelEvaluation) -> Statement? {
    guard let set = main.test ?? main.crossValidation?.first, let share = set.confusion.sensitivity.value,
      let other = set.confusion.specificity.value
    else { return nil }
    let (a, b) = (share.clopperPearson(), other.clopperPearson())
    return Statement(
      "operating-point", max(a.width, b.width) > 0.3 ? .caution : .note,
      "At the frozen threshold \(Text.number(main.results.threshold)) (\(main.results.thresholdRule)) sensitivity is \(share.count) of \(share.total), exact interval \(Text.range(a.lower, a.upper, digits: 2)), specificity \(other.count) of \(other.total), \(Text.range(b.lower, b.upper, digits: 2)). Predictive values hold for a prevalence of \(Text.percent(set.prevalence ?? 0)) only."
    )
  }

  /// The limits of a test set of this size.
  private static func testSet(_ main: ModelEvaluation, _ study: ExperimentResults) -> [Statement] {
    var result: [Statement] = []
    if let test = main.test, test.count < 100, let auc = test.auc.value,
      let error = try? HanleyMcNeil(
        auc: auc, positives: test.positives, negatives: test.negatives
      ).standardError, error > 0
    {
      result.append(
        Statement(
          "small-test-set", .caution,
          "One test set of \(Text.cases(test.count)) cannot show which of two models is better unless their AUCs differ by about \((2.8 * error).twoDigits) (80 % power, correlation 0.5), nor calibration, nor performance in subgroups."
        ))
    }
    if !study.isExternal {
      result.append(
        Statement(
          "no-external-validation", .caution,
          "There is no external validation: all cases come from the same tables. Performance at another hospital, scanner or time is not known; radiomicsd evaluate measures it with the frozen model."
        ))
    }
    return result
  }

  /// Features one by one, with the false discoveries expected from this number of tests.
  private static func features(_ pValues: [Double]) -> Statement? {
    guard pValues.count > 1 else { return nil }
    let plain = pValues.count { $0 < 0.05 }
    let kept = benjaminiHochberg(pValues).count { $0 < 0.05 }
    let chance = Int((0.05 * Double(pValues.count)).rounded())
    return Statement(
      "feature-tests", .note,
      "Of \(pValues.count) features alone, \(plain) differ between the classes of the training cases at p < 0.05, where chance gives about \(chance); \(kept) at a false discovery rate of 5 % (Benjamini-Hochberg). No feature was selected by this."
    )
  }

  private static func tableNotes(_ tables: [BaselineTable]) -> [Statement] {
    let doubtful = tables.flatMap(\.rows).filter { ($0.smallestExpected ?? 5) < 5 }
    let names = Set(doubtful.map(\.variable)).sorted()
    guard !names.isEmpty else { return [] }
    return [
      Statement(
        "expected-counts", .note,
        "Expected counts below 5 in \(names.joined(separator: ", ")): Fisher's exact test stands there in place of χ².")
    ]
  }
}
