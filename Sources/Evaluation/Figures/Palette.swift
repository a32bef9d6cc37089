/// Colours that people of all colour vision can distinguish (Paul Tol's bright scheme); each has a dash pattern and a
/// marker of its own, so that no meaning depends on colour alone.
enum Palette {
  static let ink = "#1a1a1a"
  static let grid = "#e2e2e2"
  static let quiet = "#6b6b6b"
  /// Positive class, negative class.
  static let positive = "#ee6677"
  static let negative = "#4477aa"

  struct Series: Sendable {
    var colour: String
    var dash: String
    var marker: Marker
  }

  enum Marker: Sendable { case circle, square, triangle, diamond }

  static let series: [Series] = [
    Series(colour: "#4477aa", dash: "", marker: .circle),
    Series(colour: "#c43d52", dash: "7 3", marker: .square),
    Series(colour: "#228833", dash: "2 3", marker: .triangle),
    Series(colour: "#aa3377", dash: "9 3 2 3", marker: .diamond),
  ]

  static func series(_ index: Int) -> Series { series[index % series.count] }
}
