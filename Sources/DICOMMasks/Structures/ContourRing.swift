internal import DICOM

/// The meaning of two contours that run through the same centres in opposite directions: one that was stored twice, or
/// the outline of a ring one voxel wide and the outline of its hole, which OpenCV traces through the same voxels.
enum ContourRing {
  case repeated
  case ring(firstIsOutline: Bool)
  /// The file does not show which.
  case unknown

  /// OpenCV's outline of a region takes no step around the inner corner of two voxels, its outline of a hole none
  /// around the outer one, so that a corner of a row and a column belongs to only one of the two. An outline starts
  /// with the first voxel in the order of rows, that of a hole beside the hole's first voxel, or at the next point
  /// where straight runs are shortened.
  ///
  /// - Parameter drawing: of either contour.
  init(_ first: ContourLine, _ second: ContourLine, _ drawing: ContourRaster.Drawing) {
    guard !Self.hasCorner(first), !Self.hasCorner(second) else {
      self = .repeated
      return
    }
    let points = first.x.indices.map { SIMD2(first.x[$0], first.y[$0]) }
    let outline = points.min { ($0.y, $0.x) < ($1.y, $1.x) } ?? SIMD2(0, 0)
    if let inner = drawing.cells.firstIndex(of: ContourRaster.Drawing.inside) {
      let hole = SIMD2(
        Double(drawing.left + inner % drawing.width - 1), Double(drawing.top + inner / drawing.width))
      if Self.point(first, 0) == outline, Self.begins(second, hole) {
        self = .ring(firstIsOutline: true)
        return
      }
      if Self.point(second, 0) == outline, Self.begins(first, hole) {
        self = .ring(firstIsOutline: false)
        return
      }
    }
    let starts = (Self.point(first, 0), Self.point(second, 0))
    let isReversed =
      starts.0 == starts.1 || starts.0 == Self.point(second, second.count - 1)
      || starts.1 == Self.point(first, first.count - 1)
    self = isReversed ? .repeated : .unknown
  }

  private static func point(_ line: ContourLine, _ i: Int) -> SIMD2<Double> { SIMD2(line.x[i], line.y[i]) }

  /// Whether the first point is the first that remains of a line traced from a voxel.
  private static func begins(_ line: ContourLine, _ voxel: SIMD2<Double>) -> Bool {
    let (first, last) = (point(line, 0), point(line, line.count - 1))
    guard voxel != first else { return true }
    let (edge, step) = (first - last, voxel - last)
    guard step != SIMD2(0, 0), edge.x * step.y == edge.y * step.x else { return false }
    let along = edge.x * step.x + edge.y * step.y
    return along > 0 && along < edge.x * edge.x + edge.y * edge.y
  }

  /// Whether a row meets a column in a point of the line.
  private static func hasCorner(_ line: ContourLine) -> Bool {
    let edges = (0..<line.count).map { i in
      SIMD2(line.x[line.next(i)] - line.x[i], line.y[line.next(i)] - line.y[i])
    }.filter { $0 != SIMD2(0, 0) }
    return edges.indices.contains { i in
      let (a, b) = (edges[i], edges[(i + 1) % edges.count])
      return (a.x == 0 && b.y == 0) || (a.y == 0 && b.x == 0)
    }
  }
}
