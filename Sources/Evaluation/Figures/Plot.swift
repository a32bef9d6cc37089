internal import Documents
internal import Report

/// A chart with two linear axes as inline SVG text: the same bytes for the same numbers.
struct Plot {
  let title: String
  let description: String
  /// `data-…` attributes of the picture, for scripts and tests.
  var data: [(name: String, value: String)] = []
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  let xLabel: String
  let yLabel: String
  var xTicks: [Double]
  var yTicks: [Double]
  /// Names in place of the y ticks' numbers (forest plots).
  var yNames: [String]?
  var width = 460.0
  var height = 380.0
  var left = 58.0

  private var body: [HTML] = []
  private var legend: [(name: String, mark: (Double, Double) -> HTML)] = []

  private let top = 12.0
  private let right = 18.0
  private var bottom: Double { 52 }
  private var legendHeight: Double { legend.isEmpty ? 0 : 8 + 19 * Double(legend.count) }

  init(
    _ title: String, description: String, x: ClosedRange<Double>, y: ClosedRange<Double>, xLabel: String,
    yLabel: String, xTicks: [Double]? = nil, yTicks: [Double]? = nil
  ) {
    self.title = title
    self.description = description
    xRange = x
    yRange = y
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xTicks = xTicks ?? Ticks.linear(x)
    self.yTicks = yTicks ?? Ticks.linear(y)
  }

