internal import Documents
internal import Report
internal import Statistics

extension EvaluationPage {
  /// A table whose first column names the row. Numbers are right-aligned.
  func table(_ caption: String, _ head: [String], _ rows: [[HTML]], textColumns: Set<Int> = [0]) -> HTML {
    func cell(_ index: Int, _ content: HTML) -> HTML {
      if index == 0 { return "<th scope=\"row\">\(content)</th>" }
      return textColumns.contains(index) ? "<td>\(content)</td>" : "<td class=\"number\">\(content)</td>"
    }
    let heads = head.enumerated().map { index, name -> HTML in
      textColumns.contains(index) ? "<th scope=\"col\">\(name)</th>" : "<th scope=\"col\" class=\"number\">\(name)</th>"
    }
    let body = rows.map { row -> HTML in
      let cells = row.enumerated().map { cell($0, $1).text }.joined()
      return "<tr>\(HTML(stringLiteral: cells))</tr>"
    }
    return """
      <div class="scroll"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(HTML(stringLiteral: heads.map(\.text).joined()))</tr></thead>
      <tbody>
      \(HTML(body))
      </tbody></table></div>
      """
  }

  /// A cell of an estimate, or a dash whose title gives the reason.
  func cell<Value>(_ estimate: Estimate<Value>, _ text: (Value) -> String) -> HTML {
    switch estimate {
    case .success(let value): "\(text(value))"
    case .failure(let failure): "<span title=\"\(failure.description)\">not estimable</span>"
    }
  }

  /// Predictive values by Bayes' theorem.
  private func atPrevalence(_ calls: ConfusionMatrix, _ prevalence: Double) -> HTML {
    cell(.of { () throws(NotEstimable) in try calls.predictiveValues(prevalence: prevalence) }) {
      "\(Text.share($0.positive)), \(Text.share($0.negative))"
    }
  }

  private func share(_ estimate: Estimate<Proportion>) -> HTML {
    cell(estimate) {
      let (wilson, exact) = ($0.wilson(), $0.clopperPearson())
      return
        "\($0.count)/\($0.total) = \(Text.share($0.value)); \(Text.range(wilson.lower, wilson.upper)); \(Text.range(exact.lower, exact.upper))"
    }
  }

  /// All numbers of every model, one column per model and set.
  var performance: HTML {
    struct Column {
      var name: String
      var set: SetEvaluation
    }
    var columns: [Column] = []
    for model in evaluation.models {
      if let test = model.test {
        columns.append(Column(name: "\(model.name), \(study.isExternal ? "external" : "test")", set: test))
      }
      if let cv = model.crossValidation {
        columns.append(Column(name: "\(model.name), CV (first repeat)", set: cv.first))
      }
    }
    if columns.isEmpty, let training = main.training {
      columns = [Column(name: "\(main.name), training", set: training)]
    }
    func row(_ name: String, _ value: (SetEvaluation) -> HTML) -> [HTML] {
      ["\(name)"] + columns.map { value($0.set) }
    }
    func number(_ compute: @escaping (ConfusionMatrix) throws(NotEstimable) -> Double) -> (SetEvaluation) -> HTML {
      { set in
        cell(.of { () throws(NotEstimable) in try compute(set.confusion) }) { Text.share($0) }
      }
    }
    let range = { (interval: Interval) in Text.range(interval.lower, interval.upper) }
    let rows = [
      row("Cases (positive)") { "\($0.count) (\($0.positives))" },
      row("AUC") { cell($0.auc) { Text.share($0) } },
      row("DeLong") { cell($0.deLong, range) },
      row("DeLong, logit scale") { cell($0.deLongLogit, range) },
      row("Bootstrap, stratified, 2000, percentiles") { cell($0.bootstrap, range) },
      row("p of AUC = 0.5 (rank-sum)") { cell($0.chance, Text.pCell) },
      row("Average precision (prevalence)") { set in
        "\(cell(set.averagePrecision) { Text.share($0) }) (\(Text.share(set.prevalence)))"
      },
      row("Brier score (scaled)") { set in
        "\(cell(set.brier) { Text.share($0) }) (\(cell(set.scaledBrier) { Text.share($0) }))"
      },
      row("Calibration slope") { cell($0.recalibration) { $0.slope.twoDigits } },
      row("Calibration in the large") { cell($0.inTheLarge) { $0.twoDigits } },
      row("Expected / observed events") { cell($0.expectedOverObserved) { $0.twoDigits } },
      row("ICI (E50, E90), loess") {
        cell($0.calibrationIndex) { "\(Text.share($0.ici)) (\(Text.share($0.e50)), \(Text.share($0.e90)))" }
      },
      row("Log loss") { cell($0.logLoss) { Text.share($0) } },
    ]
    let called = [
      row("Threshold") { "\(Text.number($0.threshold))" }, row("Sensitivity") { share($0.confusion.sensitivity) },
      row("Specificity") { share($0.confusion.specificity) },
      row("PPV, at this prevalence") { share($0.confusion.positivePredictiveValue) },
      row("NPV, at this prevalence") { share($0.confusion.negativePredictiveValue) },
      row("PPV, NPV at a prevalence of 10 %") { atPrevalence($0.confusion, 0.1) },
      row("PPV, NPV at a prevalence of 30 %") { atPrevalence($0.confusion, 0.3) },
      row("Accuracy") { share($0.confusion.accuracy) },
      row("Balanced accuracy", number { (calls) throws(NotEstimable) in try calls.balancedAccuracy() }),
      row("F1", number { (calls) throws(NotEstimable) in try calls.f1() }),
      row("Matthews correlation", number { (calls) throws(NotEstimable) in try calls.matthewsCorrelation() }),
      row("Positive likelihood ratio", number { (calls) throws(NotEstimable) in try calls.positiveLikelihoodRatio() }),
      row("Negative likelihood ratio", number { (calls) throws(NotEstimable) in try calls.negativeLikelihoodRatio() }),
    ]
    let head = [""] + columns.map(\.name)
    return """
      <h2>Performance</h2>
      \(table("Discrimination and calibration.", head, rows))
      \(table("Calls at the frozen threshold; shares with Wilson's, then Clopper and Pearson's 95 % interval.", head, called))
      """
  }

