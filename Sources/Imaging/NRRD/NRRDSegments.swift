/// 3D Slicer's keys `Segment0_Name`, `Segment0_LabelValue`, `Segment0_Layer`.
enum NRRDSegments {
  static let most = 4096

  /// The segments in order of their index.
  static func read(_ pairs: [String: String]) -> [LabelSegment] {
    var segments: [LabelSegment] = []
    while segments.count < most {
      let prefix = "Segment\(segments.count)_"
      guard let name = pairs[prefix + "Name"] ?? pairs[prefix + "ID"] else { break }
      // Files of before 2020 have a layer for each segment, in which it is 1.
      segments.append(
        LabelSegment(
          name: name, label: pairs[prefix + "LabelValue"].flatMap { Int($0) } ?? 1,
          layer: pairs[prefix + "Layer"].flatMap { Int($0) }
            ?? (pairs[prefix + "LabelValue"] == nil ? segments.count : 0)))
    }
    return segments
  }
}