  func x(_ value: Double) -> Double {
    left + (width - left - right) * (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
  }

  func y(_ value: Double) -> Double {
    top + (height - top - bottom) * (yRange.upperBound - value) / (yRange.upperBound - yRange.lowerBound)
  }

  private func clamped(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }

  /// A line through points; points outside the axes are drawn at their edge.
  mutating func line(
    _ points: [(Double, Double)], colour: String, dash: String = "", width: Double = 2, opacity: Double = 1
  ) {
    guard points.count > 1 else { return }
    body.append(
      """
      <path d="\(path(points))" fill="none" stroke="\(colour)" stroke-width="\(width, digits: 1)"\
      \(dashed(dash)) stroke-opacity="\(opacity, digits: 2)" stroke-linejoin="round"/>
      """)
  }

  /// The area between two curves over the same x.
  mutating func band(_ points: [(x: Double, lower: Double, upper: Double)], colour: String, opacity: Double = 0.18) {
    guard points.count > 1 else { return }
    let outline = points.map { ($0.x, $0.upper) } + points.reversed().map { ($0.x, $0.lower) }
    body.append("<path d=\"\(path(outline)) Z\" fill=\"\(colour)\" fill-opacity=\"\(opacity, digits: 2)\"/>")
  }

  mutating func bar(x0: Double, x1: Double, y0: Double, y1: Double, colour: String, opacity: Double = 0.75) {
    let (a, b) = (clamped(y0, yRange), clamped(y1, yRange))
    body.append(
      """
      <rect x="\(x(x0), digits: 2)" y="\(y(max(a, b)), digits: 2)" width="\(max(0, x(x1) - x(x0)), digits: 2)" \
      height="\(abs(y(a) - y(b)), digits: 2)" fill="\(colour)" fill-opacity="\(opacity, digits: 2)"/>
      """)
  }

  mutating func marker(_ px: Double, _ py: Double, _ kind: Palette.Marker, colour: String, filled: Bool = true) {
    body.append(Self.mark(x(clamped(px, xRange)), y(clamped(py, yRange)), kind, colour: colour, filled: filled))
  }

  mutating func text(_ px: Double, _ py: Double, _ text: String, anchor: String = "start", size: Double = 12) {
    body.append(
      """
      <text x="\(x(px), digits: 1)" y="\(y(py) + 4, digits: 1)" font-size="\(size, digits: 0)" \
      text-anchor="\(anchor)">\(text)</text>
      """)
  }

  mutating func legend(_ name: String, colour: String, dash: String = "") {
    legend.append(
      (
        name,
        { x, y in
          "<path d=\"M\(x, digits: 1) \(y, digits: 1)h26\" stroke=\"\(colour)\" stroke-width=\"2.5\" fill=\"none\"\(Self.dashed(dash))/>"
        }
      ))
  }

  mutating func legend(_ name: String, marker: Palette.Marker, colour: String, filled: Bool = true) {
    legend.append((name, { x, y in Self.mark(x + 13, y, marker, colour: colour, filled: filled) }))
  }

  mutating func legend(_ name: String, band colour: String) {
    legend.append(
      (
        name,
        { x, y in
          "<rect x=\"\(x, digits: 1)\" y=\"\(y - 6, digits: 1)\" width=\"26\" height=\"12\" fill=\"\(colour)\" fill-opacity=\"0.25\"/>"
        }
      ))
  }

  /// The whole picture.
  var svg: HTML {
    let total = height + legendHeight
    let attributes = HTML(stringLiteral: data.map { " data-\($0.name)=\"\($0.value.htmlEscaped)\"" }.joined())
    let entries = legend.enumerated().map { index, entry -> HTML in
      let at = height + 6 + 19 * Double(index)
      return """
        \(entry.mark(left, at))<text x="\(left + 34, digits: 1)" y="\(at + 4, digits: 1)" font-size="12">\(entry.name)</text>
        """
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 \(width, digits: 0) \(total, digits: 0)"\(attributes)>
      <title>\(title)</title>
      <desc>\(description)</desc>
      <rect width="\(width, digits: 0)" height="\(total, digits: 0)" fill="#ffffff"/>
      \(HTML(axes + body + entries))
      </svg>
      """
  }

  private var axes: [HTML] {
    let (x0, x1) = (left, width - right)
    let (y0, y1) = (height - bottom, top)
    var parts: [HTML] = []
    for tick in xTicks {
      let at = x(tick)
      parts.append(
        """
        <path d="M\(at, digits: 1) \(y0, digits: 1)V\(y1, digits: 1)" stroke="\(Palette.grid)"/>\
        <text x="\(at, digits: 1)" y="\(y0 + 17, digits: 1)" font-size="12" text-anchor="middle">\(Ticks.label(tick, of: xTicks))</text>
        """)
    }
    for (index, tick) in yTicks.enumerated() {
      let at = y(tick)
      let name = yNames.map { $0[index] } ?? Ticks.label(tick, of: yTicks)
      parts.append(
        """
        <path d="M\(x0, digits: 1) \(at, digits: 1)H\(x1, digits: 1)" stroke="\(Palette.grid)"/>\
        <text x="\(x0 - 7, digits: 1)" y="\(at + 4, digits: 1)" font-size="12" text-anchor="end">\(name)</text>
        """)
    }
    parts.append(
      """
      <path d="M\(x0, digits: 1) \(y1, digits: 1)V\(y0, digits: 1)H\(x1, digits: 1)" fill="none" stroke="\(Palette.ink)"/>\
      <text x="\((x0 + x1) / 2, digits: 1)" y="\(y0 + 38, digits: 1)" font-size="13" text-anchor="middle">\(xLabel)</text>
      """)
    if !yLabel.isEmpty {
      let middle = (y0 + y1) / 2
      parts.append(
        """
        <text x="15" y="\(middle, digits: 1)" font-size="13" text-anchor="middle" \
        transform="rotate(-90 15 \(middle, digits: 1))">\(yLabel)</text>
        """)
    }
    return parts
  }

  private func path(_ points: [(Double, Double)]) -> HTML {
    HTML(
      stringLiteral: points.enumerated().map { index, point in
        let (px, py) = (x(clamped(point.0, xRange)), y(clamped(point.1, yRange)))
        return "\(index == 0 ? "M" : "L")\(px.fixed(2)) \(py.fixed(2))"
      }.joined())
  }

  private func dashed(_ dash: String) -> HTML { Self.dashed(dash) }

  private static func dashed(_ dash: String) -> HTML { dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"" }

  private static func mark(_ x: Double, _ y: Double, _ kind: Palette.Marker, colour: String, filled: Bool) -> HTML {
    let shape: HTML =
      switch kind {
      case .circle: "M\(x - 4, digits: 2) \(y, digits: 2)a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
      case .square: "M\(x - 4, digits: 2) \(y - 4, digits: 2)h8v8h-8Z"
      case .triangle: "M\(x, digits: 2) \(y - 5, digits: 2)l5 9h-10Z"
      case .diamond: "M\(x, digits: 2) \(y - 5, digits: 2)l5 5l-5 5l-5 -5Z"
      }
    return """
      <path d="\(shape)" fill="\(filled ? colour : "#ffffff")" fill-opacity="\(filled ? 0.85 : 0.6, digits: 2)" stroke="\(colour)"/>
      """
  }
}
