package import Errors

extension ErrorCode {
  /// A field of a MetaImage header is missing or wrong.
  package static let metaImageHeader = ErrorCode("E_METAIMAGE_HEADER", .badInput)
  /// A kind of MetaImage that is not read: text, several channels, not a volume.
  package static let metaImageUnsupported = ErrorCode("E_METAIMAGE_UNSUPPORTED", .badInput)
  /// A MetaImage header (.mhd) whose data are in another file: a path in a file is never followed.
  package static let metaImageDetached = ErrorCode("E_METAIMAGE_DETACHED", .badInput)
}

/// The header of a MetaImage file: lines `Key = Value`; the last is `ElementDataFile`.
struct MetaImageHeader {
  static let maximumBytes = 1 << 18

  let geometry: Geometry
  /// The image has two dimensions and is read as one slice.
  let isPlane: Bool
  let type: StoredType
  let swapped: Bool
  let isCompressed: Bool
  /// Where the data start.
  let dataOffset: Int

  /// Whether it starts with a key that MetaImage files start with, and has both required keys.
  static func isMetaImage(_ bytes: [UInt8]) -> Bool {
    guard let fields = fields(bytes)?.fields else { return false }
    return fields["ndims"] != nil && fields["elementdatafile"] != nil
  }

  /// - Throws: `E_METAIMAGE_HEADER` with the key, `E_METAIMAGE_UNSUPPORTED`, `E_METAIMAGE_DETACHED`.
  ///
  /// - Parameter allowsPlane: whether an image of two dimensions is read, as one slice.
  init(_ bytes: [UInt8], file: String, allowsPlane: Bool = false) throws {
    func wrong(_ key: String) -> StudyError {
      StudyError(
        .metaImageHeader, "MetaImage header key '\(key)' is missing or cannot be right", file: file,
        hint: "export it again")
    }
    func unsupported(_ what: String) -> StudyError {
      StudyError(.metaImageUnsupported, what, file: file, hint: "save it as one .mha file, binary, with one channel")
    }
    guard let (read, end) = Self.fields(bytes) else { throw wrong("ElementDataFile") }
    isPlane = allowsPlane && read["ndims"] == "2"
    let fields = isPlane ? Self.oneSlice(read) : read
    guard fields["elementdatafile"] == "LOCAL" else {
      throw StudyError(
        .metaImageDetached, "the header's data are in another file, which is not read", file: file,
        hint: "save it as one .mha file instead of .mhd and .raw")
    }
    dataOffset = end
    func numbers(_ keys: [String], _ count: Int) throws -> [Double]? {
      guard let key = keys.first(where: { fields[$0] != nil }) else { return nil }
      let values = (fields[key] ?? "").split(separator: " ").map { Double($0) ?? .nan }
      guard values.count == count, values.allSatisfy(\.isFinite) else { throw wrong(key) }
      return values
    }
    func isTrue(_ key: String) -> Bool { fields[key]?.lowercased() == "true" || fields[key] == "1" }

    guard fields["ndims"] == "3" else { throw unsupported("NDims is not 3: the image is not a volume") }
    guard (fields["elementnumberofchannels"] ?? "1") == "1" else { throw unsupported("it has several channels") }
    guard isTrue("binarydata") || fields["binarydata"] == nil else { throw unsupported("its data are text") }
    guard fields["headersize"] == nil || fields["headersize"] == "0" else { throw unsupported("it has a HeaderSize") }
    guard let sizes = try numbers(["dimsize"], 3), sizes.allSatisfy({ $0 >= 1 && $0 <= 65535 && $0 == $0.rounded() })
    else { throw wrong("DimSize") }
    guard let type = StoredType(metaName: fields["elementtype"] ?? "") else {
      throw unsupported("its ElementType is not a real number")
    }
    self.type = type
    isCompressed = isTrue("compresseddata")
    swapped = isTrue("binarydatabyteordermsb") || isTrue("elementbyteordermsb")
    var geometry = Geometry(size: SIMD3(Int(sizes[0]), Int(sizes[1]), Int(sizes[2])))
    if let spacing = try numbers(["elementspacing", "elementsize"], 3) {
      guard spacing.allSatisfy({ $0 > 0 }) else { throw wrong("ElementSpacing") }
      geometry.spacing = Vector3(spacing[0], spacing[1], spacing[2])
    }
    if let origin = try numbers(["offset", "position", "origin"], 3) {
      geometry.origin = Vector3(origin[0], origin[1], origin[2])
    }
    // Three numbers per axis: the axis' direction in LPS, as in ITK.
    if let matrix = try numbers(["transformmatrix", "rotation", "orientation"], 9) {
      for axis in 0..<3 {
        let direction = Vector3(matrix[3 * axis], matrix[3 * axis + 1], matrix[3 * axis + 2])
        guard abs(direction.length - 1) < 1e-3 else { throw wrong("TransformMatrix") }
        geometry.direction[axis] = direction / direction.length
      }
    }
    guard abs(geometry.direction.determinant) > 0.99 else { throw wrong("TransformMatrix") }
    self.geometry = geometry
  }

  /// The keys of an image of two dimensions as those of a volume of one slice.
  private static func oneSlice(_ fields: [String: String]) -> [String: String] {
    var fields = fields
    fields["ndims"] = "3"
    for key in ["dimsize", "elementspacing", "elementsize"] { fields[key] = fields[key].map { $0 + " 1" } }
    for key in ["offset", "position", "origin"] { fields[key] = fields[key].map { $0 + " 0" } }
    for key in ["transformmatrix", "rotation", "orientation"] {
      guard let values = fields[key]?.split(separator: " "), values.count == 4 else { continue }
      fields[key] = "\(values[0]) \(values[1]) 0 \(values[2]) \(values[3]) 0 0 0 1"
    }
    return fields
  }

  /// The keys in lower case, and the offset after the line of `ElementDataFile`; nil where that line is absent or
  /// the file does not start with a key. ITK saves other programs' metadata among the keys (`dim[0] = 3`, DICOM tags,
  /// text of several lines): unknown keys are skipped.
  private static func fields(_ bytes: [UInt8]) -> (fields: [String: String], end: Int)? {
    var fields: [String: String] = [:]
    var start = 0
    while let newline = bytes[start...].firstIndex(of: 0x0a) {
      let line = bytes[start..<newline]
      let isFirst = start == 0
      start = newline + 1
      guard line.count < 4096, let text = String(validating: line, as: UTF8.self),
        let equals = text.firstIndex(of: "="),
        case let key = trimmed(text[..<equals]).lowercased(), isKey(key)
      else {
        if isFirst { return nil }
        continue
      }
      fields[key] = fields[key] ?? trimmed(text[text.index(after: equals)...])
      if key == "elementdatafile" { return (fields, start) }
    }
    return nil
  }

  private static func isKey(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (c: Character) in c == " " || c == "\t" || c == "\r" }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else {
      return ""
    }
    return String(text[first...last])
  }
}

extension StoredType {
  fileprivate init?(metaName: String) {
    switch metaName {
    case "MET_UCHAR": self = .uint8
    case "MET_CHAR": self = .int8
    case "MET_SHORT": self = .int16
    case "MET_USHORT": self = .uint16
    case "MET_INT", "MET_LONG": self = .int32
    case "MET_UINT", "MET_ULONG": self = .uint32
    case "MET_LONG_LONG": self = .int64
    case "MET_ULONG_LONG": self = .uint64
    case "MET_FLOAT": self = .float32
    case "MET_DOUBLE": self = .float64
    default: return nil
    }
  }
}
