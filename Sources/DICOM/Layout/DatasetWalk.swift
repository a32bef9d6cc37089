import Errors
import Imaging

/// Walks the elements of one dataset with an explicit stack: nesting, number of elements and every length are bounded.
struct DatasetWalk: ~Copyable {
  /// Longer values are not header text; they are skipped.
  static let longestValue = 65534
  static let deepestNesting = 64
  static let mostElements = 5_000_000
  /// Limit for all kept elements together.
  static let longestHeader = 16 << 20

  /// A sequence, an item of it, or the fragments of encapsulated data.
  private struct Container {
    enum Kind { case sequence, item, fragments }
    var kind: Kind
    /// First byte after it, where its length is defined.
    var end: Int?
    var isExplicit: Bool
    var isBigEndian: Bool
  }

  /// Why a walk stops early.
  private enum Stop: Error {
    case truncated(UInt32)
    case failed(StudyError)
  }

  private var source: ByteSource
  private let display: String
  private var position: Int
  private var containers: [Container] = []
  private var layout: DatasetLayout
  private var seen: Set<UInt32> = []
  private var openPixelData: PixelDataPlace?
  private var headerBytes = 0

  init(_ source: consuming ByteSource, from start: Int, layout: DatasetLayout, display: String) {
    self.source = source
    self.position = start
    self.layout = layout
    self.layout.start = start
    self.display = display
  }

  /// Walks until the pixel data is passed, or the end.
  ///
  /// - Throws: `E_DICOM_MALFORMED`, `E_LIMIT`. A file that ends early is not an error here: see
  ///   `DatasetLayout.truncation`.
  consuming func run() throws(StudyError) -> DICOMBytes {
    do throws(Stop) {
      var elements = 0
      while try step() {
        elements += 1
        if elements > Self.mostElements { throw .failed(limit("more than \(Self.mostElements) elements")) }
      }
    } catch {
      switch error {
      case .truncated(let tag):
        layout.truncation = .init(offset: source.count, tag: openPixelData == nil ? tag : 0x7FE0_0010)
      case .failed(let failure): throw failure
      }
    }
    return DICOMBytes(layout: layout, source: source)
  }

  private func malformed(_ what: String) -> Stop {
    .failed(
      StudyError(
        .malformedDICOM, "\(what) at byte \(position)", file: display,
        hint: "the file is damaged; copy or export it again"))
  }

  private func limit(_ what: String) -> StudyError { StudyError(.limit, what, file: display) }

  private mutating func uint16(_ offset: Int, _ bigEndian: Bool, in tag: UInt32) throws(Stop) -> UInt16 {
    do throws(StudyError) {
      if let value = try source.uint16(at: offset, bigEndian: bigEndian) { return value }
    } catch { throw .failed(error) }
    throw .truncated(tag)
  }

  private mutating func uint32(_ offset: Int, _ bigEndian: Bool, in tag: UInt32) throws(Stop) -> UInt32 {
    let low = try uint16(offset, bigEndian, in: tag)
    let high = try uint16(offset + 2, bigEndian, in: tag)
    return bigEndian ? UInt32(low) << 16 | UInt32(high) : UInt32(high) << 16 | UInt32(low)
  }

  /// One element, item or delimiter; false when done.
  private mutating func step() throws(Stop) -> Bool {
    while let container = containers.last, let end = container.end, position >= end {
      guard position == end else { throw malformed("an item is longer than its sequence") }
      containers.removeLast()
    }
    if containers.isEmpty, position == source.count { return false }
    let container = containers.last
    let isBigEndian = container?.isBigEndian ?? layout.isBigEndian
    let group = try uint16(position, isBigEndian, in: 0)
    let element = try uint16(position + 2, isBigEndian, in: UInt32(group) << 16)
    let tag = UInt32(group) << 16 | UInt32(element)
    switch container?.kind {
    case .sequence: try stepInSequence(tag, isBigEndian)
    case .fragments: return try stepInFragments(tag, isBigEndian)
    case .item, nil:
      if container != nil, tag == 0xFFFE_E00D {
        guard container?.end == nil else { throw malformed("an item is closed twice") }
        position += 8
        containers.removeLast()
      } else {
        return try stepElement(tag, isBigEndian, isExplicit: container?.isExplicit ?? layout.isExplicit)
      }
    }
    return true
  }

  private mutating func stepInSequence(_ tag: UInt32, _ isBigEndian: Bool) throws(Stop) {
    let length = try uint32(position + 4, isBigEndian, in: tag)
    if tag == 0xFFFE_E0DD, containers.last?.end == nil {
      position += 8
      containers.removeLast()
    } else if tag == 0xFFFE_E000 {
      position += 8
      try open(.item, length, tag, isExplicit: containers.last?.isExplicit ?? true, isBigEndian)
    } else {
      throw malformed("a sequence contains something that is not an item")
    }
  }

