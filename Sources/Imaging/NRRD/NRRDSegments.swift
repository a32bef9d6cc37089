/// 3D Slicer's keys `Segment0_Name`, `Segment0_LabelValue`, `Segment0_Layer`.
enum NRRDSegments {
  static let most = 4096

  /// The segments in order of their index.
  ///
  /// - Parameter extents: of a file from before 2020.
  static func read(_ pairs: [String: String], extents: NRRDLegacyExtents?) -> [LabelSegment] {
    var segments: [LabelSegment] = []
    while segments.count < most {
      let index = segments.count
      let prefix = "Segment\(index)_"
      guard let name = pairs[prefix + "Name"] ?? pairs[prefix + "ID"] else { break }
      let label = extents == nil ? pairs[prefix + "LabelValue"].flatMap { Int($0) } : nil
      // Files from before 2020 have a layer for each segment, in which it is 1.
      let layer = pairs[prefix + "Layer"].flatMap { Int($0) } ?? (label == nil ? index : 0)
      segments.append(LabelSegment(name: name, label: label ?? 1, layer: extents == nil ? layer : index))
    }
    return segments
  }
}

/// Where the segments of a 3D Slicer file from before 2020 lie: four axes of space, one layer per segment, and ranges
/// of voxel indices on a grid; the file contains the part that any segment needs (`Segmentation_Extent`).
struct NRRDLegacyExtents {
  /// First and last index along each axis.
  let common: [ClosedRange<Int>]

  /// Nil for other files, and where the extent is malformed.
  init?(_ pairs: [String: String], spaceDimension: String?) {
    guard spaceDimension == "4", let common = Self.ranges(pairs["Segmentation_Extent"]) else { return nil }
    self.common = common
  }

  /// Index of the file's first voxel on the common grid.
  var start: SIMD3<Int> { SIMD3(common[0].lowerBound, common[1].lowerBound, common[2].lowerBound) }

  /// Voxels along each axis.
  var size: SIMD3<Int> { SIMD3(common[0].count, common[1].count, common[2].count) }

  /// `223 282 199 287 9 46` as ranges; nil where it is malformed or empty.
  private static func ranges(_ text: String?) -> [ClosedRange<Int>]? {
    let numbers = (text ?? "").split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 6, numbers.allSatisfy({ abs($0) < 1 << 30 }) else { return nil }
    let pairs = [(numbers[0], numbers[1]), (numbers[2], numbers[3]), (numbers[4], numbers[5])]
    return pairs.allSatisfy { $0.0 <= $0.1 } ? pairs.map { $0.0...$0.1 } : nil
  }
}
