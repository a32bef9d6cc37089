public import Errors
public import Imaging

extension Segmentation {
  /// A segment as a mask on a series' grid: each frame at its own position, frames that are left out being empty.
  ///
  /// - Returns: the mask, and notes `GEOM_ROUNDED`, `GEOM_REORDERED`, `FRACTIONAL_THRESHOLD`,
  ///   `SEGMENT_OVERLAP`, `SEGMENT_GAP`.
  /// - Throws: `E_GEOM_MISMATCH` where a frame that is not empty lies on no slice, `E_IO`, `E_TRUNCATED`, `E_DECODE`,
  ///   `E_UNSUPPORTED_TS`, `E_SEGMENTATION`.
  public func mask(of segment: Segment, on grid: Geometry) throws -> (mask: Mask, notes: [Note]) {
    var reader = try SegmentFrames(header)
    var stamp = SegmentStamp(grid)
    for (index, frame) in frames.enumerated() where frame.segment == nil || frame.segment == segment.number {
      let inside = inside(try reader.values(index), segment.number)
      guard inside.contains(1) else { continue }
      let match = try GridMatch(mask: frame.geometry, image: grid, file: file.display)
      stamp.add(inside, match, frame.geometry)
    }
    var notes = stamp.notes
    if case .fractional(let maximum) = kind {
      notes.append(
        Note(
          code: "FRACTIONAL_THRESHOLD",
          message: "segment \(segment.number): voxels of value / \(maximum) >= 0.5 are inside"))
    }
    var overlap = 0
    for (index, frame) in frames.enumerated() {
      guard let other = frame.segment, other != segment.number,
        let match = try? GridMatch(mask: frame.geometry, image: grid, file: nil), stamp.mayHold(match)
      else { continue }
      overlap += stamp.overlap(inside(try reader.values(index), other), match, frame.geometry)
    }
    if overlap > 0 {
      notes.append(
        Note(
          code: "SEGMENT_OVERLAP",
          message: "segment \(segment.number): \(overlap) of its voxels belong to other segments too"))
    }
    return (Mask(geometry: grid, voxels: stamp.voxels.map { $0 & 1 }), notes)
  }

  /// Voxels of each segment over all its frames, wherever they lie.
  ///
  /// - Throws: as `mask(of:on:)`.
  public func voxelCounts() throws(StudyError) -> [Int: Int] {
    var reader = try SegmentFrames(header)
    var counts: [Int: Int] = [:]
    for (index, frame) in frames.enumerated() {
      let values = try reader.values(index)
      if let segment = frame.segment {
        counts[segment, default: 0] += inside(values, segment).reduce(0) { $0 + Int($1) }
      } else {
        var histogram = [Int](repeating: 0, count: 65536)
        for value in values { histogram[Int(value)] += 1 }
        for segment in segments { counts[segment.number, default: 0] += histogram[min(segment.number, 65535)] }
      }
    }
    return counts
  }

  /// 1 where a frame's values say that the segment is there.
  private func inside(_ values: [UInt16], _ segment: Int) -> [UInt8] {
    switch kind {
    case .binary: values.map { $0 != 0 ? 1 : 0 }
    case .fractional(let maximum): values.map { 2 * Int($0) >= maximum ? 1 : 0 }
    case .labelMap: values.map { Int($0) == segment ? 1 : 0 }
    }
  }
}
