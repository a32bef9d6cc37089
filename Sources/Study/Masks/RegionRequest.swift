package import Configuration

/// The requested region of a mask.
package struct RegionRequest: Sendable, Equatable {
  /// For this study: a name, a pattern, a code (`SCT:86049000`), `#12` or a plain number. It must match.
  package var name: String?
  /// For this study: ROI number or segment number of a DICOM object.
  package var segment: Int?
  /// For this study: the label in a label map.
  package var askedLabel: Int?
  /// For this study: a number that means any of these.
  package var number: Int?
  /// Configured: names, then patterns, tried in order where a mask has several regions.
  package var names: [String]
  /// Configured: the label in maps whose regions have no names.
  package var label: Int?
  /// Configured: all labels of a label map together.
  package var union: Bool

  package init(
    name: String? = nil, segment: Int? = nil, askedLabel: Int? = nil, number: Int? = nil, names: [String] = [],
    label: Int? = nil, union: Bool = false
  ) {
    self.name = name
    self.segment = segment
    self.askedLabel = askedLabel
    self.number = number
    self.names = names
    self.label = label
    self.union = union
  }

  /// As configured, with the requests of the command line.
  package init(configured: RegionChoice, name: String? = nil, segment: Int? = nil, askedLabel: Int? = nil) {
    self.init(
      name: name, segment: segment, askedLabel: askedLabel, names: configured.names, label: configured.label,
      union: configured.union)
  }

  /// Whether a region was requested by name or number, for this study.
  var isExplicit: Bool { name != nil || segment != nil || askedLabel != nil || number != nil }

  /// Whether the name is not a number: only a mask whose regions have names can have it.
  var isByName: Bool { name.map { RegionName.number($0) == nil } ?? false }

  /// With the choices of `study.yaml`, where the command line has none.
  func applying(_ choices: StudyChoices) -> RegionRequest {
    guard !isExplicit else { return self }
    var request = self
    request.name = choices.roi
    request.segment = choices.segment
    request.askedLabel = choices.label
    request.number = choices.number
    return request
  }
}
