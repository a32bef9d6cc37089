import Errors
import Imaging

/// Parses elements and sequences of bytes in memory. Recursion is limited to `DatasetTree.deepestNesting`.
struct SequenceParser {
  struct Encoding {
    var isExplicit: Bool
    var isBigEndian: Bool

    static let implicitLittleEndian = Encoding(isExplicit: false, isBigEndian: false)
  }

  /// Sequences that are read, recognised by their tag where the file does not declare them as sequences (implicit VR,
  /// or the VR UN of a program that did not know them).
  static let sequences: Set<UInt32> = [
    // RTSTRUCT: referenced frame of reference, study, series, contour images; ROIs, contours
    0x3006_0010, 0x3006_0012, 0x3006_0014, 0x3006_0016, 0x3006_0020, 0x3006_0039, 0x3006_0040,
    // SEG: referenced series and instances; segments and their codes; functional groups
    0x0008_1115, 0x0008_114A, 0x0062_0002, 0x0062_0003, 0x0062_000F, 0x5200_9229, 0x5200_9230, 0x0020_9113,
    0x0020_9116, 0x0028_9110, 0x0062_000A, 0x0008_9124, 0x0008_2112,
    // Enhanced CT: frame type, reconstruction, X-ray details, frame content, pixel value transformation, what it was
    // converted from
    0x0018_9329, 0x0018_9314, 0x0018_9325, 0x0020_9111, 0x0028_9145, 0x0020_9172,
  ]

  let bytes: [UInt8]
  let file: String
  private(set) var items: [DatasetTree.Item] = []
  private var elements = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private func malformed(_ what: String, _ position: Int) -> StudyError {
    StudyError(
      .malformedDICOM, "\(what) at byte \(position) of the dataset", file: file,
      hint: "the file is damaged; copy or export it again")
  }

  private func number(_ position: Int, _ count: Int, _ isBigEndian: Bool) throws(StudyError) -> Int {
    guard position >= 0, position <= bytes.count - count else {
      throw StudyError(.truncated, "the dataset ends inside an element", file: file, hint: "copy the file again")
    }
    var value = 0
    for i in 0..<count { value = value << 8 | Int(bytes[position + (isBigEndian ? i : count - 1 - i)]) }
    return value
  }

  private func tag(_ position: Int, _ encoding: Encoding) throws(StudyError) -> UInt32 {
    UInt32(try number(position, 2, encoding.isBigEndian)) << 16
      | UInt32(try number(position + 2, 2, encoding.isBigEndian))
  }

  /// Reads the elements of an item up to `end`, or up to its delimiter where that is nil.
  ///
  /// - Returns: the item's index and the first byte after it.
  mutating func item(
    from start: Int, end: Int?, _ encoding: Encoding, depth: Int
  ) throws(StudyError) -> (index: Int, next: Int) {
    guard depth <= DatasetTree.deepestNesting else {
      throw StudyError(.limit, "sequences are nested deeper than \(DatasetTree.deepestNesting)", file: file)
    }
    let index = items.count
    items.append(DatasetTree.Item(isBigEndian: encoding.isBigEndian))
    var found: [DatasetTree.Element] = []
    var position = start
    while true {
      if let end {
        if position == end { break }
        guard position < end else { throw malformed("an element is longer than its item", position) }
      }
      let tag = try tag(position, encoding)
      if tag == 0xFFFE_E00D, end == nil {
        position += 8
        break
      }
      elements += 1
      guard elements <= DatasetTree.mostElements else {
        throw StudyError(.limit, "more than \(DatasetTree.mostElements) elements", file: file)
      }
      position = try element(tag, position, end ?? bytes.count, encoding, depth, into: &found)
    }
    items[index].elements = found
    return (index, position)
  }

  /// Reads one element and returns the first byte after it.
  private mutating func element(
    _ tag: UInt32, _ start: Int, _ end: Int, _ encoding: Encoding, _ depth: Int,
    into found: inout [DatasetTree.Element]
  ) throws(StudyError) -> Int {
    guard tag >> 16 != 0xFFFE else { throw malformed("a delimiter where an element should be", start) }
    var header = 8
    var vr: UInt16 = 0
    var length = 0
    if encoding.isExplicit {
      vr = UInt16(try number(start + 4, 2, true))
      guard ValueRepresentation.isPlausible(vr) else { throw malformed("no value representation", start) }
      if ValueRepresentation.hasLongLength(vr) {
        header = 12
        length = try number(start + 8, 4, encoding.isBigEndian)
      } else {
        length = try number(start + 6, 2, encoding.isBigEndian)
      }
    } else {
      length = try number(start + 4, 4, encoding.isBigEndian)
    }
    let value = start + header
    let isUndefined = length == 0xFFFF_FFFF
    guard isUndefined || length <= end - value else { throw malformed("an element is longer than its item", start) }
    // A sequence of unknown VR is written implicit little endian (PS3.5 6.2.2).
    let isUnknown = encoding.isExplicit && vr == ValueRepresentation.unknown
    let isSequence =
      vr == ValueRepresentation.sequence || (isUndefined && (!encoding.isExplicit || isUnknown))
      || ((!encoding.isExplicit || isUnknown) && Self.sequences.contains(tag))
    guard isSequence else {
      guard !isUndefined else { throw malformed("an undefined length where none is allowed", start) }
      found.append(DatasetTree.Element(tag: tag, value: value..<(value + length), items: []))
      return value + length
    }
    let (members, next) = try sequence(
      from: value, end: isUndefined ? nil : value + length, isUnknown ? .implicitLittleEndian : encoding, depth)
    found.append(DatasetTree.Element(tag: tag, value: value..<next, items: members))
    return next
  }

  private mutating func sequence(
    from start: Int, end: Int?, _ encoding: Encoding, _ depth: Int
  ) throws(StudyError) -> (items: [Int], next: Int) {
    var members: [Int] = []
    var position = start
    while true {
      if let end {
        if position == end { break }
        guard position < end else { throw malformed("an item is longer than its sequence", position) }
      }
      let tag = try tag(position, encoding)
      if tag == 0xFFFE_E0DD, end == nil {
        position += 8
        break
      }
      guard tag == 0xFFFE_E000 else { throw malformed("a sequence contains something that is not an item", position) }
      let length = try number(position + 4, 4, encoding.isBigEndian)
      let isUndefined = length == 0xFFFF_FFFF
      guard isUndefined || length <= (end ?? bytes.count) - position - 8 else {
        throw malformed("an item is longer than its sequence", position)
      }
      let read = try item(
        from: position + 8, end: isUndefined ? nil : position + 8 + length, encoding, depth: depth + 1)
      members.append(read.index)
      position = read.next
    }
    return (members, position)
  }
}
