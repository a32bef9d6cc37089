import Errors

/// Where the parts of a DICOM file are. Made by walking the bytes once, without recursion and without trust:
/// everything read later is read at offsets that are known to exist.
package struct DatasetLayout {
  /// As declared in the file meta information; implicit little endian where there is none.
  var syntax: TransferSyntax
  /// As the bytes really are.
  var isExplicit: Bool
  var isBigEndian: Bool
  /// First byte of the dataset.
  var start = 0
  /// Top-level elements of `HeaderTags` that are not sequences and not longer than `DatasetWalk.longestValue`.
  var elements: [Element] = []
  /// (0028,3000) Modality LUT Sequence is present.
  var hasModalityLUT = false
  /// (0040,9096) Real World Value Mapping Sequence is present.
  var hasRealWorldValues = false
  /// (0004,1220) Directory Record Sequence is present: a DICOMDIR.
  var isDirectory = false
  /// The 128 bytes before `DICM` start like a program (CVE-2019-11687). They are never copied anywhere.
  var hasExecutablePreamble = false
  package var pixelData: PixelDataPlace?
  /// Values of the items of encapsulated pixel data; the first is the Basic Offset Table (PS3.5 A.4).
  var fragments: [Range<Int>] = []
  /// Value of the Extended Offset Table (7FE0,0001): 64-bit offsets of the frames.
  var extendedOffsets: Range<Int>?
  /// The file ends here, in the middle of this element.
  var truncation: Truncation?

  /// A value of the header: its tag, its value representation in the file (0 where that is implicit), and its range.
  struct Element {
    var tag: UInt32
    var vr: UInt16
    var value: Range<Int>
  }

  struct Truncation: Sendable, Equatable {
    var offset: Int
    var tag: UInt32

    /// The element, for a message.
    var place: String {
      switch tag {
      case 0: "the dataset"
      case 0x7FE0_0010: "the pixel data"
      default: "element (\(hexadecimal(tag >> 16)),\(hexadecimal(tag & 0xFFFF)))"
      }
    }
  }
}

/// Where the top-level Pixel Data (7FE0,0010) is.
package struct PixelDataPlace: Sendable, Equatable {
  /// First byte of the element itself.
  package var element: Int
  /// First byte of the value: the samples, or the first item where it is encapsulated.
  package var value: Int
  /// Bytes of the value as declared; for encapsulated data up to and including the delimiter.
  package var length: Int
  package var isEncapsulated: Bool
  /// OW: in big endian the unit is a word of 16 bits.
  package var isWords: Bool
}

/// Four hexadecimal digits.
private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
