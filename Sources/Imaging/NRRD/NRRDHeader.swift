package import Errors

extension ErrorCode {
  /// The file is not NRRD.
  package static let notNRRD = ErrorCode("E_NOT_NRRD", .badInput)
  /// A kind of NRRD that is not read: text, unknown axes, spaces other than LPS and RAS.
  package static let nrrdUnsupported = ErrorCode("E_NRRD_UNSUPPORTED", .badInput)
  /// A field of an NRRD header is missing or wrong.
  package static let nrrdHeader = ErrorCode("E_NRRD_HEADER", .badInput)
  /// An NRRD header whose data are in another file: a path in a file is never followed.
  package static let nrrdDetached = ErrorCode("E_NRRD_DETACHED", .badInput)
}

/// An attached NRRD header: lines `field: value` and `key:=value`, ended by an empty line.
struct NRRDHeader {
  /// A header is longer where it carries many key/value pairs (3D Slicer's segments), but it has a limit.
  static let maximumBytes = 1 << 20

  let size: SIMD3<Int>
  /// The image has two dimensions and is read as one slice.
  let isPlane: Bool
  /// Number of label maps in the file: 1, or the length of the list axis.
  let layers: Int
  /// Whether the layers of a voxel are adjacent (the list is the fastest axis, as 3D Slicer writes it).
  let isInterleaved: Bool
  /// 3D Slicer's segments, in order; none in other files.
  let segments: [LabelSegment]
  let type: StoredType
  let swapped: Bool
  let isGzip: Bool
  /// Where the data start.
  let dataOffset: Int
  /// Bytes before the first voxel: in the expanded data where they are compressed. -1: the voxels are the file's last
  /// bytes.
  let byteSkip: Int
  let geometry: Geometry

  static func isNRRD(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 9 && bytes.starts(with: Array("NRRD000".utf8)) && (0x31...0x35).contains(bytes[7])
  }

  /// - Throws: `E_NOT_NRRD`, `E_NRRD_UNSUPPORTED`, `E_NRRD_HEADER` with the field, `E_TRUNCATED`.
  ///
  /// - Parameter allowsPlane: whether an image of two dimensions is read, as one slice.
  init(_ bytes: [UInt8], file: String, allowsPlane: Bool = false) throws {
    guard Self.isNRRD(bytes) else { throw StudyError(.notNRRD, "not an NRRD file", file: file) }
    let (read, pairs, end) = try Self.fields(bytes, file: file)
    isPlane = allowsPlane && read["dimension"] == "2"
    let fields = isPlane ? NRRDAxes.oneSlice(read) : read
    let legacy = NRRDLegacyExtents(pairs, spaceDimension: fields["space dimension"])
    segments = NRRDSegments.read(pairs, extents: legacy)
    func unsupported(_ what: String) -> StudyError {
      StudyError(
        .nrrdUnsupported, what, file: file, hint: "save it as one .nrrd file with a single layer, raw or gzip")
    }
    func value(_ name: String) throws -> String {
      guard let value = fields[name] else {
        throw StudyError(.nrrdHeader, "the NRRD header has no field '\(name)'", file: file, hint: "export it again")
      }
      return value
    }
    func wrong(_ name: String) -> StudyError {
      StudyError(
        .nrrdHeader, "NRRD header field '\(name)' cannot be right: \(fields[name]?.prefix(80) ?? "")", file: file,
        hint: "export it again")
    }

    guard fields["data file"] == nil, fields["datafile"] == nil else { throw Self.detached(file) }
    func skip(_ names: [String], from least: Int) throws -> Int {
      guard let name = names.first(where: { fields[$0] != nil }) else { return 0 }
      guard let count = fields[name].flatMap({ Int($0) }), (least...1 << 30).contains(count) else { throw wrong(name) }
      return count
    }
    dataOffset = try Self.skipLines(try skip(["line skip", "lineskip"], from: 0), bytes, from: end, file: file)
    byteSkip = try skip(["byte skip", "byteskip"], from: -1)
    if pairs["Segmentation_MasterRepresentation"].map({ !$0.hasPrefix("Binary labelmap") }) ?? false {
      throw unsupported("3D Slicer's segments are not kept as binary label maps")
    }
    let axes = try NRRDAxes(
      dimension: try value("dimension"), sizes: try value("sizes"), directions: try value("space directions"),
      kinds: fields["kinds"], isLegacy: legacy != nil, unsupported: unsupported, wrong: wrong)
    size = axes.size
    layers = axes.layers
    isInterleaved = axes.listAxis == 0
    guard let type = StoredType(nrrdName: try value("type")) else { throw unsupported("the type is not a real number") }
    self.type = type
    switch try value("encoding").lowercased() {
    case "raw": isGzip = false
    case "gzip", "gz": isGzip = true
    default: throw unsupported("encoding \(try value("encoding").prefix(20))")
    }
    guard byteSkip >= 0 || !isGzip else { throw wrong("byte skip") }
    if type.bytes > 1 {
      switch try value("endian").lowercased() {
      case "little": swapped = false
      case "big": swapped = true
      default: throw wrong("endian")
      }
    } else {
      swapped = false
    }

    // Converts the file's coordinates to LPS, as ITK does. Before 2020 3D Slicer wrote its own, RAS, without a name.
    let lps: Vector3
    switch legacy == nil ? try value("space").lowercased() : "right-anterior-superior" {
    case "left-posterior-superior", "lps": lps = Vector3(1, 1, 1)
    case "right-anterior-superior", "ras": lps = Vector3(-1, -1, 1)
    case "left-anterior-superior", "las": lps = Vector3(1, -1, 1)
    default:
      throw unsupported(
        "the space is none of left-posterior-superior, right-anterior-superior and left-anterior-superior")
    }
    let origin = NRRDAxes.numbers(try value("space origin")).first ?? []
    guard origin.count == (legacy == nil ? 3 : 4) else { throw wrong("space origin") }
    var geometry = Geometry(size: size)
    for axis in 0..<3 {
      let length = axes.directions[axis].length
      guard length.isFinite, length > 0 else { throw wrong("space directions") }
      geometry.spacing[axis] = length
      // nrrdSpacingCalculate multiplies by the reciprocal: equal bits need equal steps.
      geometry.direction[axis] = axes.directions[axis] * (1 / length) * lps
    }
    guard abs(geometry.direction.determinant) > 0.99 else { throw wrong("space directions") }
    geometry.origin = Vector3(origin[0], origin[1], origin[2]) * lps
    // The file's origin is that of index 0 of the segments' common grid; the file contains a part of that grid.
    if let legacy, legacy.size != size { throw wrong("sizes") }
    if let legacy { geometry.origin = geometry.point(at: Vector3(index: legacy.start)) }
    self.geometry = geometry
  }

