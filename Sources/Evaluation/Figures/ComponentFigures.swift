internal import Report

/// The principal components of the development cases.
enum ComponentFigures {
  /// Maximum number of components in the figure: the paper's "first 100".
  static let limit = 100

  /// Cumulative explained variance.
  static func cumulative(_ components: ComponentResults, kept: Int?) -> HTML? {
    let shown = Array(components.explainedShares.prefix(limit))
    guard shown.count > 1 else { return nil }
    var sum = 0.0
    let points = shown.enumerated().map { index, share -> (Double, Double) in
      sum += share
      return (Double(index + 1), min(1, sum))
    }
    var plot = Plot(
      "Cumulative explained variance",
      description:
        "The first component explains \(Text.percent(shown[0], digits: 1)) of the variance, the first \(shown.count) \(Text.percent(points.last!.1, digits: 1)). \(components.explainedShares.count) components exist.",
      x: 0...Double(shown.count), y: 0...1, xLabel: "Principal components", yLabel: "Share of the variance",
      yTicks: CurveFigures.fifths)
    plot.data = [("figure", "cumulative-variance"), ("components", "\(components.explainedShares.count)")]
    for (index, share) in shown.enumerated() {
      plot.bar(
        x0: Double(index) + 0.1, x1: Double(index) + 0.9, y0: 0, y1: share, colour: Palette.negative, opacity: 0.5)
    }
    plot.line(points, colour: Palette.series(0).colour)
    plot.legend("cumulative", colour: Palette.series(0).colour)
    plot.legend("of each component", band: Palette.negative)
    if let kept, kept >= 1, kept <= points.count {
      let share = points[kept - 1].1
      plot.line([(Double(kept), 0), (Double(kept), share)], colour: Palette.ink, dash: "5 3", width: 1.5)
      plot.marker(Double(kept), share, .diamond, colour: Palette.ink)
      plot.legend("kept: \(kept), \(Text.percent(share, digits: 1))", marker: .diamond, colour: Palette.ink)
    }
    return plot.svg
  }

  /// The first two components' scores by class; test cases are hollow.
  static func scatter(_ study: ExperimentResults) -> HTML? {
    guard let components = study.components, components.scores.count == study.developmentLabels.count,
      components.scores.count > 1
    else { return nil }
    let tested = components.testScores.count == study.testLabels.count ? components.testScores : []
    let all = components.scores + tested
    var plot = Plot(
      "First two principal components",
      description:
        "Scores of \(components.scores.count) training and \(tested.count) test cases on the first two components, by class. The components were made without the classes.",
      x: Ticks.range(of: all.map(\.x)), y: Ticks.range(of: all.map(\.y)),
      xLabel: "PC 1 (\(Text.percent(components.explainedShares.first ?? 0, digits: 1)))",
      yLabel: "PC 2 (\(Text.percent(components.explainedShares.dropFirst().first ?? 0, digits: 1)))")
    plot.data = [("figure", "scatter")]
    func draw(_ scores: [SIMD2<Double>], _ labels: [Bool], filled: Bool) {
      for (score, label) in zip(scores, labels) {
        plot.marker(
          score.x, score.y, label ? .triangle : .circle, colour: label ? "#c43d52" : Palette.negative, filled: filled)
      }
    }
    draw(components.scores, study.developmentLabels, filled: true)
    draw(tested, study.testLabels, filled: false)
    plot.legend("\(study.classes[0]), training", marker: .circle, colour: Palette.negative)
    plot.legend("\(study.classes[1]), training", marker: .triangle, colour: "#c43d52")
    if !tested.isEmpty {
      plot.legend("\(study.classes[0]), test", marker: .circle, colour: Palette.negative, filled: false)
      plot.legend("\(study.classes[1]), test", marker: .triangle, colour: "#c43d52", filled: false)
    }
    return plot.svg
  }
}
