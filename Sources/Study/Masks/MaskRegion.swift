/// One region of a mask.
struct MaskRegion: Sendable, Equatable {
  /// ROI number, segment number or label.
  var number: Int
  /// For people, and to choose it by name; empty where regions have no names.
  var name: String
  /// Its content, for people: `27 contours`, `1304 voxels`.
  var extent: String
  /// Whether it encloses something.
  var isUsable: Bool
  /// `SCHEME:VALUE` of its category and type.
  var codes: [String] = []

  /// `#2 GTV (27 contours)`.
  var listing: String {
    let code = codes.isEmpty ? "" : ", " + codes.joined(separator: " ")
    return "#\(number)\(name.isEmpty ? "" : " " + name) (\(extent)\(code))"
  }
}

extension [MaskRegion] {
  var listing: String {
    prefix(50).map(\.listing).joined(separator: ", ") + (count > 50 ? ", and \(count - 50) more" : "")
  }

  /// For programs.
  var details: [String: String] {
    Dictionary(prefix(500).map { ("region \($0.number)", $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}
