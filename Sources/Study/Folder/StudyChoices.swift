internal import Documents

/// The choices for one study, from `study.yaml` or an operator. Every key may be omitted.
package struct StudyChoices: Sendable, Equatable {
  static let fileName = "study.yaml"

  /// SeriesInstanceUID of the image, or `UID#part` for one of several phases in one series.
  package var image: String?
  /// The mask's file, relative to the study's folder.
  package var mask: String?
  /// Name of the region, or a regular expression.
  package var roi: String?
  /// Number of the region in a DICOM object: ROI number or segment number.
  package var segment: Int?
  /// Label of the region in a label map.
  package var label: Int?
  /// Number of the region in either kind, as in choices of earlier versions.
  package var number: Int?
  /// The study runs before others.
  var isUrgent = false
  /// Why the study is computed although files of it cannot be read; nil where such files lead to a refusal.
  package var force: String?
  /// Keys that an operator set.
  private(set) var byOperator: Set<String> = []

  package init(
    image: String? = nil, mask: String? = nil, roi: String? = nil, segment: Int? = nil, label: Int? = nil,
    number: Int? = nil, force: String? = nil
  ) {
    self.image = image
    self.mask = mask
    self.roi = roi
    self.segment = segment
    self.label = label
    self.number = number
    self.force = force
  }

  /// Whether a region is chosen.
  var choosesRegion: Bool { roi != nil || segment != nil || label != nil || number != nil }

  /// These choices overridden by an operator's, key by key; a region is named or numbered, not both.
  func adding(_ chosen: StudyChoices) -> StudyChoices {
    var result = self
    if let force = chosen.force {
      result.force = force
      result.byOperator.insert("force")
    }
    if let image = chosen.image {
      result.image = image
      result.byOperator.insert("image")
    }
    if let mask = chosen.mask {
      result.mask = mask
      result.byOperator.insert("mask")
    }
    if chosen.choosesRegion {
      (result.roi, result.segment) = (chosen.roi, chosen.segment)
      (result.label, result.number) = (chosen.label, chosen.number)
      result.byOperator.formUnion(["roi", "segment", "label", "number"])
    }
    return result
  }
}

extension StudyChoices {
  /// For the record: each choice with its value and its actor; null without any.
  var json: JSONValue? {
    var object = JSONObject()
    func add(_ key: String, _ value: JSONValue?) {
      guard let value else { return }
      object.append(key, ["value": value, "by": .string(byOperator.contains(key) ? "operator" : Self.fileName)])
    }
    add("image", image.map(JSONValue.string))
    add("mask", mask.map(JSONValue.string))
    add("roi", roi.map(JSONValue.string))
    add("segment", segment.map(JSONValue.integer))
    add("label", label.map(JSONValue.integer))
    add("number", number.map(JSONValue.integer))
    add("force", force.map(JSONValue.string))
    return object.members.isEmpty ? nil : .object(object)
  }
}
