internal import Documents
internal import Errors

extension MappingReader {
  private enum Preset: String, CaseIterable {
    case softTissue = "soft-tissue"
    case excretory = "ctu"
  }

  /// A window: a preset's name, or the keys `level` and `width` in HU.
  mutating func window(_ key: String) throws(StudyError) -> PictureWindow? {
    guard holdsMapping(key), var own = try nested(key) else {
      let preset: Preset? = try choice(key)
      return preset.map { $0 == .excretory ? .excretory : .softTissue }
    }
    let level = try own.number("level", in: -100_000...100_000, unit: "HU")
    let width = try own.number("width", in: 1...200_000, unit: "HU")
    try own.finish(known: ["level", "width"])
    guard let level, let width else { throw complaint(key, nil, "needs level and width in HU") }
    return .custom(level: level, width: width)
  }
}
