internal import Errors

/// A piece of HTML. Text interpolated into a literal is escaped, unless it is HTML itself, so that no text from
/// a file can become markup.
package struct HTML: Sendable, ExpressibleByStringInterpolation {
  package private(set) var text: String

  package init(stringLiteral value: String) { text = value }

  package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  package init(_ parts: [HTML]) { text = parts.map(\.text).joined(separator: "\n") }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ html: HTML) { text += html.text }
    package mutating func appendInterpolation(_ value: String) { text += value.htmlEscaped }
    package mutating func appendInterpolation(_ value: Int) { text += value.description }
    package mutating func appendInterpolation(_ value: Double) { text += value.description }
    /// A number with the given number of digits after the point.
    package mutating func appendInterpolation(_ value: Double, digits: Int) { text += value.fixed(digits) }
  }
}

extension String {
  /// The text for element content and quoted attributes, control and direction characters made visible.
  package var htmlEscaped: String {
    var out = ""
    for scalar in escapedForLine.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

extension Double {
  /// Decimal text with a fixed number of digits after the point, whatever the locale; large numbers unchanged.
  package func fixed(_ digits: Int) -> String {
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    let scaled = (abs(self) * power).rounded()
    guard scaled < 1e15 else { return description }
    let whole = Int(scaled) / Int(power)
    let rest = String(Int(scaled) % Int(power))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
