public import Configuration

/// Which region of a mask is wanted.
public struct RegionRequest: Sendable, Equatable {
  /// For this study: a name, a pattern, a code (`SCT:86049000`), `#12` or a plain number. It must match.
  public var name: String?
  /// For this study: ROI number, segment number or label.
  public var number: Int?
  /// Configured: names, then patterns, tried in order where a mask has several regions.
  public var names: [String]
  /// Configured: the label in maps whose regions have no names.
  public var label: Int?
  /// Configured: all labels of a label map together.
  public var union: Bool

  public init(
    name: String? = nil, number: Int? = nil, names: [String] = [], label: Int? = nil, union: Bool = false
  ) {
    self.name = name
    self.number = number
    self.names = names
    self.label = label
    self.union = union
  }

  /// As configured, with what was asked for on the command line.
  public init(configured: RegionChoice, name: String? = nil, number: Int? = nil) {
    self.init(
      name: name, number: number, names: configured.names, label: configured.label, union: configured.union)
  }

  /// With the choices of `study.yaml`, where the command line made none.
  func applying(_ choices: StudyChoices) -> RegionRequest {
    guard name == nil, number == nil else { return self }
    var request = self
    request.name = choices.roi
    request.number = choices.label
    return request
  }
}
