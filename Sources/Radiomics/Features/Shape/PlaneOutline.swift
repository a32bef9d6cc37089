internal import Imaging

/// The outline of a region of one slice: the marching squares' lines through the midpoints between inside and outside
/// pixels (PyRadiomics `cShape`, `calculate_coefficients2D`).
struct PlaneOutline: Sendable {
  /// Length of the lines, mm.
  let perimeter: Double
  /// Area inside the lines, mm².
  let surface: Double
  /// Largest distance of two points of the outline, mm.
  let diameter: Double

  /// Ends of the lines of each configuration (bit 0: top left inside, 1: top right, 2: bottom right, 3: bottom left), as
  /// numbers of edges (0 top, 1 right, 2 bottom, 3 left). The region lies on one side of every line.
  private static let lines: [[(Int, Int)]] = [
    [], [(3, 0)], [(0, 1)], [(3, 1)], [(1, 2)], [(1, 2), (3, 0)], [(0, 2)], [(3, 2)],
    [(2, 3)], [(2, 0)], [(0, 1), (2, 3)], [(2, 1)], [(1, 3)], [(1, 0)], [(0, 3)], [],
  ]
  /// Middle of each edge, (row, column).
  private static let middles: [SIMD2<Double>] = [
    SIMD2(0, 0.5), SIMD2(0.5, 1), SIMD2(1, 0.5), SIMD2(0.5, 0),
  ]

  /// - Parameters:
  ///   - mask: a region that is one voxel thick along the normal axis.
  ///   - rows: axis (0 = x) along which rows are counted.
  ///   - columns: axis along which columns are counted.
  init(_ mask: Mask, box: BoundingBox, rows: Int, columns: Int) {
    let size = SIMD2(box.size[rows] + 2, box.size[columns] + 2)
    let spacing = SIMD2(mask.geometry.spacing[rows], mask.geometry.spacing[columns])
    var inside = [UInt8](repeating: 0, count: size.x * size.y)
    for r in 0..<box.size[rows] {
      for c in 0..<box.size[columns] {
        var voxel = box.lower
        voxel[rows] += r
        voxel[columns] += c
        inside[(r + 1) * size.y + c + 1] = mask.voxels[mask.geometry.offset(voxel.x, voxel.y, voxel.z)] != 0 ? 1 : 0
      }
    }

    var perimeter = 0.0
    var doubled = 0.0
    var points: [PlanarPoint] = []
    for r in 0..<size.x - 1 {
      for c in 0..<size.y - 1 {
        let i = r * size.y + c
        let square =
          Int(inside[i]) | Int(inside[i + 1]) << 1 | Int(inside[i + size.y + 1]) << 2 | Int(inside[i + size.y]) << 3
        let corner = SIMD2(Double(r), Double(c))
        for (from, to) in Self.lines[square] {
          let a = (corner + Self.middles[from]) * spacing
          let b = (corner + Self.middles[to]) * spacing
          doubled += a.x * b.y - b.x * a.y
          let d = a - b
          perimeter += (d.x * d.x + d.y * d.y).squareRoot()
          for edge in [from, to] {
            let middle = Self.middles[edge]
            points.append(
              PlanarPoint(Int32(2 * (corner.x + middle.x)), Int32(2 * (corner.y + middle.y)), index: points.count))
          }
        }
      }
    }
    var largest = 0.0
    // The two farthest points are corners of the convex hull.
    let hull = ConvexHull.corners(points)
    for (i, a) in hull.enumerated() {
      for b in hull[..<i] {
        let u = Double(a.u - b.u) / 2 * spacing.x
        let v = Double(a.v - b.v) / 2 * spacing.y
        largest = max(largest, u * u + v * v)
      }
    }
    self.perimeter = perimeter
    surface = doubled / 2
    diameter = largest.squareRoot()
  }
}
