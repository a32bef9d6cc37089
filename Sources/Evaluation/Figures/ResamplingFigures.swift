internal import Report
internal import Statistics

/// Results of repetition: permuted labels, other splits, fewer cases.
enum ResamplingFigures {
  /// AUCs under permuted labels, and the observed one.
  static func permutation(_ test: PermutationTest) -> HTML {
    histogram(
      "AUC with permuted labels",
      description:
        "\(test.permuted.count) AUCs of the whole pipeline with permuted labels, and the observed AUC \(Text.share(test.observed)); \(Text.p(test.pValue)).",
      values: test.permuted, mark: test.observed,
      markName: "observed \(Text.share(test.observed)), \(Text.p(test.pValue))",
      name: "permuted labels (\(test.permuted.count))", figure: "permutation",
      data: [("p", test.pValue.fixed(6)), ("auc", test.observed.fixed(6))])
  }

  /// Test AUCs over split seeds.
  static func splitSeeds(_ aucs: [Double], used: Double?) -> HTML? {
    guard aucs.count > 1 else { return nil }
    return histogram(
      "Test AUC over split seeds",
      description:
        "AUC of \(aucs.count) ways to split the same cases, from \(Text.range(aucs.min()!, aucs.max()!)), median \(Text.share(quantile(aucs, 0.5))).",
      values: aucs, mark: used, markName: used.map { "the split of this study, \(Text.share($0))" } ?? "",
      name: "other splits (\(aucs.count))", figure: "split-seeds", data: [("median", quantile(aucs, 0.5).fixed(6))])
  }

  private static func histogram(
    _ title: String, description: String, values: [Double], mark: Double?, markName: String, name: String,
    figure: String, data: [(name: String, value: String)]
  ) -> HTML {
    // Twentieths of the AUC's range: the same bins in every report.
    let bins = 20
    var counts = [Int](repeating: 0, count: bins)
    for value in values { counts[min(bins - 1, max(0, Int(value * Double(bins))))] += 1 }
    let top = Double(max(1, counts.max()!)) * 1.08
    var plot = Plot(
      title, description: description, x: 0...1, y: 0...top, xLabel: "AUC", yLabel: "Number",
      xTicks: CurveFigures.fifths, yTicks: Ticks.linear(0...top).filter { $0 == $0.rounded() })
    plot.data = [("figure", figure)] + data
    for (index, count) in counts.enumerated() where count > 0 {
      plot.bar(
        x0: Double(index) / Double(bins) + 0.003, x1: Double(index + 1) / Double(bins) - 0.003, y0: 0,
        y1: Double(count), colour: Palette.negative)
    }
    plot.line([(0.5, 0), (0.5, top)], colour: Palette.quiet, dash: "3 4", width: 1)
    if let mark { plot.line([(mark, 0), (mark, top)], colour: "#c43d52", dash: "7 3", width: 2.5) }
    plot.legend(name, band: Palette.negative)
    if mark != nil { plot.legend(markName, colour: "#c43d52", dash: "7 3") }
    plot.legend("chance", colour: Palette.quiet, dash: "3 4")
    return plot.svg
  }

  /// Median AUC over the number of training cases, with the middle 80 % of the repeats.
  static func learningCurve(_ points: [LearningPoint]) -> HTML? {
    let drawn = points.filter { !$0.validation.isEmpty }
    guard drawn.count > 1 else { return nil }
    let sizes = drawn.map { Double($0.trainingCases) }
    let values = drawn.flatMap { $0.validation + $0.training }
    let low = min(0.4, (values.min()! * 10).rounded(.down) / 10)
    var plot = Plot(
      "Learning curve",
      description: drawn.map {
        "\($0.trainingCases) cases: validation AUC \(Text.share(quantile($0.validation, 0.5)))"
      }.joined(separator: "; "), x: Ticks.range(of: sizes), y: low...1, xLabel: "Training cases", yLabel: "AUC")
    plot.data = [("figure", "learning-curve")]
    plot.line(
      [(plot.xRange.lowerBound, 0.5), (plot.xRange.upperBound, 0.5)], colour: Palette.quiet, dash: "3 4", width: 1)
    for (index, path) in [\LearningPoint.training, \LearningPoint.validation].enumerated() {
      let series = Palette.series(index)
      let known = drawn.filter { !$0[keyPath: path].isEmpty }
      plot.band(
        known.map {
          (Double($0.trainingCases), quantile($0[keyPath: path], 0.1), quantile($0[keyPath: path], 0.9))
        }, colour: series.colour)
      plot.line(
        known.map { (Double($0.trainingCases), quantile($0[keyPath: path], 0.5)) }, colour: series.colour,
        dash: series.dash)
      for point in known {
        plot.marker(
          Double(point.trainingCases), quantile(point[keyPath: path], 0.5), series.marker, colour: series.colour)
      }
    }
    plot.legend("training, median", colour: Palette.series(0).colour, dash: Palette.series(0).dash)
    plot.legend("validation, median", colour: Palette.series(1).colour, dash: Palette.series(1).dash)
    plot.legend("middle 80 % of the repeats", band: Palette.quiet)
    return plot.svg
  }
}
