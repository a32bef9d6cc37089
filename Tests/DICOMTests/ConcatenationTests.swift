import DICOM
import DICOMMasks
import Errors
import Foundation
import Imaging
import TestKit
import Testing

@Suite("Objects that are stored in several parts")
struct ConcatenationTests {
  /// Eight frames in parts of three, three and two.
  private static let orders = [[3, 0, 7], [1, 6, 2], [5, 4]]

  private func write(
    _ parts: [Int], to folder: StudyFolder, change: (Int, inout EnhancedCT) -> Void = { _, _ in }
  ) throws {
    for part in parts {
      var object = EnhancedCT(smallSlices(), order: Self.orders[part], instance: "2.25.\(part + 1)")
      object.object.set(0x0020_9161, "2.25.99")
      object.object.set(0x0020_9162, number: part + 1)
      object.object.set(0x0020_9163, number: 3)
      object.object.attributes[0x0020_9228] = .long(UInt32(3 * part))
      change(part, &object)
      try object.write(to: folder.path + "/part \(part + 1)")
    }
  }

  @Test("all parts are one volume, with copies dropped")
  func allPartsFormOneVolume() throws {
    let folder = try StudyFolder()
    try write([0, 1, 2], to: folder)
    try FileManager.default.copyItem(atPath: folder.path + "/part 2", toPath: folder.path + "/copy")
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.warnings.isEmpty)
  }

  @Test(
    "missing parts are named, and a study that may still be copied waits", arguments: [[0, 1], [1, 2], [2], [0, 2]])
  func missingPartsAreNamed(_ parts: [Int]) throws {
    let folder = try StudyFolder()
    try write(parts, to: folder)
    let series = try folder.scan().series[0]
    let error = #expect(throws: StudyError.self) { try checkGeometry(series) }
    #expect(error?.code.name == "E_CONCATENATION")
    let missing = [1, 2, 3].filter { !parts.contains($0 - 1) }.map(String.init).joined(separator: ", ")
    #expect(error?.message.contains("\(parts.count) of the 3 parts") == true)
    #expect(error?.message.contains("part\(parts.count == 2 ? "" : "s") \(missing) ") == true)
    #expect(error?.details["missing"] == missing)
    #expect(error?.mayBeIncompleteCopy == true)
  }

  @Test("an evenly spaced half of the slices is not accepted as the whole")
  func evenHalfIsNotAcceptedAsWhole() throws {
    let folder = try StudyFolder()
    for (part, order) in [[0, 1, 2, 3], [4, 5, 6, 7]].enumerated().dropLast() {
      var object = EnhancedCT(smallSlices(), order: order, instance: "2.25.\(part + 1)")
      object.object.set(0x0020_9161, "2.25.99")
      object.object.set(0x0020_9162, number: part + 1)
      object.object.set(0x0020_9163, number: 2)
      try object.write(to: folder.path + "/part \(part + 1)")
    }
    #expect(try folder.refusal() == "E_CONCATENATION")
  }

  enum Edit: CaseIterable { case total, number, tooHigh, offset, noNumber, zeroth }

  @Test("parts that contradict each other are refused", arguments: Edit.allCases)
  func contradictingPartsAreRefused(_ edit: Edit) throws {
    let folder = try StudyFolder()
    try write([0, 1, 2], to: folder) { part, object in
      guard part == 1 else { return }
      switch edit {
      case .total: object.object.set(0x0020_9163, number: 4)
      case .number: object.object.set(0x0020_9162, number: 1)
      case .tooHigh: object.object.set(0x0020_9162, number: 7)
      case .offset: object.object.attributes[0x0020_9228] = .long(4)
      case .zeroth: object.object.set(0x0020_9162, number: 0)
      case .noNumber: object.object.attributes[0x0020_9162] = nil
      }
    }
    #expect(try folder.refusal() == "E_ATTRIBUTE")
  }

  @Test("a concatenation of 0 parts, or a part 0, is not whole", arguments: [(1, 0), (0, 1), (0, 0)], [true, false])
  func concatenationOfZeroPartsIsRefused(_ part: (number: Int, total: Int), hasUID: Bool) throws {
    let folder = try StudyFolder()
    var object = EnhancedCT(smallSlices(), order: EnhancedCTTests.order)
    if hasUID { object.object.set(0x0020_9161, "2.25.99") }
    object.object.set(0x0020_9162, number: part.number)
    object.object.set(0x0020_9163, number: part.total)
    try object.write(to: folder.path + "/mf")
    #expect(try folder.refusal() == "E_ATTRIBUTE")
    let segmentation = try StudyFolder()
    try segmentation.put(self.part(1, of: part.total).bytes, "a.dcm")
    guard part.total == 0 else { return }
    let error = #expect(throws: StudyError.self) { try MaskFiles.segmentation(segmentation.path, "a.dcm") }
    #expect(error?.code.name == "E_ATTRIBUTE")
  }

  @Test("without a total, a gap in the part numbers is found, and the frames decide")
  func gapWithoutTotalIsFound() throws {
    let folder = try StudyFolder()
    try write([0, 1, 2], to: folder) { _, object in object.object.attributes[0x0020_9163] = nil }
    #expect(try folder.load().volume == smallVolume())
    try FileManager.default.removeItem(atPath: folder.path + "/part 2")
    #expect(try folder.refusal() == "E_CONCATENATION")
  }

  @Test("an object that states that it is the only part is whole")
  func onlyPartIsWhole() throws {
    let folder = try StudyFolder()
    var object = EnhancedCT(smallSlices(), order: EnhancedCTTests.order)
    object.object.set(0x0020_9161, "2.25.99")
    object.object.set(0x0020_9162, number: 1)
    object.object.set(0x0020_9163, number: 1)
    try object.write(to: folder.path + "/mf")
    #expect(try folder.load().volume == smallVolume())
  }

  // MARK: segmentations

  private static let grid = Geometry(size: SIMD3(5, 3, 4), spacing: Vector3(2, 1, 5), origin: Vector3(-4, 8, -20))

  private func part(_ number: Int, of total: Int) -> SegmentationDraft {
    func frame(_ segment: Int, _ slice: Int, _ voxel: Int) -> SegmentationDraft.Frame {
      .init(
        segment, at: Self.grid.point(at: Vector3(0, 0, Double(slice))), (0..<15).map { $0 == voxel ? 1 : 0 })
    }
    var draft = SegmentationDraft(
      rows: 3, columns: 5, segments: [(1, "kidney", "64033007"), (2, "tumour", "86049000")],
      frames: number == 1 ? [frame(2, 0, 1), frame(2, 1, 2)] : [frame(2, 2, 3), frame(1, 3, 4)])
    draft.spacing = (1, 2)
    draft.instance = "1.2.3.\(number)"
    draft.part = (number, total, 2 * (number - 1))
    return draft
  }

  @Test("the parts of a segmentation are read as one")
  func segmentationPartsAreReadTogether() throws {
    let folder = try StudyFolder()
    try folder.put(part(2, of: 2).bytes, "a.dcm")
    try folder.put(part(1, of: 2).bytes, "b.dcm")
    try folder.put(part(1, of: 2).bytes, "copy of b.dcm")
    let objects = try folder.scan().objects
    #expect(objects.count == 1)
    let segmentation = try readSegmentation(try #require(objects.first))
    #expect(segmentation.files.map(\.display) == ["b.dcm", "a.dcm"])
    #expect(try segmentation.voxelCounts() == [1: 1, 2: 3])
    let mask = try segmentation.mask(of: segmentation.segments[1], on: Self.grid).mask
    #expect(mask.voxels.indices.filter { mask.voxels[$0] == 1 } == [1, 17, 33])
  }

  @Test("a part of a segmentation without the others is refused, whether it is named or found in a study")
  func incompleteSegmentationIsRefused() throws {
    let folder = try StudyFolder()
    try folder.put(part(2, of: 3).bytes, "a.dcm")
    let error = #expect(throws: StudyError.self) { try MaskFiles.segmentation(folder.path, "a.dcm") }
    #expect(error?.code.name == "E_CONCATENATION" && error?.details["missing"] == "1, 3")
    let object = try #require(try folder.scan().objects.first)
    #expect(#expect(throws: StudyError.self) { try readSegmentation(object) }?.code.name == "E_CONCATENATION")
  }
}
