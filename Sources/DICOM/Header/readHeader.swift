import Errors
import Imaging

/// The kind of a file of a study.
enum FileKind: Sendable {
  case image(ImageHeader)
  /// The frames of an enhanced CT, one header each.
  case frames([ImageHeader])
  /// A DICOMDIR: an index that is not used.
  case directory
  /// Not DICOM at all.
  case other
}

/// Reads a file's header: a few kilobytes, without the pixels.
///
/// - Throws: `E_IO`, `E_DICOM_MALFORMED`, `E_TRUNCATED`, `E_LIMIT`, `E_INVALID_UID`, `E_UNSUPPORTED_TS`.
func readHeader(_ file: StudyFile) throws(StudyError) -> FileKind {
  guard var bytes = try DICOMBytes.open(file) else { return .other }
  if bytes.layout.isDirectory { return .directory }
  let flat = try bytes.flatHeader()
  let dataset = try Dataset(flat, syntax: bytes.headerSyntax, file: file.display)
  let layout = bytes.layout
  let damage = layout.truncation.map { truncation in
    StudyError(
      .truncated, "ends at byte \(truncation.offset), inside \(truncation.place)",
      file: file.display, hint: "copy the file again", details: ["offset": String(truncation.offset)])
  }
  let sopClass = dataset.code(0x0008_0016) ?? ""
  let series = dataset.code(0x0020_000E) ?? ""
  if let damage, sopClass.isEmpty || series.isEmpty { throw damage }
  // A DICOMDIR whose records are hidden (a file set of its own) has no SOP class in the dataset.
  if sopClass == "1.2.840.10008.1.3.10" { return .directory }
  let instance = dataset.code(0x0008_0018) ?? ""
  let study = dataset.code(0x0020_000D) ?? ""
  let frame = dataset.code(0x0020_0052) ?? ""
  for (uid, name) in [
    (sopClass, "SOP Class UID"), (instance, "SOP Instance UID"), (study, "Study Instance UID"),
    (series, "Series Instance UID"),
  ] {
    guard isUID(uid) else { throw invalidUID(name, uid, file) }
  }
  guard frame.isEmpty || isUID(frame) else { throw invalidUID("Frame of Reference UID", frame, file) }
  var header = ImageHeader(
    file: file, sopClassUID: sopClass, sopInstanceUID: instance, studyUID: study, seriesUID: series,
    frameOfReferenceUID: frame, patientID: dataset.bytes(0x0010_0020) ?? [], modality: dataset.code(0x0008_0060) ?? "",
    imageType: dataset.codes(0x0008_0008), seriesNumber: dataset.integer(0x0020_0011),
    acquisitionNumber: dataset.integer(0x0020_0012), instanceNumber: dataset.integer(0x0020_0013),
    acquisition: acquisition(dataset), characterSet: dataset.bytes(0x0008_0005) ?? [],
    seriesDescription: dataset.bytes(0x0008_103E) ?? [], protocolName: dataset.bytes(0x0018_1030) ?? [],
    numberOfFrames: dataset.integer(0x0028_0008) ?? 1, samplesPerPixel: dataset.integer(0x0028_0002) ?? 1,
    photometric: dataset.code(0x0028_0004) ?? "", pixels: pixelDescription(dataset),
    rescaleType: dataset.code(0x0028_1054) ?? "",
    hasModalityLUT: layout.hasModalityLUT, isLossy: ["01", "1"].contains(dataset.code(0x0028_2110)),
    paddingBits: dataset.integer(0x0028_0120).map { UInt16(truncatingIfNeeded: $0) }, pixelData: layout.pixelData,
    fragments: Array(layout.fragments.dropFirst()), offsets: (layout.fragments.first, layout.extendedOffsets),
    phase: PhaseAttributes(dataset),
    syntax: layout.syntax, isBigEndian: layout.isBigEndian,
    hasExecutablePreamble: layout.hasExecutablePreamble, damage: damage)
  if let slope = dataset.decimal(0x0028_1053), let intercept = dataset.decimal(0x0028_1052) {
    header.rescale = Rescale(slope: slope, intercept: intercept)
  }
  if let p = dataset.decimals(0x0020_0032, count: 3) { header.position = Vector3(p[0], p[1], p[2]) }
  if let o = dataset.decimals(0x0020_0037, count: 6) {
    header.rowDirection = Vector3(o[0], o[1], o[2])
    header.columnDirection = Vector3(o[3], o[4], o[5])
  }
  if let s = dataset.decimals(0x0028_0030, count: 2) {
    header.rowSpacing = s[0]
    header.columnSpacing = s[1]
  }
  header.imagesInAcquisition = dataset.integer(0x0020_1002)
  header.concatenation = Concatenation(dataset, frames: header.numberOfFrames)
  header.isMultiEnergy = dataset.code(0x0018_9361) == "YES"
  header.volumetricProperties = dataset.code(0x0008_9206) ?? ""
  header.volumeTechnique = dataset.code(0x0008_9207) ?? ""
  header.overlayBits = overlayBits(dataset)
  if layout.hasRealWorldValues, damage == nil, sopClass == SOPClass.ct {
    header.realWorldUnits = try DatasetTree.read(header).root.realWorldUnits
  }
  guard SOPClass.isEnhancedCT(sopClass), damage == nil else { return .image(header) }
  do throws(StudyError) {
    return .frames(try expandFrames(header))
  } catch {
    if error.code == .io || error.code == .notFound { throw error }
    header.damage = error
    return .image(header)
  }
}

