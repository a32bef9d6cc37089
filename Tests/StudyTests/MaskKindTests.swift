import DICOM
import Documents
import Errors
import Foundation
import Imaging
import Phantom
import Study
import TestKit
import Testing

/// One region in masks of every kind and order gives one mask and one row of features.
@Suite struct MaskKindTests {
  private let study: PhaseStudy
  private let output: String

  init() throws {
    study = try PhaseStudy()
    try study.add(series: 1, "excretory")
    output = try study.folder.folder("out")
    let quick =
      "imageType:\n  Original: {}\nfeatureClass:\n  shape:\n  firstorder:\n  glcm:\nsetting:\n  binWidth: 25\n"
    try study.folder.write("quick.yaml", quick)
  }

  /// Computes the study with its mask, and returns features and published mask as bytes.
  private func result() throws -> [Data] {
    try computeStudy(
      StudyRequest(
        study: "s", input: study.path, output: output, profile: study.folder("quick.yaml"), threads: 2))
    let features = try study.folder.json("out/features.json")["features"]
    return [
      try JSONSerialization.data(withJSONObject: try #require(features), options: .sortedKeys),
      try study.folder.data("out/mask.nii.gz"),
    ]
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: study.path + "/" + name) }

  /// Little-endian int16.
  private func bytes(_ volume: Volume) -> [UInt8] {
    volume.voxels.doubles.flatMap { value in
      let word = UInt16(bitPattern: Int16(value))
      return [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)]
    }
  }

  private func nrrd(_ volume: Volume) -> [UInt8] {
    let g = volume.geometry
    let directions = (0..<3).map { axis in
      let v = g.direction[axis] * g.spacing[axis]
      return "(\(v.x),\(v.y),\(v.z))"
    }.joined(separator: " ")
    let header = [
      "NRRD0004", "type: short", "dimension: 3", "space: left-posterior-superior",
      "sizes: \(g.size.x) \(g.size.y) \(g.size.z)", "space directions: \(directions)", "kinds: domain domain domain",
      "endian: little", "encoding: raw", "space origin: (\(g.origin.x),\(g.origin.y),\(g.origin.z))", "", "",
    ]
    return Array(header.joined(separator: "\n").utf8) + bytes(volume)
  }

  private func metaImage(_ volume: Volume) -> [UInt8] {
    let g = volume.geometry
    let matrix = (0..<3).flatMap { axis in (0..<3).map { "\(g.direction[axis][$0])" } }.joined(separator: " ")
    let header = [
      "ObjectType = Image", "NDims = 3", "BinaryData = True", "TransformMatrix = \(matrix)",
      "Offset = \(g.origin.x) \(g.origin.y) \(g.origin.z)",
      "ElementSpacing = \(g.spacing.x) \(g.spacing.y) \(g.spacing.z)", "DimSize = \(g.size.x) \(g.size.y) \(g.size.z)",
      "ElementType = MET_SHORT", "ElementDataFile = LOCAL", "",
    ]
    return Array(header.joined(separator: "\n").utf8) + bytes(volume)
  }

  @Test("Every kind and storage order of the mask gives the same features")
  func everyMaskKindGivesSameFeatures() throws {
    let tumour = study.tumour
    let plain = Volume(geometry: tumour.geometry, int16: tumour.voxels.map { Int16($0) })
    try study.put(nrrd(plain), "mask.nrrd")
    let reference = try result()
    for change in ["flipped", "permuted", "cropped"] {
      let changed = MaskChanges.apply(change, to: plain)
      try study.put(nrrd(changed), "mask.nrrd")
      #expect(try result() == reference, "NRRD, \(change)")
      try remove("mask.nrrd")
      try study.put(metaImage(changed), "mask.mha")
      #expect(try result() == reference, "MetaImage, \(change)")
      try remove("mask.mha")
      try NIfTIWriter.write(changed, to: study.path + "/mask.nii")
      #expect(try result() == reference, "NIfTI, \(change)")
      try remove("mask.nii")
      try study.put(nrrd(plain), "mask.nrrd")
    }
    try remove("mask.nrrd")
    try study.structureSet()
    #expect(try result() == reference, "RTSTRUCT")
    try study.structureSet { draft in
      draft.regions[0].contours = draft.regions[0].contours.reversed().map { ($0.type, $0.points.reversed()) }
    }
    #expect(try result() == reference, "RTSTRUCT, reversed")
    try remove("rs")
    try study.segmentation { $0.frames.reverse() }
    #expect(try result() == reference, "SEG")
    // Frames that hold the region's part of the grid only.
    try study.segmentation { draft in
      let (width, height) = (draft.columns, draft.rows)
      for i in draft.frames.indices {
        let values = draft.frames[i].values
        draft.frames[i].values = (2..<height).flatMap { y in (3..<width).map { values[y * width + $0] } }
        draft.frames[i].position += SIMD3(3 * draft.spacing.1, 2 * draft.spacing.0, 0)
      }
      (draft.columns, draft.rows) = (width - 3, height - 2)
    }
    #expect(try result() == reference, "SEG, a part of the grid")
  }

  private func notes() throws -> [String] {
    _ = try result()
    let warnings = try study.folder.json("out/result.json")["warnings"] as? [[String: Any]] ?? []
    return warnings.compactMap { $0["code"] as? String }
  }

  @Test("A region in the air or in several parts is noted")
  func regionInAirOrPartsIsNoted() throws {
    try study.nifti()
    #expect(try notes().filter { $0.hasPrefix("ROI_") } == [])
    let grid = study.tumour.geometry
    // A corner of the image, outside of the body, and the tumour.
    var both = study.tumour
    for x in 1..<5 { for y in 1..<5 { both.voxels[grid.offset(x, y, 5)] = 1 } }
    try NIfTIWriter.write(both, to: study.path + "/mask.nii.gz")
    #expect(try notes().filter { $0.hasPrefix("ROI_") } == ["ROI_PARTS"])
    var air = Mask(geometry: grid, voxels: [UInt8](repeating: 0, count: grid.count))
    for x in 1..<5 { for y in 1..<5 { for z in 4..<7 { air.voxels[grid.offset(x, y, z)] = 1 } } }
    try NIfTIWriter.write(air, to: study.path + "/mask.nii.gz")
    #expect(!(try notes().contains("ROI_IMPLAUSIBLE")))
    // The phantom's body reaches to the corner: air there, as around a patient.
    try FileManager.default.removeItem(atPath: study.path + "/series 1")
    try study.add(series: 1, "excretory") { slice in
      for y in 0..<6 { for x in 0..<6 { slice.pixels[y * 64 + x] = 0 } }
    }
    #expect(try notes().contains("ROI_IMPLAUSIBLE"))
  }

  @Test("A region of one grey level gets no prediction")
  func flatRegionGetsNoPrediction() throws {
    try FileManager.default.removeItem(atPath: study.path + "/series 1")
    // One value except for a margin far away.
    try study.add(series: 1, "flat") { slice in
      for i in 4 * 64..<64 * 64 { slice.pixels[i] = 1064 }
    }
    try study.nifti()
    let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path
    try computeStudy(
      StudyRequest(study: "s", input: study.path, output: output, model: model, threads: 2))
    let result = try study.folder.json("out/result.json")
    let codes = (result["warnings"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    #expect(codes.contains("ROI_FLAT"))
    let prediction = try #require(result["prediction"] as? [String: Any])
    #expect(prediction["probability"] is NSNull)
    #expect((prediction["withheld"] as? [String: Any])?["reason"] as? String == "the region has one grey level only")
  }

  @Test("An empty region is refused in every kind of mask")
  func emptyRegionIsRefusedInEveryKind() throws {
    let grid = study.tumour.geometry
    try study.structureSet { draft in
      draft.regions[0].contours = [
        ("CLOSED_PLANAR", [(20.2, 20.2), (20.7, 20.2), (20.4, 20.6)].map { grid.point(at: Vector3($0.0, $0.1, 4)) })
      ]
    }
    let error = #expect(throws: StudyError.self) { try result() }
    #expect(error?.code.name == "E_MASK_EMPTY")
    #expect(error?.file == "rs")
  }

  /// Phases that share a series: a structure set refers to the images of one of them.
  @Test("A mask selects its phase within a series", arguments: ["RTSTRUCT", "SEG"])
  func maskSelectsItsPhase(_ kind: String) throws {
    try FileManager.default.removeItem(atPath: study.path + "/series 1")
    for phase in [1, 2] {
      try study.add(series: phase, "CTU") { slice in
        slice.set(0x0020_000E, PhaseStudy.uid(9))
        slice.set(0x0020_0012, "\(phase)")
        if phase == 1 { for i in slice.pixels.indices { slice.pixels[i] += 1 } }
      }
    }
    func refer(_ origin: inout DraftOrigin) {
      origin.series = PhaseStudy.uid(9)
      origin.instances = (0..<12).map { "\(PhaseStudy.uid(2)).\($0)" }
    }
    if kind == "SEG" {
      try study.segmentation { refer(&$0.origin) }
    } else {
      try study.structureSet { refer(&$0.origin) }
    }
    _ = try result()
    let table = try study.folder.text("out/features.csv")
    #expect(table.contains(PhaseStudy.uid(9) + "#acquisition-2"))
    let mask = try NIfTIReader.read(output + "/mask.nii.gz")
    #expect(mask.voxels.doubles.map { UInt8($0) } == study.tumour.voxels)
    // A label map does not state the phase, but study.yaml does.
    try remove(kind == "SEG" ? "seg" : "rs")
    try study.nifti()
    let refusal = #expect(throws: StudyError.self) { try result() }
    #expect(refusal?.code.name == "E_NEEDS_SERIES")
    try study.put(Array("image: \(PhaseStudy.uid(9))#acquisition-1\n".utf8), "study.yaml")
    _ = try result()
    #expect(try study.folder.text("out/features.csv").contains("#acquisition-1"))
  }

  /// A legacy converted enhanced CT of the images that a structure set was drawn on.
  @Test("A converted series is found by its source images")
  func convertedSeriesIsFoundByItsSources() throws {
    let slices = try (0..<12).map { index in
      try #require(try scanStudy(study.path).series[0].images.first { $0.sopInstanceUID.hasSuffix(".\(index)") })
    }
    try FileManager.default.removeItem(atPath: study.path + "/series 1")
    let singles = study.image.slices(name: "P1")
    var object = CTSlice()
    let moved: Set<UInt32> = [0x0020_0032, 0x0020_0037, 0x0028_0030, 0x0028_1052, 0x0028_1053, 0x0028_1054]
    object.attributes = singles[0].attributes.filter { !moved.contains($0.key) }
    object.set(0x0008_0016, SOPClass.legacyConvertedCT)
    object.set(0x0008_0018, "1.2.3.77")
    object.set(0x0020_000E, "1.2.3.78")
    object.set(0x0028_0008, "12")
    object.pixels = singles.flatMap(\.pixels)
    let first = singles[0].attributes
    object.attributes[0x5200_9229] = .items([
      [
        0x0020_9116: .items([[0x0020_0037: try #require(first[0x0020_0037])]]),
        0x0028_9110: .items([[0x0028_0030: try #require(first[0x0028_0030])]]),
        0x0028_9145: .items([first.filter { [0x0028_1052, 0x0028_1053, 0x0028_1054].contains($0.key) }]),
      ]
    ])
    object.attributes[0x5200_9230] = .items(
      try singles.indices.map { index in
        [
          0x0020_9113: .items([[0x0020_0032: try #require(singles[index].attributes[0x0020_0032])]]),
          0x0020_9172: .items([[0x0008_1155: .text(Array(slices[index].sopInstanceUID.utf8))]]),
        ]
      })
    try object.write(to: study.path + "/enhanced")
    try study.structureSet()
    let codes = try notes()
    #expect(codes.contains("SERIES_CONVERTED"))
    #expect(!codes.contains("REFERENCED_SERIES_ABSENT"))
    #expect(try study.folder.text("out/features.csv").contains("1.2.3.78"))
  }
}
