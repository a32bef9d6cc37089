/// Attributes that may separate phases that a scanner put into one series: numbers and times, as their text.
struct PhaseAttributes: Sendable {
  /// In the order in which they are tried.
  enum Key: String, CaseIterable, Sendable {
    /// (0020,0012), Frame Acquisition Number (0020,9156)
    case acquisition
    /// (0008,0032) or (0008,002A), Frame Acquisition DateTime (0018,9074)
    case time
    /// (0008,0033), Frame Reference DateTime (0018,9151)
    case content
    /// (0020,0100), Temporal Position Index (0020,9128)
    case temporal
    /// (0018,1060)
    case trigger

    /// May differ from slice to slice within a phase.
    var isTime: Bool { self == .time || self == .content || self == .trigger }
  }

  private var values: [Key: String] = [:]

  init(
    acquisitionNumber: Int?, acquisitionTime: String?, contentTime: String?, temporalPosition: String?,
    triggerTime: String?
  ) {
    values[.acquisition] = acquisitionNumber.map(String.init)
    for (key, text) in [
      (.time, acquisitionTime), (.content, contentTime), (.temporal, temporalPosition), (.trigger, triggerTime),
    ] as [(Key, String?)] {
      // They become part of labels that a user types: digits only.
      guard let text, text.utf8.count <= 26, Double(text) != nil,
        text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      else { continue }
      values[key] = text
    }
  }

  init(_ dataset: borrowing Dataset) {
    self.init(
      acquisitionNumber: dataset.integer(0x0020_0012),
      acquisitionTime: dataset.code(0x0008_0032) ?? dataset.code(0x0008_002A), contentTime: dataset.code(0x0008_0033),
      temporalPosition: dataset.integer(0x0020_0100).map(String.init), triggerTime: dataset.code(0x0018_1060))
  }

  subscript(key: Key) -> String? { values[key] }
}
