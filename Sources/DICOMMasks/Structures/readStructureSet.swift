package import DICOM
package import Errors
import Imaging

/// Limit of points in one structure set; a whole body of organs has some millions.
private let mostPoints = 20_000_000
private let mostRegions = 10_000

/// Reads a structure set with all its contours.
///
/// - Throws: `E_IO`, `E_TRUNCATED`, `E_DICOM_MALFORMED`, `E_LIMIT`, `E_CONTOUR` where a contour's coordinates are not
///   triples of finite numbers or not as many as it states, its type is unknown, or two regions have the same number.
package func readStructureSet(_ object: DICOMObject) throws(StudyError) -> StructureSet {
  let header = object.header
  let root = try DatasetTree.read(header).root
  var regions: [Int: StructureSet.Region] = [:]
  for item in root.items(0x3006_0020) {
    guard let number = item.integer(0x3006_0022) else {
      throw contourError("a region has no ROI Number", header)
    }
    guard regions.count < mostRegions else {
      throw StudyError(.limit, "more than \(mostRegions) ROIs", file: header.display)
    }
    let region = StructureSet.Region(
      number: number, name: DisplayText(Array(item.bytes(0x3006_0026) ?? []), characterSet: header.characterSet),
      frameOfReferenceUID: item.uid(0x3006_0024) ?? "", contours: [])
    guard regions.updateValue(region, forKey: number) == nil else {
      throw contourError("two regions have the ROI Number \(number)", header)
    }
  }
  var points = 0
  for item in root.items(0x3006_0039) {
    guard let number = item.integer(0x3006_0084), var region = regions[number] else { continue }
    for contour in item.items(0x3006_0040) {
      try read(contour, into: &region, &points, header)
    }
    regions[number] = region
  }
  return StructureSet(
    file: object.file, references: references(root, header, regions),
    regions: regions.values.sorted { $0.number < $1.number })
}

private func read(
  _ item: DatasetItem, into region: inout StructureSet.Region, _ points: inout Int, _ header: ImageHeader
) throws(StudyError) {
  let images = item.items(0x3006_0016).compactMap(\.imageReference)
  region.images.formUnion(images.map(\.instance))
  let type = item.code(0x3006_0042) ?? ""
  switch type {
  case "CLOSED_PLANAR", "CLOSEDPLANAR_XOR": break
  case "POINT", "OPEN_PLANAR", "OPEN_NONPLANAR":
    region.openContours += 1
    return
  default:
    let what = type.isEmpty ? "no Contour Geometric Type" : "the unknown Contour Geometric Type \(type.prefix(64))"
    throw contourError("a contour of ROI \(region.number) has \(what): it may be closed or not", header)
  }
  guard let numbers = item.decimals(0x3006_0050), numbers.count % 3 == 0, numbers.allSatisfy({ abs($0) < 1e6 }) else {
    throw contourError("a contour of ROI \(region.number) has coordinates that are not triples of millimetres", header)
  }
  if item.bytes(0x3006_0046) != nil {
    guard let stated = item.integer(0x3006_0046) else {
      throw contourError(
        "a contour of ROI \(region.number) has a Number of Contour Points that is not a number", header)
    }
    guard stated == numbers.count / 3 else {
      throw contourError(
        "a contour of ROI \(region.number) states \(stated) points (Number of Contour Points) and holds "
          + "\(numbers.count / 3)", header)
    }
  }
  points += numbers.count / 3
  guard points <= mostPoints else {
    throw StudyError(.limit, "more than \(mostPoints) contour points", file: header.display)
  }
  let contour = StructureSet.Contour(
    points: stride(from: 0, to: numbers.count, by: 3).map {
      SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
    }, isXOR: type == "CLOSEDPLANAR_XOR", images: images)
  // Fewer than three points enclose nothing; planning systems leave such crumbs behind.
  if contour.points.count < 3 {
    region.openContours += 1
    region.crumbs.append(contour)
  } else {
    region.contours.append(contour)
  }
}

private func references(
  _ root: DatasetItem, _ header: ImageHeader, _ regions: [Int: StructureSet.Region]
) -> MaskReferences {
  var frames = Set(regions.values.map(\.frameOfReferenceUID))
  var series: [String: Set<String>] = [:]
  for frame in root.items(0x3006_0010) {
    if let uid = frame.uid(0x0020_0052) { frames.insert(uid) }
    for study in frame.items(0x3006_0012) {
      for item in study.items(0x3006_0014) {
        guard let uid = item.uid(0x0020_000E) else { continue }
        series[uid, default: []].formUnion(item.items(0x3006_0016).compactMap { $0.uid(0x0008_1155) })
      }
    }
  }
  frames.insert(header.frameOfReferenceUID)
  frames.remove("")
  return MaskReferences(
    patientID: header.patientID, studyUID: header.studyUID, framesOfReference: frames, series: series)
}

private func contourError(_ message: String, _ header: ImageHeader) -> StudyError {
  StudyError(.contour, message, file: header.display, hint: "export the structure set again")
}