  private static func detached(_ file: String) -> StudyError {
    StudyError(
      .nrrdDetached, "the header's data are in another file, which is not read", file: file,
      hint: "save it as one .nrrd file (attached header)")
  }

  /// The offset after some lines of text that follow the header.
  private static func skipLines(_ count: Int, _ bytes: [UInt8], from start: Int, file: String) throws -> Int {
    var position = start
    for _ in 0..<count {
      guard let newline = bytes[position...].firstIndex(of: 0x0a) else {
        throw StudyError(.truncated, "the file ends in the lines that are to be skipped", file: file)
      }
      position = newline + 1
    }
    return position
  }

  /// The fields by name in lower case, the key/value pairs, and the offset after the header.
  private static func fields(
    _ bytes: [UInt8], file: String
  ) throws -> (fields: [String: String], pairs: [String: String], end: Int) {
    var fields: [String: String] = [:]
    var pairs: [String: String] = [:]
    var start = 0
    while let newline = bytes[start...].firstIndex(of: 0x0a) {
      var line = bytes[start..<newline]
      if line.last == 0x0d { line.removeLast() }
      defer { start = newline + 1 }
      if line.isEmpty { return (fields, pairs, newline + 1) }
      guard line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")),
        colon + 1 < line.endIndex
      else { continue }  // the magic, or a comment
      if line[colon + 1] == UInt8(ascii: "=") {
        pairs[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: line[(colon + 2)...], as: UTF8.self)
        continue
      }
      guard line[colon + 1] == UInt8(ascii: " ") else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = String(decoding: line[(colon + 2)...], as: UTF8.self)
      let (from, to) = (value.firstIndex { $0 != " " }, value.lastIndex { $0 != " " })
      if let from, let to { fields[name] = String(value[from...to]) }
    }
    // The data are elsewhere: such a header may end without the empty line.
    let rest = String(decoding: bytes[start...].prefix(16), as: UTF8.self).lowercased()
    guard fields["data file"] == nil, fields["datafile"] == nil, !rest.hasPrefix("data file:"),
      !rest.hasPrefix("datafile:")
    else { throw detached(file) }
    throw StudyError(.truncated, "the file ends in its header, or the header is too long", file: file)
  }
}

extension StoredType {
  /// The names that the NRRD format definition allows for each type.
  fileprivate init?(nrrdName: String) {
    switch nrrdName.lowercased() {
    case "uchar", "unsigned char", "uint8", "uint8_t": self = .uint8
    case "signed char", "int8", "int8_t": self = .int8
    case "short", "short int", "signed short", "signed short int", "int16", "int16_t": self = .int16
    case "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t": self = .uint16
    case "int", "signed int", "int32", "int32_t": self = .int32
    case "uint", "unsigned int", "uint32", "uint32_t": self = .uint32
    case "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t":
      self = .int64
    case "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t": self = .uint64
    case "float": self = .float32
    case "double": self = .float64
    default: return nil
    }
  }
}
