package import Errors

extension ErrorCode {
  /// The file is not NIfTI at all.
  package static let notNIfTI = ErrorCode("E_NOT_NIFTI", .badInput)
  /// A relative of NIfTI-1, a dimension or a number type that is not read: NIfTI-2, `.hdr`/`.img` pairs, time series,
  /// colours.
  package static let niftiUnsupported = ErrorCode("E_NIFTI_UNSUPPORTED", .badInput)
  /// A header field has an invalid value.
  package static let niftiHeader = ErrorCode("E_NIFTI_HEADER", .badInput)
  /// sform, qform and pixdim place the voxels differently.
  package static let niftiFormsDisagree = ErrorCode("E_NIFTI_FORMS_DISAGREE", .badInput)
  /// Neither sform nor qform gives the position of the voxels.
  package static let niftiNoForm = ErrorCode("E_NIFTI_NO_FORM", .badInput)
  /// A volume cannot be expressed in a NIfTI-1 header.
  package static let niftiGeometry = ErrorCode("E_NIFTI_GEOMETRY", .badInput)
}

/// The checked fields of a NIfTI-1 header (nifti1.h, 348 bytes) that describe the voxels and their positions.
struct NIfTIHeader {
  /// Bytes of the header, and of header and extension flag: the data of a single file start after the latter at the
  /// earliest.
  static let byteCount = 348
  static let dataOffset = 352
  /// The latest start of data: header extensions are small.
  private static let largestDataOffset = 1 << 28

  /// The file's byte order is not this machine's little-endian one.
  var swapped = false
  /// dim[1...3].
  var size = SIMD3<Int>(1, 1, 1)
  /// The image has two dimensions and is read as one slice.
  var isPlane = false
  /// Volumes on the grid, one after the other.
  var channels = 1
  var datatype = StoredType.int16
  /// pixdim[0...3]: qfac, then distances in `units`.
  var pixdim: [Float] = [1, 1, 1, 1]
  var dataOffset = NIfTIHeader.dataOffset
  var slope: Float = 0
  var intercept: Float = 0
  /// Factor from the file's unit of length to mm (xyzt_units, as in ITK: unknown is mm).
  var unit = 1.0
  var qformCode = 0
  var sformCode = 0
  /// quatern_b, quatern_c, quatern_d.
  var quaternion = SIMD3<Float>(0, 0, 0)
  /// qoffset_x, qoffset_y, qoffset_z.
  var offset = SIMD3<Float>(0, 0, 0)
  /// srow_x, srow_y, srow_z.
  var rows = [SIMD4<Float>](repeating: SIMD4(0, 0, 0, 0), count: 3)

  /// Voxels in the file.
  var count: Int { size.x * size.y * size.z }
}

extension NIfTIHeader {
  /// Whether bytes start like a single-file NIfTI-1: sizeof_hdr 348 in either order and the magic `n+1`.
  static func isSingleFile(_ bytes: [UInt8]) -> Bool {
    bytes.count >= byteCount && NIfTIFields(bytes).sizeOfHeader == 348 && Array(bytes[344..<348]) == Array("n+1\0".utf8)
  }

  /// Whether bytes start like NIfTI-2: it is recognised in order to be refused by name.
  static func isVersion2(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 8 && [[0x1C, 2, 0, 0], [0, 0, 2, 0x1C]].contains(Array(bytes[..<4]))
      && Array(bytes[4..<8]) == Array("n+2\0".utf8)
  }

