import Errors

/// Where a NIfTI header places the voxels, as ITK 5.4 reads it (`NiftiImageIO::SetImageIOOrientationFromNIfTI`):
/// spacing from pixdim, origin and direction from the form that ITK prefers, from RAS to LPS.
struct NIfTIOrientation {
  private let header: NIfTIHeader
  private let file: String
  /// pixdim[1...3] with 0 and NaN as 1, as niftilib repairs them.
  private let spacing: SIMD3<Float>
  private let qform: NIfTIMatrix
  private let sform: NIfTIMatrix

  init(_ header: NIfTIHeader, file: String) {
    self.header = header
    self.file = file
    func repaired(_ value: Float) -> Float { value == 0 || !value.isFinite ? 1 : value }
    spacing = SIMD3(repaired(header.pixdim[1]), repaired(header.pixdim[2]), repaired(header.pixdim[3]))
    if header.qformCode > 0 {
      qform = NIfTIQuaternion.matrix(
        quaternion: header.quaternion, spacing: spacing, leftHanded: header.pixdim[0] < 0)
    } else {
      qform = NIfTIMatrix(SIMD3(spacing.x, 0, 0), SIMD3(0, spacing.y, 0), SIMD3(0, 0, spacing.z))
    }
    func row(_ index: Int) -> SIMD3<Float> {
      header.sformCode > 0 ? header.rows[index].lowHalf3 : SIMD3(0, 0, 0)
    }
    sform = NIfTIMatrix(row(0), row(1), row(2))
  }

  /// The geometry.
  ///
  /// - Parameter acceptWithoutForms: read a file that has neither sform nor qform as ITK does: origin 0, axes along
  ///   LPS.
  /// - Throws: `E_NIFTI_NO_FORM`; `E_NIFTI_FORMS_DISAGREE` where sform, qform and pixdim place a corner voxel more than
  ///   0.01 voxel apart; `E_NIFTI_HEADER` where the axes are not at right angles.
  func geometry(acceptWithoutForms: Bool) throws -> Geometry {
    guard spacing.min() > 0 else {
      throw StudyError(
        .niftiHeader, "NIfTI header field pixdim holds a negative distance: \(spacing.x), \(spacing.y), \(spacing.z)",
        file: file, hint: "export the file again from the program that wrote it")
    }
    var geometry = Geometry(size: header.size, spacing: Vector3(spacing) * header.unit)
    if header.qformCode == 0 && header.sformCode == 0 {
      guard acceptWithoutForms else {
        throw StudyError(
          .niftiNoForm, "neither sform nor qform is set: the file does not say where its voxels lie", file: file,
          hint: "save it from a program that keeps the orientation")
      }
      return geometry
    }
    let useSform = try prefersSform()
    let matrix = useSform ? sform : qform
    let offset = useSform ? sformOffset : header.offset
    geometry.origin = Vector3(-Double(offset.x), -Double(offset.y), Double(offset.z)) * header.unit
    geometry.direction = Matrix3(
      Self.axis(matrix.column(0)), Self.axis(matrix.column(1)), Self.axis(matrix.column(2)))
    guard let inverse = geometry.direction.inverse, abs(geometry.direction.determinant) > 0.99 else {
      throw StudyError(.niftiHeader, "the voxel axes of \(useSform ? "sform" : "qform") are degenerate", file: file)
    }
    try checkForms(agreeWith: geometry, inverse: inverse)
    return geometry
  }

  private var sformOffset: SIMD3<Float> { SIMD3(header.rows[0].w, header.rows[1].w, header.rows[2].w) }

  /// A column of a form as a unit vector in LPS (ITK's `Normalize`, in double).
  private static func axis(_ column: SIMD3<Float>) -> Vector3 {
    let lps = Vector3(-Double(column.x), -Double(column.y), Double(column.z))
    let sum = lps.x * lps.x + lps.y * lps.y + lps.z * lps.z
    return sum == 0 ? lps : lps / sum.squareRoot()
  }

