internal import Report
internal import Statistics

/// The four counts at the frozen threshold. Errors are hatched by a border, not by colour alone.
enum ConfusionFigure {
  static func svg(_ set: SetEvaluation, classes: [String], of cases: String) -> HTML {
    let calls = set.confusion
    let cells: [(row: Int, column: Int, count: Int, name: String, right: Bool)] = [
      (0, 0, calls.trueNegatives, "true negatives", true), (0, 1, calls.falsePositives, "false positives", false),
      (1, 0, calls.falseNegatives, "false negatives", false), (1, 1, calls.truePositives, "true positives", true),
    ]
    let largest = Double(max(1, cells.map(\.count).max()!))
    let boxes = cells.map { cell -> HTML in
      let (x, y) = (108.0 + 164 * Double(cell.column), 52.0 + 116 * Double(cell.row))
      // From nearly white to a blue on which dark text is readable.
      let strength = 0.08 + 0.42 * Double(cell.count) / largest
      let colour = cell.right ? Palette.negative : Palette.positive
      return """
        <rect x="\(x, digits: 0)" y="\(y, digits: 0)" width="160" height="112" fill="\(colour)" \
        fill-opacity="\(strength, digits: 3)" stroke="\(Palette.ink)"\
        \(cell.right ? "" : " stroke-dasharray=\"5 3\"" as HTML)/>\
        <text x="\(x + 80, digits: 0)" y="\(y + 56, digits: 0)" font-size="30" text-anchor="middle">\(cell.count)</text>\
        <text x="\(x + 80, digits: 0)" y="\(y + 84, digits: 0)" font-size="13" text-anchor="middle">\(cell.name)</text>
        """
    }
    let title = "Confusion matrix at the threshold \(Text.number(set.threshold)), \(cases)"
    let description = cells.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 460 300" data-figure="confusion" \
      data-counts="\(calls.trueNegatives) \(calls.falsePositives) \(calls.falseNegatives) \(calls.truePositives)">
      <title>\(title)</title>
      <desc>\(description)</desc>
      <rect width="460" height="300" fill="#ffffff"/>
      <text x="270" y="20" font-size="13" text-anchor="middle">called</text>
      <text x="188" y="42" font-size="12" text-anchor="middle">\(short(classes[0]))</text>
      <text x="352" y="42" font-size="12" text-anchor="middle">\(short(classes[1]))</text>
      <text x="100" y="112" font-size="12" text-anchor="end">\(short(classes[0], 15))</text>
      <text x="100" y="228" font-size="12" text-anchor="end">\(short(classes[1], 15))</text>
      <text x="100" y="20" font-size="13" text-anchor="end">true class</text>
      \(HTML(boxes))
      </svg>
      """
  }

  /// A class name that fits; the full name is in the table.
  static func short(_ name: String, _ limit: Int = 24) -> String {
    name.count <= limit ? name : name.prefix(limit - 1) + "…"
  }
}
