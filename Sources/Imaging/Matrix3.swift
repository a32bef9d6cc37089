/// A 3 x 3 matrix by columns.
package struct Matrix3: Sendable, Equatable {
  package var columns: (Vector3, Vector3, Vector3)

  package init(_ first: Vector3, _ second: Vector3, _ third: Vector3) { columns = (first, second, third) }

  package static let identity = Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))

  package subscript(column: Int) -> Vector3 {
    get { column == 0 ? columns.0 : column == 1 ? columns.1 : columns.2 }
    set {
      switch column {
      case 0: columns.0 = newValue
      case 1: columns.1 = newValue
      default: columns.2 = newValue
      }
    }
  }

  /// Row by row, as ITK prints a direction matrix.
  package var rowMajor: [Double] {
    [
      columns.0.x, columns.1.x, columns.2.x, columns.0.y, columns.1.y, columns.2.y, columns.0.z, columns.1.z,
      columns.2.z,
    ]
  }

  package var determinant: Double { columns.0.dot(columns.1.cross(columns.2)) }

  /// The inverse, or nil where the matrix is singular.
  package var inverse: Matrix3? {
    let d = determinant
    guard d != 0, d.isFinite else { return nil }
    let r0 = columns.1.cross(columns.2) / d
    let r1 = columns.2.cross(columns.0) / d
    let r2 = columns.0.cross(columns.1) / d
    return Matrix3(Vector3(r0.x, r1.x, r2.x), Vector3(r0.y, r1.y, r2.y), Vector3(r0.z, r1.z, r2.z))
  }

  package static func * (m: Matrix3, v: Vector3) -> Vector3 {
    m.columns.0 * v.x + m.columns.1 * v.y + m.columns.2 * v.z
  }

  package static func == (a: Matrix3, b: Matrix3) -> Bool {
    a.columns.0 == b.columns.0 && a.columns.1 == b.columns.1 && a.columns.2 == b.columns.2
  }
}
