internal import Errors
internal import Foundation

extension ReviewQuestion {
  /// How to answer, one item per line: the candidates, the lines for `study.yaml`, and the operator's command. Every
  /// line is safe for a terminal; text to be copied is exact.
  package func advice(job: JobID, study: String) -> [String] {
    let shown = candidates.prefix(Self.most)
    var lines: [String] = []
    if !shown.isEmpty {
      lines.append("candidates:")
      lines += shown.map { "  \($0.value)  \($0.title)".escapedForLine }
      if candidates.count > shown.count || !isWhole { lines.append("  ... see radiomicsd jobs show \(job)") }
    }
    lines.append("answer by a file: make the folder '\(study.escapedForLine)' in the inbox again, and in it the file")
    lines.append("study.yaml with \(shown.count > 1 ? "one of these lines" : "this line"):")
    lines += (shown.isEmpty ? [example.line] : shown.map(line)).map { "  " + $0 }
    lines.append("or by a command: radiomicsd jobs resolve \(job) OPTION, with OPTION")
    lines += (shown.isEmpty ? [example.option] : shown.compactMap(option)).map { "  " + $0 }
    return lines
  }

  private static let most = 40

  private func line(_ candidate: Candidate) -> String {
    switch kind {
    case .series: "image: \(Self.yaml(candidate.value))"
    case .mask: "mask: \(Self.yaml(candidate.value))"
    case .region: "roi: \(Self.yaml("#" + candidate.value))"
    case .label: "label: \(Int(candidate.value) ?? 0)"
    case nil: ""
    }
  }

  /// Nil for a name that no shell accepts as it is shown.
  private func option(_ candidate: Candidate) -> String? {
    guard candidate.value.escapedForLine == candidate.value else { return nil }
    return switch kind {
    case .series: "--series \(Self.shell(candidate.value))"
    case .mask: "--mask \(Self.shell(candidate.value))"
    case .region: "--segment \(Int(candidate.value) ?? 0)"
    case .label: "--label \(Int(candidate.value) ?? 0)"
    case nil: nil
    }
  }

  /// The form of an answer where there is no list.
  private var example: (line: String, option: String) {
    switch kind {
    case .series: ("image: \"SeriesInstanceUID\"", "--series SeriesInstanceUID")
    case .mask: ("mask: \"FILE\"", "--mask FILE")
    case .region: ("roi: \"NAME\"", "--roi NAME")
    case .label: ("label: NUMBER", "--label NUMBER")
    case nil:
      ("(image, mask, roi, segment or label, corrected)", "--series, --mask, --roi, --segment or --label, corrected")
    }
  }

  /// A double-quoted scalar: any text on one line.
  static func yaml(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      let plain = String(scalar)
      switch scalar {
      case "\"", "\\": out += "\\" + plain
      case _ where plain.escapedForLine != plain:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      default: out += plain
      }
    }
    return out + "\""
  }

  private static func shell(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || [0x2E, 0x2D, 0x2F, 0x5F].contains($0)
    }
    return isPlain ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
