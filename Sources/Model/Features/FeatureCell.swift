/// The content of one cell of a feature table.
package enum FeatureCell: Sendable, Equatable {
  case number(Double)
  /// A diagnostic such as a spacing: one norm.
  case tuple([Double])
  case text(String)
  /// Empty, null or NaN.
  case missing

  /// The number with which the cell enters a model: NaN where it is missing, nil where it is not a number.
  package var number: Double? {
    switch self {
    case .number(let number): number
    case .tuple(let numbers): norm(of: numbers)
    case .missing: .nan
    case .text: nil
    }
  }

  /// A cell of a CSV file: a decimal number, a tuple as Python prints it, a mark for a missing value, or text.
  package init(csv raw: String) {
    let text = raw.trimmingASCIISpaces
    switch text.lowercased() {
    case "", "nan", "na", "none", "null": self = .missing
    case "inf", "+inf", "infinity": self = .number(.infinity)
    case "-inf", "-infinity": self = .number(-.infinity)
    default:
      if let number = Self.decimal(text) {
        self = .number(number)
      } else if let numbers = Self.tuple(text) {
        self = .tuple(numbers)
      } else {
        self = .text(raw)
      }
    }
  }

  /// The same; with `allowsDecimalComma`, where there is no number, a decimal comma is read as a point.
  package init(csv raw: String, allowsDecimalComma: Bool) {
    self.init(csv: raw)
    guard allowsDecimalComma, case .text = self, raw.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1,
      !raw.contains(".")
    else { return }
    let pointed = FeatureCell(csv: String(raw.map { $0 == "," ? "." : $0 }))
    if case .number = pointed { self = pointed }
  }

  /// A decimal number with a point; no hexadecimal, no names.
  private static func decimal(_ text: Substring) -> Double? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(text)
  }

  /// `(3.0, 3.0, 5.0)`, `[…]`, and numpy 2's `(np.float64(3.0), …)`.
  private static func tuple(_ text: Substring) -> [Double]? {
    guard (text.first == "(" && text.last == ")") || (text.first == "[" && text.last == "]") else { return nil }
    var numbers: [Double] = []
    for part in text.dropFirst().dropLast().split(separator: ",") {
      var item = part.trimmingASCIISpaces
      if item.isEmpty { continue }
      if item.hasPrefix("np."), item.last == ")", let open = item.firstIndex(of: "(") {
        item = item[item.index(after: open)...].dropLast()
      }
      guard let number = decimal(item) else { return nil }
      numbers.append(number)
    }
    return numbers.isEmpty ? nil : numbers
  }
}

extension StringProtocol {
  /// Without surrounding blanks and tabs.
  var trimmingASCIISpaces: SubSequence {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let head = drop(while: isSpace)
    guard let last = head.lastIndex(where: { !isSpace($0) }) else { return head[head.startIndex..<head.startIndex] }
    return head[...last]
  }
}

/// The Euclidean norm of a diagnostic that is a tuple (spacing, size, bounding box, centre of mass): the one number
/// with which it enters a feature table.
package func norm(of values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}
