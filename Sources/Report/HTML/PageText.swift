/// A text of a page in its two languages. The page contains both; a switch of its style sheet shows one.
struct PageText: Sendable {
  let english: HTML
  let chinese: HTML

  init(_ english: HTML, _ chinese: HTML) {
    self.english = english
    self.chinese = chinese
  }

  /// Both, inline.
  var html: HTML { "<span lang=\"en\">\(english)</span><span lang=\"zh\">\(chinese)</span>" }
}

extension HTML.Interpolation {
  mutating func appendInterpolation(_ text: PageText) { appendInterpolation(text.html) }
}

extension Double {
  /// A number for people: four significant digits, without trailing zeros.
  var readable: String {
    guard isFinite else { return isNaN ? "-" : self > 0 ? "inf" : "-inf" }
    guard self != 0 else { return "0" }
    var exponent = 0
    var scaled = abs(self)
    while scaled >= 10 { (scaled, exponent) = (scaled / 10, exponent + 1) }
    while scaled < 1 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    if (-3...5).contains(exponent) {
      let text = fixed(max(0, 3 - exponent))
      guard text.contains(".") else { return text }
      let digits = text.reversed().drop { $0 == "0" }
      return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
    }
    return "\(self < 0 ? "-" : "")\(scaled.fixed(3))e\(exponent)"
  }
}
