internal import Glibc
internal import Imaging

/// Eigenvalues of the covariance of the voxels' positions (mm²), from exact integer sums of their indices.
struct PrincipalAxes: Sendable {
  /// Least, minor, major.
  let eigenvalues: (Double, Double, Double)
  /// Voxels in the mask.
  let count: Int

  init(_ mask: Mask, box: BoundingBox) {
    var n = 0
    var s = (x: 0, y: 0, z: 0)
    var q = (xx: 0, yy: 0, zz: 0, xy: 0, xz: 0, yz: 0)
    mask.voxels.withUnsafeBufferPointer { voxels in
      for z in 0..<box.size.z {
        for y in 0..<box.size.y {
          let row = mask.geometry.offset(box.lower.x, y + box.lower.y, z + box.lower.z)
          var count = 0
          var sum = 0
          var squares = 0
          for x in 0..<box.size.x where voxels[row &+ x] != 0 {
            count &+= 1
            sum &+= x
            squares &+= x &* x
          }
          n += count
          s.x += sum
          s.y += y * count
          s.z += z * count
          q.xx += squares
          q.yy += y * y * count
          q.zz += z * z * count
          q.xy += y * sum
          q.xz += z * sum
          q.yz += y * z * count
        }
      }
    }
    count = n
    let spacing = mask.geometry.spacing
    // N Σ ab - Σa Σb is exact in integers, so a flat region has eigenvalue 0, not rounding.
    func covariance(_ products: Int, _ a: Int, _ b: Int, _ scale: Double) -> Double {
      let (high, overflow) = n.multipliedReportingOverflow(by: products)
      let (low, overflow2) = a.multipliedReportingOverflow(by: b)
      let numerator = overflow || overflow2 ? Double(n) * Double(products) - Double(a) * Double(b) : Double(high - low)
      return numerator / Double(n) / Double(n) * scale
    }
    let values = SymmetricEigenvalues.of(
      covariance(q.xx, s.x, s.x, spacing.x * spacing.x), covariance(q.yy, s.y, s.y, spacing.y * spacing.y),
      covariance(q.zz, s.z, s.z, spacing.z * spacing.z), covariance(q.xy, s.x, s.y, spacing.x * spacing.y),
      covariance(q.xz, s.x, s.z, spacing.x * spacing.z), covariance(q.yz, s.y, s.z, spacing.y * spacing.z)
    ).map { $0 < 0 && $0 > -1e-10 ? 0 : $0 }
    eigenvalues = (values[0], values[1], values[2])
  }
}

/// Eigenvalues of a symmetric 3 x 3 matrix by Jacobi rotations.
enum SymmetricEigenvalues {
  /// Ascending.
  static func of(
    _ xx: Double, _ yy: Double, _ zz: Double, _ xy: Double, _ xz: Double, _ yz: Double
  ) -> [Double] {
    var a = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
    for _ in 0..<60 {
      let off = a[0][1] * a[0][1] + a[0][2] * a[0][2] + a[1][2] * a[1][2]
      if off == 0 { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<3 {
          let (kp, kq) = (a[k][p], a[k][q])
          a[k][p] = c * kp - s * kq
          a[k][q] = s * kp + c * kq
        }
        for k in 0..<3 {
          let (pk, qk) = (a[p][k], a[q][k])
          a[p][k] = c * pk - s * qk
          a[q][k] = s * pk + c * qk
        }
        a[p][q] = 0
        a[q][p] = 0
      }
    }
    return [a[0][0], a[1][1], a[2][2]].sorted()
  }
}
