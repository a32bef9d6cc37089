/// How the samples of an image are stored (module Image Pixel, PS3.3 C.7.6.3).
package struct PixelDescription: Sendable, Equatable {
  /// (0028,0010), (0028,0011): 1 or more.
  package var rows: Int
  package var columns: Int
  /// (0028,0100): 8, 16 or 32.
  package var bitsAllocated: Int
  /// (0028,0101), at most the allocated.
  package var bitsStored: Int
  /// (0028,0102): the most significant bit of a value.
  package var highBit: Int
  /// (0028,0103) is 1: two's complement.
  package var isSigned: Bool
  /// Whether Pixel Representation is present: a wrong guess would move air by 65,536 HU.
  package var saysSign = true

  /// Bytes of one frame. Rows and columns are at most 65535, so this cannot overflow.
  package var frameBytes: Int { rows * columns * (bitsAllocated / 8) }
}