/// Digits and dots, 1 to 64 of them (DICOM PS3.5 section 9).
private func isUID(_ text: String) -> Bool {
  let bytes = text.utf8
  return (1...64).contains(bytes.count)
    && bytes.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

private func invalidUID(_ name: String, _ value: String, _ file: StudyFile) -> StudyError {
  StudyError(
    .invalidUID, value.isEmpty ? "has no \(name)" : "its \(name) is not digits and dots of at most 64 characters",
    file: file.display, hint: "export the series again")
}

private func pixelDescription(_ dataset: borrowing Dataset) -> PixelDescription? {
  guard let rows = dataset.integer(0x0028_0010), let columns = dataset.integer(0x0028_0011),
    let allocated = dataset.integer(0x0028_0100)
  else { return nil }
  let stored = dataset.integer(0x0028_0101) ?? allocated
  return PixelDescription(
    rows: rows, columns: columns, bitsAllocated: allocated, bitsStored: stored,
    highBit: dataset.integer(0x0028_0102) ?? stored - 1, isSigned: dataset.integer(0x0028_0103) == 1,
    saysSign: [0, 1].contains(dataset.integer(0x0028_0103)))
}

/// The bits that overlays use: those of Overlay Bit Position where overlays are stored in the samples. An overlay that
/// has data of its own has a bit position of 0 (PS3.3 C.9.2), which is a bit of the value.
private func overlayBits(_ dataset: borrowing Dataset) -> UInt32 {
  HeaderTags.overlayGroups.reduce(0) { bits, group in
    guard let position = dataset.integer(group << 16 | 0x0102), (1..<32).contains(position) else { return bits }
    return bits | 1 << UInt32(position)
  }
}

private func acquisition(_ dataset: borrowing Dataset) -> Acquisition {
  let set = dataset.bytes(0x0008_0005) ?? []
  func text(_ bytes: [UInt8]?) -> String { bytes.map { DisplayText($0, characterSet: set).text } ?? "" }
  return Acquisition(
    manufacturer: text(dataset.bytes(0x0008_0070)), model: text(dataset.bytes(0x0008_1090)),
    kVp: dataset.decimal(0x0018_0060),
    kernel: text(dataset.bytes(0x0018_1210)), sliceThickness: dataset.decimal(0x0018_0050),
    spacingBetweenSlices: dataset.decimal(0x0018_0088), contrastAgent: text(dataset.bytes(0x0018_0010)),
    gantryTilt: dataset.decimal(0x0018_1120), tubeCurrent: dataset.decimal(0x0018_1151),
    reconstructionDiameter: dataset.decimal(0x0018_1100))
}
