internal import Documents
internal import Report
internal import Statistics

/// `report.html`: one self-contained page, also well-formed XML. No script, nothing loaded from elsewhere.
struct EvaluationPage {
  let evaluation: Evaluation

  var study: ExperimentResults { evaluation.study }
  var main: ModelEvaluation { evaluation.main }

  /// The cases that curves and tables show.
  var casesName: String {
    if main.test != nil { return study.isExternal ? "external cases" : "test cases" }
    return main.crossValidation != nil ? "cross-validation, first repeat" : "training cases"
  }

  var shown: [CurveFigures.Shown] {
    evaluation.models.compactMap { model in
      let set =
        main.test != nil ? model.test : main.crossValidation != nil ? model.crossValidation?.first : model.training
      return set.map { CurveFigures.Shown(name: model.name, set: $0) }
    }
  }

  func bytes() -> [UInt8] {
    let page: HTML = """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
      <meta name="referrer" content="no-referrer"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(study.title) - evaluation - radiomicsd</title>
      <style>\(HTML(stringLiteral: PageStyle.css))</style>
      </head>
      <body>
      \(HTML([banner, heading, keyNumbers, forest, statements, curves, resamplingFigures, componentFigures, performance, comparisons, clinical, subgroups, baseline, cohort, folds, checklists, provenance]))
      </body>
      </html>

      """
    return Array(page.text.utf8)
  }

  private var banner: HTML {
    let synthetic: HTML =
      study.isSynthetic
      ? study.isExternal ? " · DEMONSTRATION MODEL" : " · SYNTHETIC CASES, NOT PATIENTS" : ""
    return "<p class=\"banner\">\(Notice.researchUse)\(synthetic)</p>"
  }

  private var heading: HTML {
    let kind =
      study.isExternal
      ? "A frozen model on cases that it was not trained on; nothing was fitted again." : study.resampling
    return """
      <h1>\(study.title)</h1>
      <p class="note">\(study.classes[1]) against \(study.classes[0]); positive: \(study.labelDefinition). \(kind)</p>
      """
  }

  /// The key numbers, with their limitations.
  private var keyNumbers: HTML {
    var tiles: [HTML] = []
    func tile(_ name: String, _ value: String, _ note: String, alarming: Bool = false) {
      tiles.append(
        """
        <div class="tile\(alarming ? " alarm" : "")"><p class="name">\(name)</p><p class="value">\(value)</p>\
        <p class="note">\(note)</p></div>
        """)
    }
    func bounds(_ interval: Estimate<Interval>) -> String {
      interval.value.map { "95 % interval \(Text.range($0.lower, $0.upper))" } ?? "interval not estimable"
    }
    if let test = main.test {
      tile(
        "AUC, \(study.isExternal ? "external" : "test") cases", Text.share(test.auc.value),
        "\(main.name), \(test.count) cases, \(test.positives) positive; \(bounds(test.interval))",
        alarming: (test.chance.value ?? 1) > 0.05)
    }
    if let cv = main.crossValidation {
      tile(
        "AUC, cross-validation", Text.share(cv.meanAUC.value),
        "\(main.name), \(cv.first.count) cases, mean of \(cv.aucs.count) repeats; \(bounds(cv.interval))",
        alarming: (cv.interval.value?.lower ?? 0) <= 0.5)
    }
    if let permutation = main.permutation {
      tile(
        "Permutation p", permutation.value.map { Text.pCell($0.pValue) } ?? "–",
        permutation.value.map {
          $0.pValue > 0.05
            ? "no evidence against chance, \($0.permuted.count) permutations"
            : "\($0.permuted.count) permutations of the labels"
        } ?? permutation.reason ?? "", alarming: (permutation.value?.pValue ?? 1) > 0.05)
    } else if !study.isExternal {
      tile("Permutation p", "not computed", "what noise reaches on these cases is not known", alarming: true)
    }
    if let size = evaluation.sampleSize {
      tile(
        "Events per variable", size.eventsPerVariable.twoDigits,
        "\(min(size.positives, size.cases - size.positives)) events, \(size.features) features; 10 or more are asked for",
        alarming: size.eventsPerVariable < 10)
    }
    return "<section class=\"tiles\" aria-label=\"Key numbers\">\n\(HTML(tiles))\n</section>"
  }

