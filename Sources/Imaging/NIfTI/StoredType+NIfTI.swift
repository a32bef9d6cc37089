extension StoredType {
  /// The codes of nifti1.h for types of one real number per voxel.
  private static let niftiCodes: [(code: Int, type: StoredType)] = [
    (2, .uint8), (4, .int16), (8, .int32), (16, .float32), (64, .float64), (256, .int8), (512, .uint16),
    (768, .uint32), (1024, .int64), (1280, .uint64),
  ]

  /// The type of a datatype code, or nil where it is a colour, a complex number or unknown.
  init?(niftiCode: Int) {
    guard let entry = Self.niftiCodes.first(where: { $0.code == niftiCode }) else { return nil }
    self = entry.type
  }

  var niftiCode: Int { Self.niftiCodes.first { $0.type == self }?.code ?? 0 }
}
