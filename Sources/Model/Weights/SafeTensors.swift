internal import Errors
internal import FoundationEssentials

/// A safetensors file, read strictly: the 8-byte little-endian length of a JSON header, the header, then the tensors'
/// bytes, which it must describe without gap, overlap or remainder. Only `F64` and `I64`.
///
/// Format: https://github.com/huggingface/safetensors#format
package struct SafeTensors: Sendable {
  /// A header has a few hundred bytes per tensor; the format's own limit is 100 MB.
  static let headerLimit = 1 << 20
  static let tensorLimit = 4096
  static let rankLimit = 4

  package let tensors: [String: Tensor]

  /// - Parameter file: the name for messages.
  /// - Throws: `modelWeights` naming the error; `modelUnsupported` for another number type.
  package init(_ bytes: [UInt8], file: String) throws {
    let header = try Self.header(of: bytes, file: file)
    let data = bytes[(8 + header.length)...]
    var position = 0
    var tensors: [String: Tensor] = [:]
    for (name, entry) in header.entries.sorted(by: { $0.value.begin < $1.value.begin }) {
      let count = try Self.count(of: entry, name: name, file: file)
      guard entry.begin == position, entry.end - entry.begin == 8 * count, entry.end <= data.count else {
        throw Self.fault(
          "tensor \(name) claims bytes \(entry.begin) to \(entry.end), where \(8 * count) bytes from \(position) are due"
            + " and \(data.count) are there", file)
      }
      position = entry.end
      let first = data.startIndex + entry.begin
      tensors[name] = Tensor(
        name: name, shape: entry.shape, values: try Self.values(bytes, first, count, entry.dtype, name, file))
    }
    guard position == data.count else {
      throw Self.fault("\(data.count - position) bytes after the last tensor belong to none", file)
    }
    self.tensors = tensors
  }

  private static func header(of bytes: [UInt8], file: String) throws -> (length: Int, entries: [String: Entry]) {
    guard bytes.count >= 8 else { throw fault("it has \(bytes.count) bytes, too few for a safetensors header", file) }
    let claimed = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard claimed >= 2, claimed <= UInt64(headerLimit), claimed <= UInt64(bytes.count - 8) else {
      throw fault("its header claims \(claimed) bytes; the file has \(bytes.count), \(headerLimit) are allowed", file)
    }
    let length = Int(claimed)
    guard bytes[8] == UInt8(ascii: "{") else { throw fault("its header is not a JSON object", file) }
    do {
      let header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<(8 + length)]))
      guard header.entries.count <= tensorLimit else { throw fault("it has more than \(tensorLimit) tensors", file) }
      return (length, header.entries)
    } catch let error as DecodingError {
      throw fault("its header is malformed: \(error.place)", file)
    }
  }

  /// Number of elements, by checked arithmetic.
  private static func count(of entry: Entry, name: String, file: String) throws -> Int {
    guard entry.shape.count <= rankLimit, entry.begin >= 0, entry.end >= entry.begin else {
      throw fault("tensor \(name) has more than \(rankLimit) axes, or bytes that end before they begin", file)
    }
    var count = 1
    for length in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 1, !overflow, product <= Int.max / 8 else {
        throw fault("tensor \(name) has the impossible shape \(entry.shape)", file)
      }
      count = product
    }
    return count
  }

  private static func values(
    _ bytes: [UInt8], _ first: Int, _ count: Int, _ dtype: String, _ name: String, _ file: String
  ) throws -> Tensor.Values {
    switch dtype {
    case "F64":
      return .float64(
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: first + 8 * $0, as: UInt64.self)))
          }
        })
    case "I64":
      return .int64(
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            Int64(littleEndian: raw.loadUnaligned(fromByteOffset: first + 8 * $0, as: Int64.self))
          }
        })
    default:
      throw StudyError(
        .modelUnsupported, "tensor \(name) holds numbers of type \(dtype); F64 and I64 are read", file: file,
        hint: "export the model in double precision")
    }
  }

  private static func fault(_ message: String, _ file: String) -> StudyError {
    StudyError(.modelWeights, "\(file) is not a sound safetensors file: \(message)", file: file, hint: restoreHint)
  }
}

private struct Entry: Decodable {
  var dtype: String
  var shape: [Int]
  var begin: Int
  var end: Int

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    dtype = try values.decode(String.self, forKey: .dtype)
    shape = try values.decode([Int].self, forKey: .shape)
    let offsets = try values.decode([Int].self, forKey: .offsets)
    guard offsets.count == 2 else {
      throw DecodingError.dataCorruptedError(
        forKey: .offsets, in: values, debugDescription: "has \(offsets.count) numbers, two are due")
    }
    (begin, end) = (offsets[0], offsets[1])
  }
}

/// The header's object: one tensor per key, except for `__metadata__`, which is ignored.
private struct Header: Decodable {
  var entries: [String: Entry] = [:]

  struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Name.self)
    for key in values.allKeys where key.stringValue != "__metadata__" {
      entries[key.stringValue] = try values.decode(Entry.self, forKey: key)
    }
  }
}
