internal import Imaging

/// The two matrices between voxel indices and millimetres, with ITK's order of operations (`itk::ImageBase`), so that a
/// position has the same last bit.
struct IndexMatrix: Sendable {
  /// Row r of the matrix from index to mm (direction times spacing).
  let rows: [Vector3]
  /// Row r of the inverse, from mm to index; nil where the direction matrix is singular.
  let inverseRows: [Vector3]?
  let origin: Vector3

  init(_ geometry: Geometry) {
    let d = geometry.direction
    let s = geometry.spacing
    let rows = (0..<3).map { r in Vector3(d[0][r] * s.x, d[1][r] * s.y, d[2][r] * s.z) }
    self.rows = rows
    origin = geometry.origin
    if Self.isDiagonal(rows) {
      // The result of ITK's decomposition for these, to the last bit.
      inverseRows = [Vector3(1 / rows[0].x, 0, 0), Vector3(0, 1 / rows[1].y, 0), Vector3(0, 0, 1 / rows[2].z)]
    } else {
      inverseRows = Self.inverse(rows)
    }
  }

  /// Rows of the inverse by ITK's decomposition, V diag(1/s) Uᵀ; nil where a singular value is 0 in double precision.
  private static func inverse(_ rows: [Vector3]) -> [Vector3]? {
    let decomposition = LINPACKSingularValues(columnMajor: (0..<9).map { rows[$0 % 3][$0 / 3] })
    let values = decomposition.values
    guard decomposition.isComplete, values.allSatisfy({ $0 != 0 && $0.isFinite }) else { return nil }
    return (0..<3).map { r in
      var row = Vector3()
      for c in 0..<3 {
        var sum = 0.0
        for k in 0..<3 { sum += decomposition.right(r, k) * (1 / values[k]) * decomposition.left(c, k) }
        row[c] = sum
      }
      return row
    }
  }

  /// Whether the grid's axes are the patient's, in this order.
  var isDiagonal: Bool { Self.isDiagonal(rows) }

  private static func isDiagonal(_ rows: [Vector3]) -> Bool {
    rows[0].y == 0 && rows[0].z == 0 && rows[1].x == 0 && rows[1].z == 0 && rows[2].x == 0 && rows[2].y == 0
      && rows[0].x != 0 && rows[1].y != 0 && rows[2].z != 0
  }

  /// Position in mm of a voxel (`TransformIndexToPhysicalPoint`: the origin is added first).
  func point(voxel index: SIMD3<Int>) -> Vector3 {
    var point = origin
    for r in 0..<3 {
      point[r] += rows[r].x * Double(index.x)
      point[r] += rows[r].y * Double(index.y)
      point[r] += rows[r].z * Double(index.z)
    }
    return point
  }

  /// Position in mm of a continuous index (`TransformContinuousIndexToPhysicalPoint`: the origin is added last).
  func point(continuous index: Vector3) -> Vector3 {
    var point = Vector3()
    for r in 0..<3 {
      let sum = rows[r].x * index.x + rows[r].y * index.y + rows[r].z * index.z
      point[r] = sum + origin[r]
    }
    return point
  }

  /// Continuous index of a position in mm (`TransformPhysicalPointToContinuousIndex`), nil where the matrix is singular.
  func continuousIndex(of point: Vector3) -> Vector3? {
    guard let inverseRows else { return nil }
    let v = point - origin
    return Vector3(
      inverseRows[0].x * v.x + inverseRows[0].y * v.y + inverseRows[0].z * v.z,
      inverseRows[1].x * v.x + inverseRows[1].y * v.y + inverseRows[1].z * v.z,
      inverseRows[2].x * v.x + inverseRows[2].y * v.y + inverseRows[2].z * v.z)
  }
}
