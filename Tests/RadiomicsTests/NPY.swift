import Foundation

/// Reads arrays that NumPy saved (`.npy`, version 1, little endian, C order), of the few types that the references use.
enum NPY {
  static func read<T>(_ path: String, as _: T.Type) throws -> [T] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    guard data.count > 10, data.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1]) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    return [UInt8](data[start...]).withUnsafeBytes { Array($0.bindMemory(to: T.self)) }
  }
}
