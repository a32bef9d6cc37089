internal import Report
internal import Statistics

/// AUCs with their intervals, one line each.
enum ForestFigure {
  struct Line {
    var name: String
    var auc: Estimate<Double>
    var interval: Estimate<Interval>
  }

  static func svg(_ title: String, _ lines: [Line], figure: String) -> HTML? {
    guard !lines.isEmpty else { return nil }
    let count = Double(lines.count)
    let low = lines.compactMap { $0.interval.value?.lower ?? $0.auc.value }.min() ?? 0
    let start = low < 0.3 ? 0.0 : 0.3
    var plot = Plot(
      title,
      description: lines.map { "\($0.name): \(numbers($0))" }.joined(separator: "; "), x: start...1, y: 0...count,
      xLabel: "AUC, 95 % interval", yLabel: "",
      xTicks: (0...10).map { Double($0) / 10 }.filter { $0 >= start - 1e-9 },
      yTicks: lines.indices.map { count - Double($0) - 0.5 })
    plot.yNames = lines.map { ConfusionFigure.short($0.name, 36) }
    plot.left = 236
    plot.width = 640
    plot.height = 76 + 34 * count
    plot.data = [("figure", figure)]
    if let first = lines[0].auc.value { plot.data.append(("auc", first.fixed(6))) }
    plot.line([(0.5, 0), (0.5, count)], colour: Palette.quiet, dash: "3 4", width: 1.5)
    for (index, line) in lines.enumerated() {
      let at = count - Double(index) - 0.5
      let series = Palette.series(0)
      if let range = line.interval.value {
        plot.line([(range.lower, at), (range.upper, at)], colour: series.colour, width: 2)
        for end in [range.lower, range.upper] {
          plot.line([(end, at - 0.14), (end, at + 0.14)], colour: series.colour, width: 2)
        }
      }
      if let auc = line.auc.value {
        plot.marker(auc, at, .square, colour: series.colour)
      } else {
        plot.text(start + 0.02, at, "not estimable")
      }
    }
    return plot.svg
  }

  static func numbers(_ line: Line) -> String {
    guard let auc = line.auc.value else { return "not estimable (\(line.auc.reason ?? ""))" }
    return Text.share(auc)
      + (line.interval.value.map { " (\(Text.range($0.lower, $0.upper)))" } ?? ", interval not estimable")
  }
}
