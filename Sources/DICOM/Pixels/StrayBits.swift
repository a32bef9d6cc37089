/// Bits of a sample outside its stored value (PS3.5 section 8.1.1): overlays, the extension of a sign, or a value that
/// was too large for Bits Stored and lost its upper bits.
enum StrayBits {
  /// Samples that have such bits set, except those of overlays and of sign extension.
  ///
  /// - Parameters:
  ///   - samples: whole samples, aligned to 4.
  ///   - overlays: bits in which overlays are stored.
  static func count(
    _ samples: UnsafeRawBufferPointer, _ description: PixelDescription, overlays: UInt32, bigEndianWords: Bool
  ) -> Int {
    let allocated = UInt32(description.bitsAllocated)
    let high = UInt32(description.highBit)
    let low = high + 1 - UInt32(description.bitsStored)
    let all: UInt32 = allocated == 32 ? .max : (1 << allocated) - 1
    let above: UInt32 = high == 31 ? 0 : all & ~((1 << (high + 1)) - 1) & ~overlays
    let below: UInt32 = ((1 << low) - 1) & ~overlays
    guard above | below != 0 else { return 0 }
    let sign: UInt32 = description.isSigned ? 1 << high : 0
    switch allocated {
    case 8: return samples.reduce(0) { $0 + isStray(UInt32($1), above, below, sign) }
    case 16:
      return samples.withMemoryRebound(to: UInt16.self) { words in
        // Usually none is set, which vector code detects.
        var any: UInt16 = 0
        for word in words { any |= word }
        let swapped = UInt32(bigEndianWords ? any.byteSwapped : any)
        guard swapped & (above | below) != 0 else { return 0 }
        var count = 0
        for word in words { count &+= isStray(UInt32(bigEndianWords ? word.byteSwapped : word), above, below, sign) }
        return count
      }
    default:
      return samples.withMemoryRebound(to: UInt32.self) { words in
        words.reduce(0) { $0 + isStray(bigEndianWords ? $1.byteSwapped : $1, above, below, sign) }
      }
    }
  }

  /// 1 or 0.
  private static func isStray(_ raw: UInt32, _ above: UInt32, _ below: UInt32, _ sign: UInt32) -> Int {
    let isExtended = raw & sign != 0 && raw & above == above
    return (raw & above == 0 || isExtended) && raw & below == 0 ? 0 : 1
  }
}
