/// What two contours are that run through the same centres in opposite directions: one that was stored twice, or the
/// outline of a ring one voxel wide and the outline of its hole, which OpenCV traces through the same voxels.
enum ContourRing {
  case repeated
  case ring(firstIsOutline: Bool)
  /// Nothing in the file tells.
  case unknown

  /// OpenCV's outline of a region takes no step round the inner corner of two voxels, its outline of a hole none round
  /// the outer one, so that a corner of a row and a column belongs to one of both alone. An outline begins with its first
  /// voxel in the order of rows, that of a hole beside the hole's first voxel.
  ///
  /// - Parameter drawing: of either.
  init(_ first: ContourLine, _ second: ContourLine, _ drawing: ContourRaster.Drawing) {
    guard !Self.hasCorner(first), !Self.hasCorner(second) else {
      self = .repeated
      return
    }
    let starts = (Self.start(first), Self.start(second))
    let places = first.x.indices.map { SIMD2(first.x[$0], first.y[$0]) }
    let outline = places.min { ($0.y, $0.x) < ($1.y, $1.x) } ?? SIMD2(0, 0)
    if let inner = drawing.cells.firstIndex(of: ContourRaster.Drawing.inside) {
      let hole = SIMD2(
        Double(drawing.left + inner % drawing.width - 1), Double(drawing.top + inner / drawing.width))
      if starts == (outline, hole) {
        self = .ring(firstIsOutline: true)
        return
      }
      if starts == (hole, outline) {
        self = .ring(firstIsOutline: false)
        return
      }
    }
    let isReversed =
      starts.0 == starts.1 || starts.0 == SIMD2(second.x[second.count - 1], second.y[second.count - 1])
      || starts.1 == SIMD2(first.x[first.count - 1], first.y[first.count - 1])
    self = isReversed ? .repeated : .unknown
  }

  private static func start(_ line: ContourLine) -> SIMD2<Double> { SIMD2(line.x[0], line.y[0]) }

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
