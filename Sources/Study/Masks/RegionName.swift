internal import Foundation

/// Names of regions and series as people type them: compared without case, width, composition or surrounding space.
enum RegionName {
  /// NFKC, case-folded, trimmed: `ＧＴＶ ` and `gtv` are one name.
  static func folded(_ name: String) -> String {
    let compatible = name.precomposedStringWithCompatibilityMapping
    // Upper case first: it unifies letters with several small forms (σ and ς, ß and ss).
    return compatible.uppercased().lowercased().precomposedStringWithCompatibilityMapping
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The number in `#12` or `12`.
  static func number(_ text: String) -> Int? { Int(text.hasPrefix("#") ? String(text.dropFirst()) : text) }

  /// A text with special characters is a pattern; a plain name never matches another name.
  static func isPattern(_ text: String) -> Bool { text.contains { "^$.*+?()[]{}|\\".contains($0) } }

  /// The longest text that is used as a pattern, and the longest text that is searched.
  private static let longestPattern = 256
  private static let longestText = 1024

  /// A pattern that matches anywhere in a text, without case; nil where it is not a regular expression.
  static func pattern(_ text: String) -> Regex<AnyRegexOutput>? {
    guard text.count <= longestPattern else { return nil }
    return try? Regex(text.precomposedStringWithCompatibilityMapping).ignoresCase()
  }

  static func matches(_ name: String, _ pattern: Regex<AnyRegexOutput>) -> Bool {
    let text = String(name.precomposedStringWithCompatibilityMapping.prefix(longestText))
    return (try? pattern.firstMatch(in: text)) != nil
  }
}
