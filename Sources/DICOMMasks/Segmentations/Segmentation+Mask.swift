package import DICOM
package import Errors
package import Imaging

extension Segmentation {
  /// A segment as a mask on a series' grid: each frame at its own position; omitted frames are empty.
  ///
  /// - Parameter images: the slices of the series, to compare with the images that the frames reference.
  ///   `mask(of:on:)` of a stack passes them.
  /// - Returns: the mask, and notes `GEOM_ROUNDED`, `GEOM_REORDERED`, `FRACTIONAL_THRESHOLD`, `IMAGE_REFERENCE`,
  ///   `SEGMENT_OVERLAP`, `SEGMENT_GAP`, `SEGMENT_UNDESCRIBED`.
  /// - Throws: `E_GEOM_MISMATCH` where a frame that is not empty lies on no slice, `E_SLICES_MISSING` where it lies
  ///   where the next slices would be, `E_IMAGE_REFERENCE`, `E_FRACTIONAL_VALUES`, `E_IO`, `E_TRUNCATED`, `E_DECODE`,
  ///   `E_UNSUPPORTED_TS`, `E_SEGMENTATION`.
  package func mask(
    of segment: Segment, on grid: Geometry, images: ImagePositions? = nil
  ) throws -> (mask: Mask, notes: [Note]) {
    var reader = try SegmentReader(self)
    var stamp = SegmentStamp(grid)
    var beyond = MissingSlices(grid)
    var references = FrameReferences(images, file: file.display)
    var largest = 0
    var undescribed: Set<Int> = []
    for frame in frames where frame.segment == nil || frame.segment == segment.number {
      let values = try reader.values(frame)
      if case .fractional(let maximum) = kind {
        largest = max(largest, Int(values.max() ?? 0))
        guard largest <= maximum else { throw fractionalError(segment, "holds the value \(largest) of \(maximum)") }
      }
      if kind == .labelMap { undescribed.formUnion(undescribedValues(values)) }
      let inside = inside(values, segment.number)
      guard inside.contains(1) else {
        // An empty frame may lie anywhere; where it lies on a slice, it states that nothing is there.
        if let match = try? GridMatch(mask: frame.geometry, image: grid, file: nil),
          !stamp.agrees(inside, match, frame.geometry)
        {
          throw contradiction(segment, match)
        }
        continue
      }
      do {
        let match = try GridMatch(mask: frame.geometry, image: grid, file: file.display)
        guard stamp.agrees(inside, match, frame.geometry) else { throw contradiction(segment, match) }
        stamp.add(inside, match, frame.geometry)
        beyond.noteThere(match)
        try references.compare(frame, match, on: grid)
      } catch let error as StudyError {
        guard error.code == .geometryMismatch, beyond.noteMissing(frame.geometry) else { throw error }
      }
    }
    stamp.settle()
    try beyond.requireNone("segment \(segment.number)", file: file.display)
    var notes = stamp.notes + (try references.notes(segment))
    if case .fractional(let maximum) = kind {
      guard largest == 0 || stamp.voxels.contains(1) else {
        throw fractionalError(segment, "has the largest value \(largest) of \(maximum)")
      }
      notes.append(
        Note(
          code: "FRACTIONAL_THRESHOLD",
          message: "segment \(segment.number): voxels of value / \(maximum) >= 0.5 are inside"))
    }
    if !undescribed.isEmpty {
      notes.append(
        Note(
          code: "SEGMENT_UNDESCRIBED",
          message: "the label map holds \(undescribed.count) value(s) that no segment is described for, "
            + "\(undescribed.sorted().prefix(10).map(String.init).joined(separator: ", "))"))
    }
    var overlap = 0
    for frame in frames {
      guard let other = frame.segment, other != segment.number,
        let match = try? GridMatch(mask: frame.geometry, image: grid, file: nil), stamp.mayHold(match)
      else { continue }
      overlap += stamp.overlap(inside(try reader.values(frame), other), match, frame.geometry)
    }
    if overlap > 0 {
      notes.append(
        Note(
          code: "SEGMENT_OVERLAP",
          message: "segment \(segment.number): \(overlap) of its voxels belong to other segments too"))
    }
    return (Mask(geometry: grid, voxels: stamp.voxels.map { $0 & 1 }), notes)
  }

  /// A segment on a stack of slices, compared with the images that it references.
  ///
  /// - Throws: as `mask(of:on:images:)`.
  package func mask(of segment: Segment, on stack: SliceStack) throws -> (mask: Mask, notes: [Note]) {
    var placed = self
    for i in placed.frames.indices {
      placed.frames[i].geometry.origin = stack.straightened(placed.frames[i].geometry.origin)
    }
    return try placed.mask(of: segment, on: stack.geometry, images: ImagePositions(stack.slices))
  }

  private func fractionalError(_ segment: Segment, _ what: String) -> StudyError {
    StudyError(
      .fractionalValues,
      "segment \(segment.number) \(what) (Maximum Fractional Value): "
        + "no probability or occupancy that reaches one half can be read from that", file: file.display,
      hint: "export the segmentation as BINARY, or with values up to the Maximum Fractional Value that it states")
  }

  private func contradiction(_ segment: Segment, _ match: GridMatch) -> StudyError {
    StudyError(
      .segmentation,
      "segment \(segment.number): two frames lie in one plane and differ in what is inside", file: file.display,
      slice: match.axes.z == 2 ? match.start.z : nil,
      hint: "export the segmentation again, with one frame for each slice")
  }

  /// Values of a label map's frame that belong to no segment and are not the background.
  private func undescribedValues(_ values: [UInt16]) -> Set<Int> {
    let padding = headers[0].paddingBits.map(Int.init)
    let described = Set(segments.map(\.number))
    return Set(values).reduce(into: []) { found, value in
      let value = Int(value)
      if value != 0, value != padding, !described.contains(value) { found.insert(value) }
    }
  }

  /// Voxels of each segment over all its frames, wherever they lie.
  ///
  /// - Throws: as `mask(of:on:)`.
  package func voxelCounts() throws(StudyError) -> [Int: Int] {
    var reader = try SegmentReader(self)
    var counts: [Int: Int] = [:]
    for frame in frames {
      let values = try reader.values(frame)
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

  /// 1 where a frame's values contain the segment.
  private func inside(_ values: [UInt16], _ segment: Int) -> [UInt8] {
    switch kind {
    case .binary: values.map { $0 != 0 ? 1 : 0 }
    case .fractional(let maximum): values.map { 2 * Int($0) >= maximum ? 1 : 0 }
    case .labelMap: values.map { Int($0) == segment ? 1 : 0 }
    }
  }
}
