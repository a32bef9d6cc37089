/// Takes stored values out of the samples of one frame: bits below and above the value are other data (overlays) and
/// are masked away, the sign bit is extended (PS3.5 section 8.1.1).
enum StoredValues {
  /// - Parameters:
  ///   - samples: `description.frameBytes` bytes at least.
  ///   - values: as many as the frame has pixels.
  static func unpack(
    _ samples: UnsafeRawBufferPointer, _ description: PixelDescription, bigEndianWords: Bool, swapPairs: Bool,
    into values: UnsafeMutableBufferPointer<Int32>
  ) {
    let shift = UInt32(description.highBit + 1 - description.bitsStored)
    let mask: UInt32 = description.bitsStored == 32 ? .max : (1 << UInt32(description.bitsStored)) - 1
    // (v ^ s) - s extends the sign bit s; with s = 0 it leaves v alone.
    let sign: UInt32 = description.isSigned ? 1 << UInt32(description.bitsStored - 1) : 0
    precondition(samples.count >= values.count * (description.bitsAllocated / 8))
    switch description.bitsAllocated {
    case 8:
      for i in 0..<values.count {
        let raw = UInt32(samples[swapPairs ? min(i ^ 1, samples.count - 1) : i])
        values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
      }
    case 16:
      for i in 0..<values.count {
        let little = samples.loadUnaligned(fromByteOffset: i &* 2, as: UInt16.self)
        let raw = UInt32(bigEndianWords ? little.byteSwapped : little)
        values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
      }
    default:
      for i in 0..<values.count {
        let little = samples.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self)
        let raw = bigEndianWords ? little.byteSwapped : little
        values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
      }
    }
  }

  /// The stored value that a Pixel Padding Value's 16 bits mean, whatever VR (US or SS) they were written with.
  static func padding(_ bits: UInt16, _ description: PixelDescription) -> Int32 {
    description.isSigned ? Int32(Int16(bitPattern: bits)) : Int32(bits)
  }
}