  var comparisons: HTML {
    guard !evaluation.comparisons.isEmpty else { return "" }
    return """
      <h2>Comparison of the models</h2>
      \(table(of: evaluation.comparisons))
      """
  }

  /// Paired differences of AUCs.
  private func table(of comparisons: [ModelComparison]) -> HTML {
    let rows = comparisons.map { pair -> [HTML] in
      [
        "\(pair.first) − \(pair.second)", "\(pair.cases) (\(pair.count))",
        cell(pair.deLong) { Text.share($0.difference) },
        cell(pair.deLong) { Text.range($0.interval().lower, $0.interval().upper) },
        cell(pair.deLong) { Text.pCell($0.pValue) },
        pair.folds.map { cell($0) { Text.pCell($0.pValue) } } ?? "–",
      ]
    }
    return table(
      "Differences of AUCs on the same cases; p values are not corrected for their number.",
      ["Models", "Cases", "Difference", "95 % interval", "p, paired DeLong", "p, folds (Nadeau-Bengio)"], rows,
      textColumns: [0, 1])
  }

  /// Radiomics, clinical variables, and both.
  var clinical: HTML {
    guard let clinical = evaluation.clinical else { return "" }
    let omitted = clinical.results.leftOut.map { "\($0.name) (\($0.value))" }.joined(separator: "; ")
    let note: HTML =
      "Clinical variables: \(clinical.results.variables.joined(separator: ", ")). Logistic regression; missing values are the median of the fold's training cases. Both: with the logit of the radiomic model's probability as one variable more, on training cases that of a model that did not see them. Same folds, same test cases.\(omitted.isEmpty ? "" : " Left out: \(omitted).")"
    let rows = clinical.models.map { model -> [HTML] in
      let cv = model.crossValidation
      return [
        "\(model.name)", model.test.map { cell($0.auc) { Text.share($0) } } ?? "–",
        model.test.map { cell($0.interval) { Text.range($0.lower, $0.upper) } } ?? "–",
        cv.map { cell($0.meanAUC) { Text.share($0) } } ?? "–",
        cv.map { cell($0.interval) { Text.range($0.lower, $0.upper) } } ?? "–",
        model.test.map { cell($0.brier) { Text.share($0) } } ?? "–",
      ]
    }
    return """
      <h2>Radiomics and clinical variables</h2>
      <p class="note">\(note)</p>
      \(figure(ForestFigure.svg("AUC of clinical variables, radiomics and both", clinical.models.flatMap { lines(of: $0) }, figure: "clinical"), "AUC with 95 % intervals (DeLong). Dashed: chance.", wide: true))
      \(table("Radiomics, clinical variables and both.", ["", "AUC, test", "95 % interval", "AUC, CV", "95 % interval", "Brier score, test"], rows))
      \(table(of: clinical.comparisons))
      """
  }

