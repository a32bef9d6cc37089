package import Errors
import Imaging

/// A DICOM file, opened and walked: its layout, and its bytes to read from (inflated where it is deflated).
package struct DICOMBytes: ~Copyable {
  package var layout: DatasetLayout
  package var source: ByteSource

  /// Limit of a deflated file's content besides its pixels, whose size is in its header.
  static let largestDeflated = 64 << 20
  /// Maximum pixels of one deflated file: those of a volume, in 16 bits.
  static let largestDeflatedPixels = 2 << 30

  /// Opens a file. Nil where its content is not DICOM: no preamble with `DICM`, and no group 0008 at its start.
  ///
  /// - Throws: `E_IO`, `E_DICOM_MALFORMED`, `E_LIMIT`.
  package static func open(_ file: StudyFile) throws(StudyError) -> DICOMBytes? {
    var source = ByteSource(try file.open())
    let display = file.display
    if try source.bytes(128..<132) == Array("DICM".utf8) {
      let isProgram = isExecutable(try source.bytes(0..<4) ?? [])
      let meta = try readMeta(&source, from: 132)
      var bytes = try walk(source, from: meta.end, meta.syntax, display, declared: true)
      bytes.layout.hasExecutablePreamble = isProgram
      return bytes
    }
    guard try looksLikeDataset(&source) else { return nil }
    let group = try source.uint16(at: 0, bigEndian: false)
    let meta = group == 2 ? try readMeta(&source, from: 0) : (syntax: .implicitLittleEndian, end: 0)
    do throws(StudyError) {
      return try walk(source, from: meta.end, meta.syntax, display, declared: group == 2)
    } catch {
      // Without a preamble the file only resembles DICOM.
      if error.code == .malformedDICOM { return nil }
      throw error
    }
  }

  /// Whether it starts like a Windows, Linux or macOS program.
  private static func isExecutable(_ start: [UInt8]) -> Bool {
    start.starts(with: Array("MZ".utf8)) || start == [0x7F, 0x45, 0x4C, 0x46]
      || [[0xCF, 0xFA, 0xED, 0xFE], [0xCE, 0xFA, 0xED, 0xFE], [0xCA, 0xFE, 0xBA, 0xBE]].contains(start)
  }

  /// A file without preamble: a first element of group 0002 or 0008 with a sensible VR or length.
  private static func looksLikeDataset(_ source: inout ByteSource) throws(StudyError) -> Bool {
    guard let group = try source.uint16(at: 0, bigEndian: false), group == 2 || group == 8,
      let element = try source.uint16(at: 2, bigEndian: false), element <= 0x0070,
      let vr = try source.uint16(at: 4, bigEndian: true), let length = try source.uint32(at: 4, bigEndian: false)
    else { return false }
    return ValueRepresentation.isPlausible(vr) || length <= 1024
  }

  /// The file meta information: group 0002, explicit little endian. Returns the transfer syntax and where it ends.
  private static func readMeta(
    _ source: inout ByteSource, from start: Int
  ) throws(StudyError) -> (syntax: TransferSyntax, end: Int) {
    var position = start
    var syntax = TransferSyntax.explicitLittleEndian
    while try source.uint16(at: position, bigEndian: false) == 2 {
      guard let element = try source.uint16(at: position + 2, bigEndian: false),
        let vr = try source.uint16(at: position + 4, bigEndian: true)
      else { break }
      var header = 8
      var length = 0
      if !ValueRepresentation.isPlausible(vr) {
        // Against the standard, some programs write the file meta information in implicit VR as well.
        guard let long = try source.uint32(at: position + 4, bigEndian: false) else { break }
        length = Int(long)
      } else if ValueRepresentation.hasLongLength(vr) {
        header = 12
        guard let long = try source.uint32(at: position + 8, bigEndian: false) else { break }
        length = Int(long)
      } else {
        guard let short = try source.uint16(at: position + 6, bigEndian: false) else { break }
        length = Int(short)
      }
      guard length <= source.count - position - header else { break }
      if element == 0x0010, length <= 64 {
        let value = try source.bytes((position + header)..<(position + header + length)) ?? []
        syntax = TransferSyntax(uid: String(decoding: value.prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self))
      }
      position += header + length
    }
    return (syntax, position)
  }

  private static func walk(
    _ source: consuming ByteSource, from start: Int, _ syntax: TransferSyntax, _ display: String, declared: Bool
  ) throws(StudyError) -> DICOMBytes {
    var source = source
    var start = start
    var isCut = false
    if syntax.isDeflated {
      guard source.count - start <= largestDeflatedPixels else {
        throw StudyError(.limit, "a deflated file of \(source.count) bytes", file: display)
      }
      let compressed = try source.bytes(start..<source.count) ?? []
      let head = try inflateStart(compressed, limit: largestDeflated, file: display)
      isCut = !head.complete && !head.isLonger
      if head.isLonger {
        let all = try inflate(
          compressed, limit: try announcedSize(head.bytes, display) + largestDeflated, file: display)
        isCut = !all.complete
        source = ByteSource(all.bytes)
      } else {
        source = ByteSource(head.bytes)
      }
      start = 0
    }
    // Files may misstate explicit and implicit; the first element decides.
    let vr = try source.uint16(at: start + 4, bigEndian: true) ?? 0
    let isExplicit = ValueRepresentation.isPlausible(vr)
    let layout = DatasetLayout(
      syntax: declared ? syntax : isExplicit ? .explicitLittleEndian : .implicitLittleEndian, isExplicit: isExplicit,
      isBigEndian: syntax.isBigEndian)
    var walked = try DatasetWalk(source, from: start, layout: layout, display: display).run()
    if isCut, walked.layout.truncation == nil, walked.layout.pixelData == nil {
      walked.layout.truncation = .init(offset: walked.source.count, tag: 0)
    }
    return walked
  }

  /// Where the pixel data of a long deflated dataset end, from its beginning: the number of frames is in its header.
  ///
  /// - Throws: `E_LIMIT` where the beginning does not reach the pixel data, or they are longer than the header states.
  private static func announcedSize(_ start: [UInt8], _ display: String) throws(StudyError) -> Int {
    var bytes = try walk(ByteSource(start), from: 0, .explicitLittleEndian, display, declared: true)
    let header = try Dataset(try bytes.flatHeader(), syntax: bytes.headerSyntax, file: display)
    let factors = [0x0028_0010, 0x0028_0011, 0x0028_0100].map { header.integer($0) ?? 0 }
    let frames = max(1, header.integer(0x0028_0008) ?? 1)
    // Three numbers of 16 bits.
    let (bits, overflow) = factors.reduce(1, *).multipliedReportingOverflow(by: frames)
    guard let place = bytes.layout.pixelData, !place.isEncapsulated, !overflow, bits >= 0,
      place.length <= largestDeflatedPixels, place.length <= bits / 8 + 2
    else {
      throw StudyError(
        .limit, "inflates to more than \(largestDeflated) bytes beside the pixels of its header", file: display,
        hint: "a series is never that large; the file is damaged or hostile")
    }
    return place.value + place.length
  }

  /// The transfer syntax in which the flat copy of the header is written.
  var headerSyntax: TransferSyntax { layout.isBigEndian ? .explicitBigEndian : .explicitLittleEndian }

  /// The top-level header elements, one after the other, without sequences and without pixels. They are written again,
  /// in explicit VR and with lengths of 16 bits: DCMTK reads exactly what was walked here and can see nothing else in
  /// it.
  mutating func flatHeader() throws(StudyError) -> [UInt8] {
    let isBigEndian = layout.isBigEndian
    var flat: [UInt8] = []
    func put(_ word: UInt16) {
      let (low, high) = (UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8))
      flat += isBigEndian ? [high, low] : [low, high]
    }
    for element in layout.elements {
      let value = try source.bytes(element.value) ?? []
      let vr = HeaderTags.representation(element.tag, found: element.vr)
      put(UInt16(truncatingIfNeeded: element.tag >> 16))
      put(UInt16(truncatingIfNeeded: element.tag))
      flat += [UInt8(truncatingIfNeeded: vr >> 8), UInt8(truncatingIfNeeded: vr)]
      put(UInt16(value.count + value.count % 2))
      flat += value
      if value.count % 2 == 1 { flat.append(vr == ValueRepresentation.code("UI") ? 0 : 0x20) }
    }
    return flat
  }
}
