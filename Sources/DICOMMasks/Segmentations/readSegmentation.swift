package import DICOM
package import Errors
import Imaging

private let mostFrames = 200_000
private let mostSegments = 65_535
/// Maximum number of images that one frame may name; more than any series has.
private let mostSources = 10_000

/// Reads a segmentation's description: segments, frames and their positions, references. `mask(of:on:)` reads pixels.
///
/// - Throws: `E_IO`, `E_TRUNCATED`, `E_DICOM_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED_TS`, `E_LOSSY`, `E_CONCATENATION`,
///   `E_ATTRIBUTE`, `E_SEGMENTATION` where frames, segments and pixels contradict each other.
package func readSegmentation(_ object: DICOMObject) throws(StudyError) -> Segmentation {
  var whole = try readPart(object.header, 0)
  if let fault = ConcatenationParts.groups([object.header] + object.furtherParts).compactMap(\.fault).first {
    throw fault
  }
  for (index, header) in object.furtherParts.enumerated() {
    let part = try readPart(header, index + 1)
    guard part.kind == whole.kind, part.segments.map(\.number) == whole.segments.map(\.number),
      part.references.framesOfReference == whole.references.framesOfReference
    else { throw segmentationError("is not of one piece with \(object.file.display)", header) }
    whole.add(part)
    guard whole.frames.count <= mostFrames else {
      throw StudyError(.limit, "more than \(mostFrames) frames", file: header.display)
    }
  }
  return whole
}

/// One file of a segmentation, usually all of it.
private func readPart(_ header: ImageHeader, _ part: Int) throws(StudyError) -> Segmentation {
  let root = try DatasetTree.read(header).root
  let kind = try kind(root, header)
  try checkPixels(header, kind)
  let perFrame = root.items(0x5200_9230)
  guard perFrame.count == header.numberOfFrames, perFrame.count <= mostFrames else {
    throw segmentationError(
      "describes \(perFrame.count) frames and holds \(header.numberOfFrames)", header)
  }
  let shared = root.item(0x5200_9229)
  let common = shared.flatMap(sources) ?? []
  var images = Set(common.map(\.instance))
  var frames: [Segmentation.Frame] = []
  frames.reserveCapacity(perFrame.count)
  for (index, item) in perFrame.enumerated() {
    var frame = try frame(item, shared, kind, header, index)
    (frame.part, frame.index) = (part, index)
    if let own = sources(item) {
      frame.sources = own
      images.formUnion(own.map(\.instance))
    } else if perFrame.count == 1 {
      // References shared by several frames describe the source of the whole, not of a frame.
      frame.sources = common
    }
    frames.append(frame)
  }
  var segments = try segments(root, header)
  let numbers = Set(segments.map(\.number))
  if let index = frames.firstIndex(where: { frame in frame.segment.map { !numbers.contains($0) } ?? false }) {
    throw segmentationError(
      "frame \(index) is of segment \(frames[index].segment ?? 0), which is not described", header)
  }
  let counts = Dictionary(frames.compactMap(\.segment).map { ($0, 1) }, uniquingKeysWith: +)
  for i in segments.indices {
    segments[i].frames = kind == .labelMap ? frames.count : counts[segments[i].number] ?? 0
  }
  var series: [String: Set<String>] = [:]
  for item in root.items(0x0008_1115) {
    guard let uid = item.uid(0x0020_000E) else { continue }
    series[uid, default: []].formUnion(item.items(0x0008_114A).compactMap { $0.uid(0x0008_1155) })
  }
  return Segmentation(
    file: header.file,
    references: MaskReferences(
      patientID: header.patientID, studyUID: header.studyUID,
      framesOfReference: header.frameOfReferenceUID.isEmpty ? [] : [header.frameOfReferenceUID], series: series,
      images: images),
    kind: kind, segments: segments, frames: frames, headers: [header])
}

extension Segmentation {
  /// Appends the next part of a segmentation that is stored in parts.
  fileprivate mutating func add(_ part: Segmentation) {
    frames += part.frames
    headers += part.headers
    references.series.merge(part.references.series) { $0.union($1) }
    references.images.formUnion(part.references.images)
    for i in segments.indices { segments[i].frames += part.segments[i].frames }
  }
}

private func kind(_ root: DatasetItem, _ header: ImageHeader) throws(StudyError) -> Segmentation.Kind {
  switch root.code(0x0062_0001) ?? (header.sopClassUID == SOPClass.labelMapSegmentation ? "LABELMAP" : "") {
  case "BINARY": return .binary
  case "LABELMAP": return .labelMap
  case "FRACTIONAL":
    guard let maximum = root.unsigned(0x0062_000E), maximum > 0 else {
      throw segmentationError("is fractional and has no Maximum Fractional Value", header)
    }
    return .fractional(maximum: maximum)
  default: throw segmentationError("has no Segmentation Type that is known", header)
  }
}

