/// The 3 x 3 part of a NIfTI form, element [row][column], in float32 as in niftilib and ITK.
struct NIfTIMatrix: Equatable {
  /// Rows.
  var m: [SIMD3<Float>]

  init(_ x: SIMD3<Float>, _ y: SIMD3<Float>, _ z: SIMD3<Float>) { m = [x, y, z] }

  func column(_ index: Int) -> SIMD3<Float> { SIMD3(m[0][index], m[1][index], m[2][index]) }

  /// Its decomposition as ITK computes it.
  var singularValues: LINPACKSingularValues<Float> {
    LINPACKSingularValues(columnMajor: (0..<9).map { m[$0 % 3][$0 / 3] })
  }
}

#if arch(x86_64)
  /// C's `long double`, in which niftilib computes some products.
  private typealias Extended = Float80
#else
  private typealias Extended = Double
#endif

/// The quaternion arithmetic of niftilib (nifti1_io.c), step by step in its precisions: the direction of an oblique
/// image must have exactly ITK's bits.
enum NIfTIQuaternion {
  /// `nifti_quatern_to_mat44`: rotation times spacing.
  static func matrix(quaternion: SIMD3<Float>, spacing: SIMD3<Float>, leftHanded: Bool) -> NIfTIMatrix {
    var b = Double(quaternion.x)
    var c = Double(quaternion.y)
    var d = Double(quaternion.z)
    var a = Double(1 - Extended(b * b + c * c + d * d))
    if Extended(a) < 1e-7 {
      a = Double(1 / Extended((b * b + c * c + d * d).squareRoot()))
      b *= a
      c *= a
      d *= a
      a = 0
    } else {
      a = a.squareRoot()
    }
    let xd = spacing.x > 0 ? Double(spacing.x) : 1
    let yd = spacing.y > 0 ? Double(spacing.y) : 1
    let zd = (spacing.z > 0 ? Double(spacing.z) : 1) * (leftHanded ? -1 : 1)
    func twice(_ value: Double, _ length: Double) -> Float { Float(2 * Extended(value) * Extended(length)) }
    return NIfTIMatrix(
      SIMD3(
        Float((a * a + b * b - c * c - d * d) * xd), twice(b * c - a * d, yd), twice(b * d + a * c, zd)),
      SIMD3(
        twice(b * c + a * d, xd), Float((a * a + c * c - b * b - d * d) * yd), twice(c * d - a * b, zd)),
      SIMD3(
        twice(b * d - a * c, xd), twice(c * d + a * b, yd), Float((a * a + d * d - c * c - b * b) * zd)))
  }

  /// `nifti_mat44_to_quatern` for a matrix whose columns are orthogonal unit vectors, as the writer's are: the
  /// (b, c, d) and whether the third axis is mirrored (qfac -1).
  static func quaternion(of matrix: NIfTIMatrix) -> (quaternion: SIMD3<Float>, leftHanded: Bool) {
    let (r0, r1, r2) = (SIMD3<Double>(matrix.m[0]), SIMD3<Double>(matrix.m[1]), SIMD3<Double>(matrix.m[2]))
    let (r11, r12, r21, r22, r31, r32) = (r0.x, r0.y, r1.x, r1.y, r2.x, r2.y)
    var (r13, r23, r33) = (r0.z, r1.z, r2.z)
    let determinant =
      r11 * (r22 * r33 - r32 * r23) - r12 * (r21 * r33 - r31 * r23) + r13 * (r21 * r32 - r31 * r22)
    let leftHanded = determinant <= 0
    if leftHanded { (r13, r23, r33) = (-r13, -r23, -r33) }
    var (a, b, c, d) = (r11 + r22 + r33 + 1, 0.0, 0.0, 0.0)
    if a > 0.5 {
      a = 0.5 * a.squareRoot()
      b = 0.25 * (r32 - r23) / a
      c = 0.25 * (r13 - r31) / a
      d = 0.25 * (r21 - r12) / a
    } else {
      let xd = 1 + r11 - (r22 + r33)
      let yd = 1 + r22 - (r11 + r33)
      let zd = 1 + r33 - (r11 + r22)
      if xd > 1 {
        b = 0.5 * xd.squareRoot()
        c = 0.25 * (r12 + r21) / b
        d = 0.25 * (r13 + r31) / b
        a = 0.25 * (r32 - r23) / b
      } else if yd > 1 {
        c = 0.5 * yd.squareRoot()
        b = 0.25 * (r12 + r21) / c
        d = 0.25 * (r23 + r32) / c
        a = 0.25 * (r13 - r31) / c
      } else {
        d = 0.5 * zd.squareRoot()
        b = 0.25 * (r13 + r31) / d
        c = 0.25 * (r23 + r32) / d
        a = 0.25 * (r21 - r12) / d
      }
      if a < 0 { (b, c, d) = (-b, -c, -d) }
    }
    return (SIMD3(Float(b), Float(c), Float(d)), leftHanded)
  }
}
