/// Text in Prometheus' exposition format, version 0.0.4: each metric with HELP and TYPE, labels escaped.
struct MetricsText {
  private(set) var text = ""

  /// - Parameter samples: label sets, each with its value.
  mutating func add(
    _ name: String, _ type: String, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]
  ) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for sample in samples { line(name, sample.labels, sample.value) }
  }

  /// Sums and counts by label, as a summary without quantiles.
  mutating func addSummary(
    _ name: String, _ help: String, _ samples: [(labels: [(String, String)], sum: Double, count: Int)]
  ) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) summary\n"
    for sample in samples {
      line(name + "_sum", sample.labels, sample.sum)
      line(name + "_count", sample.labels, Double(sample.count))
    }
  }

  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let inner = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    let number = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    text += name + (inner.isEmpty ? "" : "{\(inner)}") + " \(number)\n"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { out, character in
      switch character {
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      case "\n": out += "\\n"
      default: out.append(character)
      }
    }
  }
}
