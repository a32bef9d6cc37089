internal import Errors

/// A piece of HTML. Text interpolated into a literal is escaped, unless it is HTML itself, so that no text from
/// a file can become markup.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
  public private(set) var text: String

  public init(stringLiteral value: String) { text = value }

  public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  public init(_ parts: [HTML]) { text = parts.map(\.text).joined(separator: "\n") }

  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    public mutating func appendLiteral(_ literal: String) { text += literal }
    public mutating func appendInterpolation(_ html: HTML) { text += html.text }
    public mutating func appendInterpolation(_ value: String) { text += value.htmlEscaped }
    public mutating func appendInterpolation(_ value: Int) { text += value.description }
    public mutating func appendInterpolation(_ value: Double) { text += value.description }
    /// A number with the given number of digits after the point.
    public mutating func appendInterpolation(_ value: Double, digits: Int) { text += value.fixed(digits) }
  }
}

extension String {
  /// The text for element content and quoted attributes, control and direction characters made visible.
  public var htmlEscaped: String {
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
  public func fixed(_ digits: Int) -> String {
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
