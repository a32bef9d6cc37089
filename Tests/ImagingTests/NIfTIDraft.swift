import Foundation

/// Builds NIfTI-1 files field by field, valid unless a test says otherwise.
struct NIfTIDraft {
  var bigEndian = false
  var sizeOfHeader: Int32 = 348
  var dim: [Int16] = [3, 3, 4, 5, 1, 1, 1, 1]
  var datatype: Int16 = 4
  var pixdim: [Float] = [1, 1, 1, 1]
  var voxOffset: Float = 352
  var slope: Float = 0
  var intercept: Float = 0
  var units: UInt8 = 2
  var qformCode: Int16 = 0
  var sformCode: Int16 = 1
  var quaternion: [Float] = [0, 0, 0]
  var offset: [Float] = [0, 0, 0]
  var rows: [[Float]] = [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0]]
  var magic = "n+1"
  /// Voxel bytes, in the file's byte order.
  var data: [UInt8] = []

  init() {}

  /// A file of 3 x 4 x 5 voxels with these values.
  init<T: FixedWidthInteger>(_ values: [T], datatype: Int16, bigEndian: Bool = false) {
    self.datatype = datatype
    self.bigEndian = bigEndian
    data = values.flatMap { value in withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }
  }

  var header: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put<T: FixedWidthInteger>(_ value: T, _ at: Int) {
      let bytesOfValue = withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
      bytes.replaceSubrange(at..<at + bytesOfValue.count, with: bytesOfValue)
    }
    func put(_ values: [Float], _ at: Int) { for (i, v) in values.enumerated() { put(v.bitPattern, at + 4 * i) } }
    put(sizeOfHeader, 0)
    for (i, v) in dim.enumerated() { put(v, 40 + 2 * i) }
    put(datatype, 70)
    put(pixdim, 76)
    put([voxOffset, slope, intercept], 108)
    put(units, 123)
    put(qformCode, 252)
    put(sformCode, 254)
    put(quaternion + offset, 256)
    put(rows.flatMap { $0 }, 280)
    bytes.replaceSubrange(344..<344 + magic.utf8.count, with: Array(magic.utf8))
    return bytes
  }

  var bytes: [UInt8] { header + data }
}

/// A folder that is removed with the test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("imaging-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file and returns its path.
  func write(_ bytes: [UInt8], as name: String = "a.nii") throws -> String {
    try Data(bytes).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }
}

func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

/// gzip (RFC 1952) of one member with stored blocks only: valid for a reader, written by no compressor.
func gzipStored(_ bytes: [UInt8]) -> [UInt8] {
  var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
  var start = 0
  repeat {
    let end = min(start + 65535, bytes.count)
    let length = UInt16(end - start)
    out += [
      end == bytes.count ? 1 : 0, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8),
    ]
    out += bytes[start..<end]
    start = end
  } while start < bytes.count
  let table = (0..<256).map { number -> UInt32 in
    var value = UInt32(number)
    for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    return value
  }
  var crc = UInt32.max
  for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 255)] ^ (crc >> 8) }
  crc = ~crc
  for value in [crc, UInt32(truncatingIfNeeded: bytes.count)] {
    out += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
  return out
}

/// A small generator with a seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