/// Checks that the bits suit the kind, and that the frames fit the file.
private func checkPixels(_ header: ImageHeader, _ kind: Segmentation.Kind) throws(StudyError) {
  guard let pixels = header.pixels, (1...8192).contains(pixels.rows), (1...8192).contains(pixels.columns),
    header.samplesPerPixel == 1, header.numberOfFrames > 0, !pixels.isSigned
  else { throw segmentationError("has no usable rows, columns and frames", header) }
  let bits = pixels.bitsAllocated
  let isRight =
    switch kind {
    case .binary: bits == 1 || bits == 8
    case .fractional: bits == 8
    case .labelMap: bits == 8 || bits == 16
    }
  guard isRight else { throw segmentationError("stores \(bits) bits per voxel, which its type does not", header) }
  if header.isLossy || header.syntax.isLossy {
    throw StudyError(
      .lossy, "was compressed with loss (\(header.syntax.name))", file: header.display,
      hint: "export the segmentation without compression")
  }
  guard let place = header.pixelData else {
    throw StudyError(.truncated, "has no pixel data", file: header.display, hint: "copy the file again")
  }
  guard place.isEncapsulated != header.syntax.isNative else {
    throw segmentationError("its transfer syntax and its pixel data disagree", header)
  }
  if !place.isEncapsulated {
    // At most 2^13 x 2^13 x 2^18 voxels of 2^4 bits: no overflow.
    guard header.numberOfFrames <= mostFrames,
      place.length >= frameBytes(header, bits)
    else {
      throw StudyError(
        .truncated, "holds \(place.length) bytes for \(header.numberOfFrames) frames", file: header.display,
        hint: "copy the file again")
    }
    let held = 8 * place.length / (pixels.rows * pixels.columns * bits)
    guard held <= header.numberOfFrames || place.length - frameBytes(header, bits) < 8 else {
      throw segmentationError("holds pixels of \(held) frames and says that it has \(header.numberOfFrames)", header)
    }
  }
}

/// Bytes of all frames together, which follow one another without padding.
private func frameBytes(_ header: ImageHeader, _ bits: Int) -> Int {
  (header.rows * header.columns * header.numberOfFrames * bits + 7) / 8
}

private func frame(
  _ item: DatasetItem, _ shared: DatasetItem?, _ kind: Segmentation.Kind, _ header: ImageHeader, _ index: Int
) throws(StudyError) -> Segmentation.Frame {
  /// A functional group of the frame, otherwise of all frames.
  func group(_ tag: UInt32) -> DatasetItem? { item.item(tag) ?? shared?.item(tag) }
  func missing(_ what: String) -> StudyError { segmentationError("frame \(index) has no usable \(what)", header) }
  guard let position = group(0x0020_9113)?.decimals(0x0020_0032), position.count == 3,
    position.allSatisfy({ abs($0) < 1e6 })
  else { throw missing("Image Position (Patient)") }
  guard let axes = group(0x0020_9116)?.decimals(0x0020_0037), axes.count == 6 else {
    throw missing("Image Orientation (Patient)")
  }
  let row = Vector3(axes[0], axes[1], axes[2])
  let column = Vector3(axes[3], axes[4], axes[5])
  guard abs(row.length - 1) < 1e-3, abs(column.length - 1) < 1e-3, abs(row.dot(column)) < 1e-3 else {
    throw missing("Image Orientation (Patient)")
  }
  guard let spacing = group(0x0028_9110)?.decimals(0x0028_0030), spacing.count == 2,
    spacing.allSatisfy({ $0 > 1e-3 && $0 < 1e3 })
  else { throw missing("Pixel Spacing") }
  var segment: Int?
  if kind != .labelMap {
    segment = group(0x0062_000A)?.unsigned(0x0062_000B)
    if segment == nil { throw missing("Referenced Segment Number") }
  }
  return Segmentation.Frame(
    segment: segment,
    geometry: Geometry(
      size: SIMD3(header.columns, header.rows, 1), spacing: Vector3(spacing[1], spacing[0], 1),
      origin: Vector3(position[0], position[1], position[2]), direction: Matrix3(row, column, row.cross(column))))
}

/// The images that a functional group names as the source of a frame, with their positions in the patient preserved:
/// those of Derivation Image (0008,9124), otherwise Referenced Images (0008,1140). Nil where the group names none.
private func sources(_ group: DatasetItem) -> [ImageReference]? {
  let derived = group.items(0x0008_9124).flatMap { $0.items(0x0008_2112) }
  let named = (derived.isEmpty ? group.items(0x0008_1140) : derived).filter { $0.code(0x0028_135A) != "NO" }
  return named.isEmpty ? nil : named.prefix(mostSources).compactMap(\.imageReference)
}

private func segments(_ root: DatasetItem, _ header: ImageHeader) throws(StudyError) -> [Segmentation.Segment] {
  var segments: [Segmentation.Segment] = []
  var numbers: Set<Int> = []
  for item in root.items(0x0062_0002) {
    guard let number = item.unsigned(0x0062_0004), numbers.insert(number).inserted, segments.count < mostSegments else {
      throw segmentationError("has a segment without a number of its own", header)
    }
    let codes = [item.item(0x0062_0003), item.item(0x0062_000F)].compactMap { $0 }.compactMap { code in
      code.code(0x0008_0100).map { (code.code(0x0008_0102) ?? "") + ":" + $0 }
    }
    segments.append(
      Segmentation.Segment(
        number: number,
        label: DisplayText(Array(item.bytes(0x0062_0005) ?? []), characterSet: header.characterSet), codes: codes,
        frames: 0, isBackground: number == 0 || codes.contains("DCM:125040")))
  }
  guard !segments.isEmpty else { throw segmentationError("has no segments", header) }
  return segments.sorted { $0.number < $1.number }
}

func segmentationError(_ message: String, _ header: ImageHeader) -> StudyError {
  StudyError(.segmentation, message, file: header.display, hint: "export the segmentation again")
}
