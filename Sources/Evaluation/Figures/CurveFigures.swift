internal import Report
internal import Statistics

/// Curves of the models on one set of cases each.
enum CurveFigures {
  /// A model with its displayed set.
  struct Shown {
    var name: String
    var set: SetEvaluation
  }

  static let unit = 0.0...1.0
  static let fifths = [0, 0.2, 0.4, 0.6, 0.8, 1]

  /// ROC curves; the first model's with its bootstrap band and its operating point.
  static func roc(_ models: [Shown], of cases: String) -> HTML? {
    let drawn = models.filter { $0.set.roc != nil }
    guard let main = drawn.first, let auc = main.set.auc.value else { return nil }
    let list = drawn.map { "\($0.name): AUC \(Text.share($0.set.auc.value))" }.joined(separator: "; ")
    var plot = Plot(
      "ROC curve, \(cases)",
      description:
        "Sensitivity against 1 - specificity on \(main.set.count) cases. \(list). The diagonal is chance.", x: unit,
      y: unit, xLabel: "1 − specificity", yLabel: "Sensitivity", xTicks: fifths, yTicks: fifths)
    plot.data = [("figure", "roc"), ("auc", auc.fixed(6))]
    if !main.set.band.isEmpty {
      plot.band(main.set.band.map { ($0.rate, $0.lower, $0.upper) }, colour: Palette.series(0).colour)
    }
    plot.line([(0, 0), (1, 1)], colour: Palette.quiet, dash: "3 4", width: 1)
    for (index, model) in drawn.enumerated().reversed() {
      let series = Palette.series(index)
      plot.line(
        model.set.roc!.points.map { ($0.falsePositiveRate, $0.truePositiveRate) }, colour: series.colour,
        dash: series.dash)
    }
    if let sensitivity = main.set.confusion.sensitivity.value, let specificity = main.set.confusion.specificity.value {
      plot.marker(1 - specificity.value, sensitivity.value, .diamond, colour: Palette.ink)
    }
    for (index, model) in drawn.enumerated() {
      let series = Palette.series(index)
      plot.legend(
        "\(model.name): AUC \(Text.share(model.set.auc.value))\(bounds(model.set.interval))", colour: series.colour,
        dash: series.dash)
    }
    if !main.set.band.isEmpty { plot.legend("\(main.name): 95 % bootstrap band", band: Palette.series(0).colour) }
    plot.legend(
      "\(main.name) at the threshold \(Text.number(main.set.threshold))", marker: .diamond, colour: Palette.ink)
    return plot.svg
  }

  private static func bounds(_ interval: Estimate<Interval>) -> String {
    interval.value.map { " (\($0.lower.fixed(2)) to \($0.upper.fixed(2)))" } ?? " (interval not estimable)"
  }

  /// Precision against recall, in steps, with the prevalence, which a model without skill reaches.
  static func precisionRecall(_ models: [Shown], of cases: String) -> HTML? {
    let drawn = models.filter { $0.set.precisionRecall != nil }
    guard let main = drawn.first, let prevalence = main.set.prevalence else { return nil }
    let list = drawn.map { "\($0.name): average precision \(Text.share($0.set.averagePrecision.value))" }
    var plot = Plot(
      "Precision-recall curve, \(cases)",
      description:
        "Precision against recall. \(list.joined(separator: "; ")). Without skill precision is the prevalence, \(Text.share(prevalence)).",
      x: unit, y: unit, xLabel: "Recall (sensitivity)", yLabel: "Precision (PPV)", xTicks: fifths, yTicks: fifths)
    plot.data = [
      ("figure", "precision-recall"), ("average-precision", main.set.averagePrecision.value?.fixed(6) ?? ""),
    ]
    plot.line([(0, prevalence), (1, prevalence)], colour: Palette.quiet, dash: "3 4", width: 1.5)
    for (index, model) in drawn.enumerated().reversed() {
      let series = Palette.series(index)
      var steps: [(Double, Double)] = []
      var recall = 0.0
      for point in model.set.precisionRecall!.points {
        steps += [(recall, point.precision), (point.recall, point.precision)]
        recall = point.recall
      }
      plot.line(steps, colour: series.colour, dash: series.dash)
    }
    for (index, model) in drawn.enumerated() {
      let series = Palette.series(index)
      plot.legend(
        "\(model.name): average precision \(Text.share(model.set.averagePrecision.value))", colour: series.colour,
        dash: series.dash)
    }
    plot.legend("prevalence \(Text.share(prevalence))", colour: Palette.quiet, dash: "3 4")
    return plot.svg
  }