  private var forest: HTML {
    var lines: [ForestFigure.Line] = []
    for model in evaluation.models {
      lines += self.lines(of: model)
      if let training = model.training {
        lines.append(
          ForestFigure.Line(
            name: "\(model.name), training (\(training.count))", auc: training.auc, interval: training.interval))
      }
    }
    return figure(
      ForestFigure.svg("AUC of each model on each set of cases", lines, figure: "forest"),
      "AUC of each model on each set of cases, with 95 % intervals (DeLong); in brackets the number of cases. CV: cross-validation, mean of the repeats. Dashed: chance. The training value is not performance.",
      wide: true)
  }

  /// Honest AUCs of a model.
  func lines(of model: ModelEvaluation) -> [ForestFigure.Line] {
    let test = model.test.map {
      ForestFigure.Line(
        name: "\(model.name), \(study.isExternal ? "external" : "test") (\($0.count))", auc: $0.auc,
        interval: $0.interval)
    }
    let validation = model.crossValidation.map {
      ForestFigure.Line(name: "\(model.name), CV (\($0.first.count))", auc: $0.meanAUC, interval: $0.interval)
    }
    return [test, validation].compactMap { $0 }
  }

  private var statements: HTML {
    let items = evaluation.statements.map { statement -> HTML in
      let mark: HTML = statement.weight == .caution ? "<strong>Caution.</strong> " : ""
      return
        "<li class=\"\(statement.weight.rawValue)\" data-statement=\"\(statement.id)\">\(mark)\(statement.text)</li>"
    }
    return """
      <h2>What these numbers can and cannot show</h2>
      <ul class="statements">
      \(HTML(items))
      </ul>
      """
  }

  private var curves: HTML {
    guard let first = shown.first else { return "" }
    let pictures = [
      figure(CurveFigures.roc(shown, of: casesName), "ROC curves, \(casesName)."),
      figure(CurveFigures.precisionRecall(shown, of: casesName), "Precision and recall, \(casesName)."),
      figure(CurveFigures.calibration(first, of: casesName), "Calibration of \(first.name), \(casesName)."),
      figure(CurveFigures.decision(shown, of: casesName), "Decision curves, \(casesName)."),
      figure(
        ConfusionFigure.svg(first.set, classes: study.classes, of: casesName),
        "Calls of \(first.name) at its frozen threshold \(Text.number(first.set.threshold)) (\(main.results.thresholdRule)), \(casesName)."
      ),
    ]
    return "<h2>Discrimination, calibration, use</h2>\n<div class=\"figures\">\n\(HTML(pictures))\n</div>"
  }

  private var resamplingFigures: HTML {
    var pictures: [HTML] = []
    if let permutation = main.permutation?.value {
      pictures.append(
        figure(
          ResamplingFigures.permutation(permutation),
          "The whole pipeline with permuted labels: what noise reaches on these cases."))
    }
    pictures.append(
      figure(
        ResamplingFigures.splitSeeds(main.results.splitSeeds, used: study.isExternal ? nil : main.test?.auc.value),
        "Test AUC of \(main.name) over split seeds: the luck of one split."))
    pictures.append(
      figure(
        ResamplingFigures.learningCurve(main.results.learningCurve),
        "AUC of \(main.name) over the number of training cases."))
    pictures = pictures.filter { !$0.text.isEmpty }
    guard !pictures.isEmpty else { return "" }
    return "<h2>Chance, splits, number of cases</h2>\n<div class=\"figures\">\n\(HTML(pictures))\n</div>"
  }

  private var componentFigures: HTML {
    guard let components = study.components else { return "" }
    let number = min(ComponentFigures.limit, components.explainedShares.count)
    let cases = study.developmentLabels.count
    let pictures = [
      figure(
        ComponentFigures.cumulative(components, kept: study.componentCount),
        "Cumulative explained variance of the first \(number) components: \(cases) cases have at most \(max(0, cases - 1))."
      ),
      figure(ComponentFigures.scatter(study), "Scores on the first two components."),
    ].filter { !$0.text.isEmpty }
    guard !pictures.isEmpty else { return "" }
    return "<h2>Principal components</h2>\n<div class=\"figures\">\n\(HTML(pictures))\n</div>"
  }

  func figure(_ svg: HTML?, _ caption: String, wide: Bool = false) -> HTML {
    guard let svg else { return "" }
    return """
      <figure\(wide ? " class=\"wide\"" as HTML : "")>
      \(svg)
      <figcaption>\(caption)</figcaption>
      </figure>
      """
  }
}