  /// Reads and checks a header.
  ///
  /// - Throws: `E_NOT_NIFTI`, `E_NIFTI_UNSUPPORTED`, `E_NIFTI_HEADER` with the field, `E_TRUNCATED`.
  ///
  /// - Parameters:
  ///   - allowsChannels: whether there may be several volumes on the grid.
  ///   - allowsPlane: whether an image of two dimensions is read, as one slice.
  init(_ bytes: [UInt8], file: String, allowsChannels: Bool = false, allowsPlane: Bool = false) throws {
    let fields = NIfTIFields(bytes)
    try Self.checkKind(fields, file: file)
    func refuse(_ field: String, _ value: String, _ rule: String) -> StudyError {
      StudyError(
        .niftiHeader, "NIfTI header field \(field) is \(value); \(rule)", file: file,
        hint: "export the file again from the program that wrote it")
    }

    swapped = fields.swapped
    let dim = (0..<8).map { fields.int16(40 + 2 * $0) }
    guard (1...7).contains(dim[0]) else { throw refuse("dim[0]", "\(dim[0])", "it must be 1 to 7") }
    for axis in 1...dim[0] where dim[axis] < 1 {
      throw refuse("dim[\(axis)]", "\(dim[axis])", "a dimension is at least 1")
    }
    // Each dimension is at most 32767, and a vector has one axis of channels: the fourth, or with time before it the fifth.
    let more = dim[4...].prefix(max(0, dim[0] - 3)).filter { $0 != 1 }
    isPlane = allowsPlane && dim[0] == 2
    guard dim[0] >= 3 || isPlane, more.isEmpty || (allowsChannels && more.count == 1) else {
      throw StudyError(
        .niftiUnsupported,
        "an image of \(dim[1...dim[0]].map(String.init).joined(separator: " x ")) is not three-dimensional",
        file: file, hint: "extract one volume first")
    }
    size = SIMD3(dim[1], dim[2], isPlane ? 1 : dim[3])
    channels = more.first ?? 1

    let code = fields.int16(70)
    guard let datatype = StoredType(niftiCode: code) else {
      throw StudyError(
        .niftiUnsupported, "NIfTI datatype \(code) is not a real number type", file: file,
        hint: "save the image as int16, or float32, or one of the other real types")
    }
    self.datatype = datatype

    pixdim = (0..<4).map { fields.float(76 + 4 * $0) }
    if isPlane, !(pixdim[3] > 0) { pixdim[3] = 1 }
    let start = fields.float(108)
    guard start.isFinite, start == start.rounded(), start >= Float(Self.dataOffset),
      start <= Float(Self.largestDataOffset)
    else {
      throw refuse(
        "vox_offset", "\(start)",
        "data of a single file begin at a whole number of bytes from \(Self.dataOffset) to \(Self.largestDataOffset)")
    }
    dataOffset = Int(start)
    // niftilib reads NaN as 0.
    slope = fields.fixedFloat(112)
    intercept = fields.fixedFloat(116)
    switch fields.byte(123) & 7 {
    case 1: unit = 1e3
    case 3: unit = 1e-3
    default: unit = 1
    }
    qformCode = max(0, fields.int16(252))
    sformCode = max(0, fields.int16(254))
    quaternion = SIMD3(fields.fixedFloat(256), fields.fixedFloat(260), fields.fixedFloat(264))
    offset = SIMD3(fields.fixedFloat(268), fields.fixedFloat(272), fields.fixedFloat(276))
    rows = (0..<3).map { row in
      let at = 280 + 16 * row
      return SIMD4(fields.float(at), fields.float(at + 4), fields.float(at + 8), fields.float(at + 12))
    }
    if qformCode > 0 {
      for (index, name) in zip(0..., ["quatern_b", "quatern_c", "quatern_d", "qoffset_x", "qoffset_y", "qoffset_z"])
      where !fields.float(256 + 4 * index).isFinite {
        throw refuse(name, "\(fields.float(256 + 4 * index))", "it must be a number where qform_code is set")
      }
    }
    if sformCode > 0 {
      for (row, name) in zip(rows, ["srow_x", "srow_y", "srow_z"]) {
        for value in [row.x, row.y, row.z, row.w] where !value.isFinite {
          throw refuse(name, "\(value)", "it must hold numbers where sform_code is set")
        }
      }
    }
  }

  /// Names the kind of a file that is not a NIfTI-1 single file.
  private static func checkKind(_ fields: NIfTIFields, file: String) throws {
    guard fields.count >= 4 else { throw StudyError(.notNIfTI, "the file is too short for a header", file: file) }
    let single = "save it as one NIfTI-1 file, .nii or .nii.gz"
    switch fields.sizeOfHeader {
    case 540: throw StudyError(.niftiUnsupported, "this is a NIfTI-2 file", file: file, hint: single)
    case 348: break
    default:
      throw StudyError(.notNIfTI, "not a NIfTI file: it does not begin with the header's size, 348", file: file)
    }
    guard fields.count >= byteCount else {
      throw StudyError(
        .truncated, "the file ends in its header: \(fields.count) of \(byteCount) bytes", file: file,
        hint: "copy the file again")
    }
    switch fields.magic {
    case "n+1": break
    case "ni1":
      throw StudyError(.niftiUnsupported, "this is one half of a .hdr/.img pair", file: file, hint: single)
    default:
      throw StudyError(
        .niftiUnsupported, "the header has no NIfTI magic: an Analyze 7.5 file does not say where left is",
        file: file, hint: single)
    }
  }
}

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
