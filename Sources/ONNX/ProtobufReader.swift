internal import Errors
internal import Model

/// Reads one protobuf message field by field, in place and within its bounds. No size that the file claims leads to an
/// allocation without the bytes being present.
///
/// Wire format: https://protobuf.dev/programming-guides/encoding/
struct ProtobufReader {
  enum Value {
    /// Wire type 0.
    case varint(UInt64)
    /// Wire type 1: little-endian bits of a double or a 64-bit integer.
    case fixed64(UInt64)
    /// Wire type 5: bits of a float or a 32-bit integer.
    case fixed32(UInt32)
    /// Wire type 2: text, bytes, a message or packed numbers.
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next field's number and value; nil at the end.
  ///
  /// - Throws: `onnx` for a field that is truncated, too long, of a wire type that no current writer uses, or numbered
  ///   0.
  mutating func next() throws -> (number: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try varint()
    guard key >> 3 >= 1, key >> 3 <= 536_870_911 else { throw Self.fault("a field has an impossible number") }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else {
        throw Self.fault("a field claims \(length) bytes, \(rest.count) are left")
      }
      let bytes = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      return (number, .bytes(bytes))
    default: throw Self.fault("a field has the wire type \(key & 7)")
    }
  }

  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      guard shift < 63 || byte <= 1 else { throw Self.fault("a number has more than 64 bits") }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
      shift += 7
      guard shift <= 63 else { throw Self.fault("a number has more than 64 bits") }
    }
    throw Self.fault("it ends within a number")
  }

  private mutating func fixed(_ count: Int) throws -> UInt64 {
    guard rest.count >= count else { throw Self.fault("it ends within a number") }
    var value: UInt64 = 0
    for (place, byte) in rest.prefix(count).enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
    rest = rest.dropFirst(count)
    return value
  }

  static func fault(_ message: String) -> StudyError {
    StudyError(
      .onnx, "the ONNX file is malformed: \(message)", hint: "export it again; is it an .onnx file at all?")
  }
}

extension ProtobufReader.Value {
  func text() throws -> String { String(decoding: try slice(), as: UTF8.self) }

  func slice() throws -> ArraySlice<UInt8> {
    guard case .bytes(let bytes) = self else { throw ProtobufReader.fault("a number stands where a message is due") }
    return bytes
  }

  func integer() throws -> Int64 {
    guard case .varint(let value) = self else { throw ProtobufReader.fault("an integer is due") }
    return Int64(bitPattern: value)
  }

  func float() throws -> Double {
    guard case .fixed32(let bits) = self else { throw ProtobufReader.fault("a float is due") }
    return Double(Float(bitPattern: bits))
  }

  /// Numbers of a repeated field, packed or single.
  func integers(into list: inout [Int64]) throws {
    guard case .bytes(let bytes) = self else {
      list.append(try integer())
      return
    }
    var reader = ProtobufReader(bytes)
    while !reader.isAtEnd { list.append(Int64(bitPattern: try reader.varint())) }
  }

  func floats(into list: inout [Double]) throws {
    guard case .bytes(let bytes) = self else {
      list.append(try float())
      return
    }
    guard bytes.count % 4 == 0 else { throw ProtobufReader.fault("packed floats are cut") }
    list.append(contentsOf: littleEndian(bytes, 4) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) })
  }

  func doubles(into list: inout [Double]) throws {
    if case .fixed64(let bits) = self {
      list.append(Double(bitPattern: bits))
      return
    }
    let bytes = try slice()
    guard bytes.count % 8 == 0 else { throw ProtobufReader.fault("packed doubles are cut") }
    list.append(contentsOf: littleEndian(bytes, 8) { Double(bitPattern: $0) })
  }
}

/// Numbers of `size` bytes each, from a slice with a whole number of them.
func littleEndian<T>(_ bytes: ArraySlice<UInt8>, _ size: Int, _ make: (UInt64) -> T) -> [T] {
  stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
    var value: UInt64 = 0
    for place in 0..<size { value |= UInt64(bytes[start + place]) << UInt64(8 * place) }
    return make(value)
  }
}
