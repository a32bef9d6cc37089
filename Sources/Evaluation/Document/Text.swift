internal import Report

/// Numbers as the report's sentences and tables print them: a point, no locale, the same digits everywhere.
enum Text {
  /// AUCs and shares: three digits.
  static func share(_ value: Double) -> String { value.fixed(3) }

  /// `0.734`, or a dash where there is none.
  static func share(_ value: Double?) -> String { value.map { $0.fixed(3) } ?? "–" }

  static func percent(_ value: Double, digits: Int = 0) -> String { "\((100 * value).fixed(digits)) %" }

  static func range(_ lower: Double, _ upper: Double, digits: Int = 3) -> String {
    "\(lower.fixed(digits)) to \(upper.fixed(digits))"
  }

  /// `p = 0.043`, `p < 0.001`.
  static func p(_ value: Double) -> String { value < 0.001 ? "p < 0.001" : "p = \(value.fixed(3))" }

  /// The same without the `p =`.
  static func pCell(_ value: Double) -> String { value < 0.001 ? "< 0.001" : value.fixed(3) }

  /// A measured number: up to four significant digits, no trailing zeros.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
    let size = abs(value)
    let digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4
    var text = value.fixed(digits)
    while text.contains("."), text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// An odds ratio, which may be infinite.
  static func odds(_ value: Double) -> String { value.isFinite ? value.fixed(2) : "∞" }

  static func cases(_ count: Int) -> String { count == 1 ? "1 case" : "\(count) cases" }
}

extension Double {
  var twoDigits: String { fixed(2) }
}