  /// ITK's choice. It uses the sform where that is orthonormal and labelled as scanner coordinates, or where there
  /// is no qform, or where both are nearly equal; otherwise the qform.
  private func prefersSform() throws -> Bool {
    var prefer = elementsSimilar
    if !prefer || header.sformCode > 0, isOrthonormal(sform) {
      if header.qformCode == 0 && header.sformCode > 0 || header.sformCode == 1 {
        prefer = true
      } else if header.qformCode > 0 && header.sformCode > 0 {
        prefer = decomposedSimilar
      }
    }
    if prefer || header.qformCode > 0 { return prefer }
    throw StudyError(
      .niftiHeader, "the axes of the sform are not at right angles and there is no qform", file: file,
      hint: "resample the image onto a grid with right angles first")
  }

  /// Whether every element agrees within 1e-5, with equal offsets.
  private var elementsSimilar: Bool {
    for (s, q) in zip(sform.m, qform.m) {
      for column in 0..<3 where !(Double(abs(s[column] - q[column])) <= 1e-5) { return false }
    }
    let difference = sformOffset - header.offset
    return Double(abs(difference.x) + abs(difference.y) + abs(difference.z)) <= 1e-7
  }

  /// Whether the columns, scaled to unit length, are orthonormal within 1e-4 (float32 as in ITK).
  private func isOrthonormal(_ matrix: NIfTIMatrix) -> Bool {
    var columns: [SIMD3<Float>] = []
    for index in 0..<3 {
      let column = matrix.column(index)
      let sum = column.x * column.x + column.y * column.y + column.z * column.z
      guard sum > 0, sum.isFinite else { return false }
      columns.append(column * (1 / sum.squareRoot()))
    }
    for i in 0..<3 {
      for j in 0..<3 {
        let value =
          columns[0][i] * columns[0][j] + columns[1][i] * columns[1][j] + columns[2][i] * columns[2][j]
        guard Double(abs(value - (i == j ? 1 : 0))) <= 1e-4 else { return false }
      }
    }
    return true
  }

  /// Singular values, left singular vectors and offsets within 1e-4 (float32 as in ITK).
  private var decomposedSimilar: Bool {
    // A form that cannot be decomposed was refused before.
    let (s, q) = (sform.singularValues, qform.singularValues)
    let offsets = sformOffset - header.offset
    for axis in 0..<3 {
      guard Double(abs(s.values[axis] - q.values[axis])) <= 1e-4, Double(abs(offsets[axis])) <= 1e-4 else {
        return false
      }
    }
    for i in 0..<3 {
      for j in 0..<3 {
        // U of one form times the inverse of the other's, which is its transpose.
        let value = (0..<3).reduce(Float(0)) { $0 + s.left(i, $1) * q.left(j, $1) }
        guard Double(abs(value - (i == j ? 1 : 0))) <= 1e-4 else { return false }
      }
    }
    return true
  }

  /// The largest distance in voxels by which the forms may separate a corner voxel.
  private static let tolerance = 0.01

  private func checkForms(agreeWith geometry: Geometry, inverse: Matrix3) throws {
    let forms = [
      header.sformCode > 0 ? ("sform", sform, sformOffset) : nil,
      header.qformCode > 0 ? ("qform", qform, header.offset) : nil,
    ].compactMap { $0 }
    for (name, matrix, offset) in forms {
      for corner in geometry.cornerIndices {
        let index = Vector3(index: corner)
        var place = Vector3(offset)
        for axis in 0..<3 { place += Vector3(matrix.column(axis)) * index[axis] }
        let lps = Vector3(-place.x, -place.y, place.z) * header.unit
        let found = (inverse * (lps - geometry.origin)) / geometry.spacing
        let distance = (found - index).length
        guard distance <= Self.tolerance else {
          throw StudyError(
            .niftiFormsDisagree,
            "the \(name) puts voxel (\(corner.x), \(corner.y), \(corner.z)) \(rounded(distance)) voxels from where "
              + "\(forms.count > 1 ? "the other form and pixdim put" : "pixdim puts") it",
            file: file, hint: "decide which is right and save the file with one orientation",
            details: ["form": name, "voxels": "\(distance)"])
        }
      }
    }
  }

  private func rounded(_ value: Double) -> String {
    value < 1e6 ? "\((value * 1000).rounded() / 1000)" : "more than a million"
  }
}

extension SIMD4 where Scalar == Float {
  fileprivate var lowHalf3: SIMD3<Float> { SIMD3(x, y, z) }
}