  var subgroups: HTML {
    guard !evaluation.subgroups.isEmpty else { return "" }
    let lines = evaluation.subgroups.map {
      ForestFigure.Line(
        name: "\(ConfusionFigure.short($0.variable, 16)): \(ConfusionFigure.short($0.level, 14)) (\($0.count))",
        auc: $0.auc,
        interval: $0.interval)
    }
    let rows = evaluation.subgroups.map { group -> [HTML] in
      [
        "\(group.variable)", "\(group.level)", "\(group.count) (\(group.positives))",
        cell(group.auc) { Text.share($0) }, cell(group.interval) { Text.range($0.lower, $0.upper) },
      ]
    }
    return """
      <h2>Subgroups</h2>
      <p class="note">\(main.name), \(casesName). Groups are small and were not planned: differences between them are not findings.</p>
      \(figure(ForestFigure.svg("AUC in subgroups", lines, figure: "subgroups"), "AUC in subgroups with 95 % intervals (DeLong).", wide: true))
      \(table("AUC in subgroups.", ["Variable", "Level", "Cases (positive)", "AUC", "95 % interval"], rows, textColumns: [0, 1]))
      """
  }

  var baseline: HTML {
    guard !evaluation.tables.isEmpty else { return "" }
    let parts = evaluation.tables.map { content -> HTML in
      let rows = content.rows.enumerated().map { index, row -> [HTML] in
        let p: HTML = row.pValue.map { cell($0, Text.pCell) } ?? ""
        let few = (row.smallestExpected ?? 5) < 5 ? "; an expected count is \(row.smallestExpected!.twoDigits)" : ""
        let odds =
          row.odds.map {
            "; odds ratio \(Text.odds($0.oddsRatio)) (\(Text.odds($0.oddsInterval.lower)) to \(Text.odds($0.oddsInterval.upper)))"
          } ?? ""
        // The variable's name is in its first row.
        let repeated = index > 0 && content.rows[index - 1].variable == row.variable
        return ["\(repeated ? "" : row.variable)", "\(row.level)"] + row.groups.map { "\($0)" }
          + [p, "\(row.test?.name ?? "")\(few)\(odds)"]
      }
      let head =
        ["Variable", "Level"] + zip(content.groupNames, content.groupSizes).map { "\($0) (n = \($1))" } + ["p", "Test"]
      return table(
        "\(content.title). Median (quartiles) or n (%). Odds ratios are of the level they stand with, \(content.groupNames[0]) to \(content.groupNames[1]): conditional estimate, exact 95 % interval.\(content.footnote.isEmpty ? "" : " Tests: \(content.footnote).")",
        head, rows,
        textColumns: [0, 1, content.groupNames.count + 3])
    }
    return "<h2>Baseline tables</h2>\n\(HTML(parts))"
  }

  var cohort: HTML {
    guard !study.flow.isEmpty else { return "" }
    let rows = study.flow.map { ["\($0.name)", "\($0.count)"] as [HTML] }
    return "<h2>Flow of cases</h2>\n\(table("From the tables to the analysis.", ["Step", "Cases"], rows))"
  }

  var folds: HTML {
    let parts = evaluation.models.filter { !$0.results.folds.isEmpty }.map { model -> HTML in
      let rows = model.results.folds.map { fold -> [HTML] in
        [
          "\(fold.repetition + 1).\(fold.fold + 1)", "\(fold.trainingCases)", "\(fold.testCases)",
          "\(Text.share(fold.auc))", "\(fold.chosen)",
        ]
      }
      return """
        <details><summary>\(model.name): \(rows.count) outer folds</summary>
        \(table("\(model.name): each outer fold, and what its inner folds chose.", ["Repeat.fold", "Training cases", "Test cases", "AUC", "Chosen"], rows, textColumns: [0, 4]))
        </details>
        """
    }
    let settings = evaluation.models.map { model -> [HTML] in
      let text = model.results.settings.map { "\($0.name) \($0.value)" }.joined(separator: "; ")
      return ["\(model.name)", "\(Text.number(model.results.threshold)) (\(model.results.thresholdRule))", "\(text)"]
    }
    return """
      <h2>Models and folds</h2>
      \(table("Frozen settings.", ["Model", "Threshold", "Settings"], settings, textColumns: [0, 1, 2]))
      \(HTML(parts))
      """
  }

  var provenance: HTML {
    let rows = study.provenance.map { ["\($0.name)", "<code>\($0.value)</code>"] as [HTML] }
    return """
      <h2>What this rests on</h2>
      \(rows.isEmpty ? "" : table("Inputs and software.", ["What", "Value"], rows, textColumns: [0, 1]))
      <p class="note">Made by radiomicsd \(Software.version). The same inputs give the same bytes. Every number stands in evaluation.json. \(Notice.researchUse)</p>
      """
  }
}
