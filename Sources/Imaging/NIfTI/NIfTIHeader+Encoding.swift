import Errors

extension NIfTIHeader {
  /// The header that places a grid: equal sform and qform with code 1 (scanner coordinates), RAS from LPS, mm.
  ///
  /// - Throws: `E_NIFTI_GEOMETRY` where the grid has more than 32767 voxels along an axis, numbers that are not
  ///   finite, or axes so far from right angles that a qform cannot represent them.
  init(encoding geometry: Geometry, type: PixelType, file: String) throws {
    func refuse(_ what: String) -> StudyError {
      StudyError(.niftiGeometry, "NIfTI-1 cannot hold this grid: \(what)", file: file)
    }
    for axis in 0..<3 {
      guard (1...Int(Int16.max)).contains(geometry.size[axis]) else {
        throw refuse("\(geometry.size[axis]) voxels along an axis")
      }
      guard Float(geometry.spacing[axis]) > 0, Float(geometry.spacing[axis]).isFinite,
        Float(geometry.origin[axis]).isFinite
      else { throw refuse("spacing \(geometry.spacing), origin \(geometry.origin)") }
    }
    size = geometry.size
    datatype = StoredType(type)
    // Adding 0 turns -0 into 0: one grid has one header.
    func ras(_ v: Vector3) -> SIMD3<Float> { SIMD3(Float(-v.x + 0), Float(-v.y + 0), Float(v.z + 0)) }
    offset = ras(geometry.origin)
    let axes = (0..<3).map { ras(geometry.direction[$0]) }
    let scaled = (0..<3).map { ras(geometry.direction[$0] * Double(Float(geometry.spacing[$0]))) }
    rows = (0..<3).map { SIMD4(scaled[0][$0], scaled[1][$0], scaled[2][$0], offset[$0]) }
    let rotation = (0..<3).map { SIMD3(axes[0][$0], axes[1][$0], axes[2][$0]) }
    let (quaternion, leftHanded) = NIfTIQuaternion.quaternion(
      of: NIfTIMatrix(rotation[0], rotation[1], rotation[2]))
    self.quaternion = quaternion
    pixdim =
      [leftHanded ? -1 : 1] + [Float(geometry.spacing.x), Float(geometry.spacing.y), Float(geometry.spacing.z)]
    qformCode = 1
    sformCode = 1
    do {
      _ = try NIfTIOrientation(self, file: file).geometry(acceptWithoutForms: false)
    } catch let error as StudyError {
      throw refuse(error.message)
    }
  }

  /// The header's 348 bytes and the 4 of the (absent) extension, little-endian.
  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.dataOffset)
    func put<T: FixedWidthInteger>(_ value: T, _ offset: Int) {
      withUnsafeBytes(of: value.littleEndian) { source in
        for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
      }
    }
    func put(_ value: Float, _ offset: Int) { put(value.bitPattern, offset) }
    func put(_ text: String, _ offset: Int) {
      for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
    }

    put(Int32(348), 0)
    put(UInt8(ascii: "r"), 38)
    for (index, length) in [3, size.x, size.y, size.z, 1, 1, 1, 1].enumerated() { put(Int16(length), 40 + 2 * index) }
    put(Int16(datatype.niftiCode), 70)
    put(Int16(datatype.bytes * 8), 72)
    for (index, value) in pixdim.enumerated() { put(value, 76 + 4 * index) }
    put(Float(dataOffset), 108)
    put(Float(1), 112)
    put(UInt8(2), 123)
    put("radiomicsd", 148)
    put(Int16(qformCode), 252)
    put(Int16(sformCode), 254)
    for axis in 0..<3 {
      put(quaternion[axis], 256 + 4 * axis)
      put(offset[axis], 268 + 4 * axis)
      for column in 0..<4 { put(rows[axis][column], 280 + 16 * axis + 4 * column) }
    }
    put("n+1", 344)
    return bytes
  }
}
