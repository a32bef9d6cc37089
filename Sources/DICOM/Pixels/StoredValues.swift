/// Extracts stored values from the samples of one frame: bits below and above the value are other data (overlays) and
/// are masked, the sign bit is extended (PS3.5 section 8.1.1).
package enum StoredValues {
  /// - Parameters:
  ///   - samples: `description.frameBytes` bytes at least, aligned to 4.
  ///   - values: as many as the frame has pixels.
  package static func unpack(
    _ samples: UnsafeRawBufferPointer, _ description: PixelDescription, bigEndianWords: Bool, swapPairs: Bool,
    into values: UnsafeMutableBufferPointer<Int32>
  ) {
    let shift = UInt32(description.highBit + 1 - description.bitsStored)
    let mask: UInt32 = description.bitsStored == 32 ? .max : (1 << UInt32(description.bitsStored)) - 1
    // (v ^ s) - s extends the sign bit s; with s = 0 it leaves v unchanged.
    let sign: UInt32 = description.isSigned ? 1 << UInt32(description.bitsStored - 1) : 0
    precondition(samples.count >= values.count * (description.bitsAllocated / 8))
    let count = values.count
    switch description.bitsAllocated {
    case 8:
      for i in 0..<count {
        let raw = UInt32(samples[swapPairs ? min(i ^ 1, samples.count - 1) : i])
        values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
      }
    case 16:
      samples.withMemoryRebound(to: UInt16.self) { words in
        // The common case is separate: the compiler vectorises it.
        if !bigEndianWords, shift == 0 {
          for i in 0..<count {
            values[i] = Int32(truncatingIfNeeded: ((UInt32(words[i]) & mask) ^ sign) &- sign)
          }
        } else {
          for i in 0..<count {
            let raw = UInt32(bigEndianWords ? words[i].byteSwapped : words[i])
            values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
          }
        }
      }
    default:
      samples.withMemoryRebound(to: UInt32.self) { words in
        for i in 0..<count {
          let raw = bigEndianWords ? words[i].byteSwapped : words[i]
          values[i] = Int32(truncatingIfNeeded: (((raw &>> shift) & mask) ^ sign) &- sign)
        }
      }
    }
  }

  /// The stored value of a Pixel Padding Value's 16 bits, whatever VR (US or SS) they were written with: the same
  /// bits of it are used as of the pixels.
  package static func padding(_ bits: UInt16, _ description: PixelDescription) -> Int32 {
    let stored = UInt32(min(description.bitsStored, 16))
    let mask: UInt32 = (1 << stored) - 1
    let sign: UInt32 = description.isSigned ? 1 << (stored - 1) : 0
    return Int32(truncatingIfNeeded: ((UInt32(bits) & mask) ^ sign) &- sign)
  }
}