  private mutating func stepInFragments(_ tag: UInt32, _ isBigEndian: Bool) throws(Stop) -> Bool {
    let length = try uint32(position + 4, isBigEndian, in: tag)
    if tag == 0xFFFE_E0DD {
      position += 8
      containers.removeLast()
      if var place = openPixelData, containers.isEmpty {
        place.length = position - place.value
        layout.pixelData = place
        return false
      }
    } else if tag == 0xFFFE_E000, length != 0xFFFF_FFFF {
      let value = position + 8
      try skip(8, length, tag)
      if openPixelData != nil, containers.count == 1 { layout.fragments.append(value..<position) }
    } else {
      throw malformed("encapsulated data contains something that is not a fragment")
    }
    return true
  }

  private mutating func open(
    _ kind: Container.Kind, _ length: UInt32, _ tag: UInt32, isExplicit: Bool, _ isBigEndian: Bool
  ) throws(Stop) {
    guard containers.count < Self.deepestNesting else {
      throw .failed(limit("sequences are nested deeper than \(Self.deepestNesting)"))
    }
    var end: Int?
    if length != 0xFFFF_FFFF {
      let last = position + Int(length)
      guard last <= source.count else { throw .truncated(tag) }
      if let outer = containers.last?.end, last > outer { throw malformed("an item is longer than its sequence") }
      end = last
    }
    containers.append(Container(kind: kind, end: end, isExplicit: isExplicit, isBigEndian: isBigEndian))
  }

  /// Skips a value of defined length.
  private mutating func skip(_ header: Int, _ length: UInt32, _ tag: UInt32) throws(Stop) {
    let end = position + header + Int(length)
    guard end <= source.count else { throw .truncated(tag) }
    if let outer = containers.last?.end, end > outer { throw malformed("an element is longer than its item") }
    position = end
  }

  private mutating func stepElement(_ tag: UInt32, _ isBigEndian: Bool, isExplicit: Bool) throws(Stop) -> Bool {
    guard tag >> 16 != 0xFFFE else { throw malformed("a delimiter where an element should be") }
    let start = position
    var header = 8
    var length: UInt32
    var vr: UInt16 = 0
    if isExplicit {
      vr = try uint16(position + 4, true, in: tag)
      guard ValueRepresentation.isPlausible(vr) else { throw malformed("no value representation") }
      if ValueRepresentation.hasLongLength(vr) {
        header = 12
        length = try uint32(position + 8, isBigEndian, in: tag)
      } else {
        length = UInt32(try uint16(position + 6, isBigEndian, in: tag))
      }
    } else {
      length = try uint32(position + 4, isBigEndian, in: tag)
    }
    let isTop = containers.isEmpty
    if isTop {
      if tag == 0x0028_3000, length != 0 { layout.hasModalityLUT = true }
      if tag == 0x0040_9096, length != 0 { layout.hasRealWorldValues = true }
      if tag == 0x0004_1220 { layout.isDirectory = true }
    }
    if length == 0xFFFF_FFFF {
      position += header
      try openUndefined(tag, vr, start: start, isTop: isTop, isExplicit: isExplicit, isBigEndian)
      return true
    }
    if isTop, tag == 0x7FE0_0010 {
      layout.pixelData = PixelDataPlace(
        element: start, value: start + header, length: Int(length), isEncapsulated: false,
        isWords: vr != ValueRepresentation.otherByte)
      if Int(length) > source.count - start - header { throw .truncated(tag) }
      return false
    }
    try skip(header, length, tag)
    if isTop, tag == 0x7FE0_0001 { layout.extendedOffsets = (start + header)..<position }
    let isReadable = vr != ValueRepresentation.sequence && Int(length) <= Self.longestValue
    if isTop, HeaderTags.contains(tag), isReadable, seen.insert(tag).inserted {
      layout.elements.append(DatasetLayout.Element(tag: tag, vr: vr, value: (start + header)..<position))
      headerBytes += position - start
      guard headerBytes <= Self.longestHeader else {
        throw .failed(limit("the header has more than \(Self.longestHeader) bytes"))
      }
    }
    return true
  }

  private mutating func openUndefined(
    _ tag: UInt32, _ vr: UInt16, start: Int, isTop: Bool, isExplicit: Bool, _ isBigEndian: Bool
  ) throws(Stop) {
    let isPixelData = tag == 0x7FE0_0010
    if isPixelData || vr == ValueRepresentation.otherByte || vr == ValueRepresentation.otherWord {
      if isTop, isPixelData {
        openPixelData = PixelDataPlace(
          element: start, value: position, length: 0, isEncapsulated: true, isWords: false)
      }
      try open(.fragments, 0xFFFF_FFFF, tag, isExplicit: isExplicit, isBigEndian)
    } else if !isExplicit || vr == ValueRepresentation.sequence {
      try open(.sequence, 0xFFFF_FFFF, tag, isExplicit: isExplicit, isBigEndian)
    } else if vr == ValueRepresentation.unknown {
      // PS3.5 6.2.2: a sequence of unknown VR is written implicit little endian.
      try open(.sequence, 0xFFFF_FFFF, tag, isExplicit: false, false)
    } else {
      throw malformed("an undefined length where none is allowed")
    }
  }
}
