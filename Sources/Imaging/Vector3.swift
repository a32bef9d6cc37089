/// A point, direction or spacing in three dimensions (x, y, z), in mm unless stated otherwise.
package typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  package func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

  package func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  package var length: Double { dot(self).squareRoot() }
}