  /// Observed shares against predicted probabilities, with Wilson's intervals.
  static func calibration(_ model: Shown, of cases: String) -> HTML? {
    guard let curve = model.set.calibration.value else { return nil }
    let slope = model.set.recalibration.value.map { ", slope \($0.slope.twoDigits)" } ?? ", slope not estimable"
    var plot = Plot(
      "Calibration, \(cases)",
      description:
        "Observed share of positive cases against the mean predicted probability in \(curve.bins.count) bins of \(model.set.count) cases\(slope). The diagonal is ideal.",
      x: unit, y: unit, xLabel: "Predicted probability", yLabel: "Observed share", xTicks: fifths, yTicks: fifths)
    plot.data = [("figure", "calibration"), ("slope", model.set.recalibration.value?.slope.fixed(6) ?? "")]
    plot.line([(0, 0), (1, 1)], colour: Palette.quiet, dash: "3 4", width: 1)
    // The distribution of predictions: one short line per case, positives above the foot of the axis, negatives below
    // the top.
    for (label, p) in zip(model.set.labels, model.set.probabilities) {
      plot.line(
        label ? [(p, 0.97), (p, 1)] : [(p, 0), (p, 0.03)], colour: label ? Palette.positive : Palette.negative, width: 1
      )
    }
    let series = Palette.series(0)
    plot.line(curve.bins.map { ($0.meanProbability, $0.observed.value) }, colour: series.colour)
    for bin in curve.bins {
      let range = bin.observed.wilson()
      plot.line(
        [(bin.meanProbability, range.lower), (bin.meanProbability, range.upper)], colour: series.colour, width: 1)
      plot.marker(bin.meanProbability, bin.observed.value, .circle, colour: series.colour)
    }
    plot.legend("bins, 95 % Wilson interval\(slope)", marker: .circle, colour: series.colour)
    plot.legend("ideal", colour: Palette.quiet, dash: "3 4")
    plot.legend("ticks: positive cases (top), negative (bottom)", colour: Palette.positive)
    return plot.svg
  }

  /// Net benefit over thresholds, compared with acting on all cases and on none.
  static func decision(_ models: [Shown], of cases: String) -> HTML? {
    let drawn = models.compactMap { model in model.set.decision.value.map { (model, $0) } }
    guard let (main, first) = drawn.first, let prevalence = main.set.prevalence else { return nil }
    let top = max(prevalence, drawn.flatMap { $0.1.points.map(\.model) }.max() ?? 0) * 1.1 + 0.01
    var plot = Plot(
      "Decision curve, \(cases)",
      description:
        "Net benefit of acting on the model for each threshold probability, against acting on all cases and on none.",
      x: unit, y: -0.15...max(top, 0.1), xLabel: "Threshold probability", yLabel: "Net benefit", xTicks: fifths)
    plot.data = [("figure", "decision")]
    plot.line([(0, 0), (1, 0)], colour: Palette.ink, width: 1)
    let all = first.points.map { ($0.threshold, $0.treatAll) }.prefix { $0.1 >= -0.15 }
    plot.line(Array(all), colour: Palette.quiet, dash: "3 4", width: 1.5)
    for (index, (_, curve)) in drawn.enumerated().reversed() {
      let series = Palette.series(index)
      // Below the axis the curve shows only harm: it is clipped at the edge.
      plot.line(curve.points.map { ($0.threshold, $0.model) }, colour: series.colour, dash: series.dash)
    }
    for (index, (model, _)) in drawn.enumerated() {
      plot.legend(model.name, colour: Palette.series(index).colour, dash: Palette.series(index).dash)
    }
    plot.legend("act on all", colour: Palette.quiet, dash: "3 4")
    plot.legend("act on none", colour: Palette.ink)
    return plot.svg
  }
}
