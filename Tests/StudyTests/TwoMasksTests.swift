import Configuration
import DICOM
import Errors
import Foundation
import Imaging
import Study
import TestKit
import Testing

/// Several masks of one study are never chosen between in silence.
@Suite struct TwoMasksTests {
  private let study: PhaseStudy

  init() throws {
    study = try PhaseStudy()
    try study.add(series: 1, "excretory")
  }

  /// What `process` makes of the study: `result.json`.
  private func result(
    _ request: RegionRequest = RegionRequest(), _ choices: StudyChoices = StudyChoices()
  ) throws -> ParsedJSON {
    let output = try study.folder.folder("out-\(UUID().uuidString)")
    try computeStudy(
      StudyRequest(
        study: "s", input: study.path, output: output, profile: "pyradiomics-defaults", region: request,
        choices: choices, threads: 2))
    return try ParsedJSON(Data(contentsOf: URL(fileURLWithPath: output + "/result.json")))
  }

  private func error(_ request: RegionRequest = RegionRequest()) throws -> StudyError {
    let found = try #require(throws: StudyError.self) { try result(request) }
    // All that look at a study say the same.
    let inspected = try StudyInspection(
      folder: study.path, region: request, phase: Configuration.excretoryPhase, threads: 2)
    #expect(inspected.refusal?.code == found.code && inspected.refusal?.message == found.message)
    return found
  }

  private func notes(_ result: ParsedJSON) -> [String] {
    (result["warnings"]?.array ?? []).compactMap { $0["code"]?.string }
  }

  private func unused(_ result: ParsedJSON) -> [String] {
    (result["unused"]?["files"]?.array ?? []).compactMap { $0["file"]?.string }
  }

  private func voxels(_ result: ParsedJSON) -> Double? { result["acquisition"]?["roi_voxels"]?.number }

  /// The tumour without one of its slices, as a label map.
  private func smaller(_ name: String, label: Int16 = 1) throws {
    var mask = study.tumour
    let area = mask.geometry.size.x * mask.geometry.size.y
    let first = try #require(mask.voxels.firstIndex(of: 1)) / area * area
    for i in first..<first + area { mask.voxels[i] = 0 }
    try NIfTIWriter.write(
      Volume(geometry: mask.geometry, int16: mask.voxels.map { Int16($0) * label }), to: study.path + "/" + name)
  }

  @Test("Masks with the same voxels count as one, with a note")
  func equalMasksCountAsOneWithNote() throws {
    try study.structureSet()
    try study.nifti()
    let same = try result()
    #expect(notes(same).contains("MASK_NOT_USED") && unused(same) == ["mask.nii.gz"])
    #expect(voxels(same) == Double(study.tumour.count))
  }

  @Test(
    "A truncated mask makes the study wait, also beside a whole one",
    arguments: ["mask.nii", "mask.nii.gz", "mask.nrrd", "mask.mha"], [0, 20, 400])
  func truncatedMaskWaitsBesideAWholeOne(name: String, length: Int) throws {
    try study.structureSet()
    try study.nifti("whole.nii")
    let whole = try Data(contentsOf: URL(fileURLWithPath: study.path + "/whole.nii"))
    try FileManager.default.removeItem(atPath: study.path + "/whole.nii")
    // Of 400 bytes it has its header, whatever its suffix says.
    try study.put(Array(whole.prefix(length)), name)
    let cut = try #require(throws: StudyError.self) { try result() }
    #expect(cut.code == .truncated || cut.code == .corrupt, "\(cut)")
    #expect(cut.file == name)
    guard case .incomplete(let waited) = try probeStudy(folder: study.path, threads: 2) else {
      Issue.record("the inbox does not wait")
      return
    }
    #expect(waited.code == cut.code)
    // Another that is named settles it; named itself, it is refused.
    let named = try result(RegionRequest(), StudyChoices(mask: "rs"))
    #expect(unused(named) == [name])
    #expect(throws: StudyError.self) { try result(RegionRequest(), StudyChoices(mask: name)) }
  }

  @Test("A mask with values that are not finite is refused")
  func nonFiniteMaskIsRefused() throws {
    var values = study.tumour.voxels.map { Float($0) }
    let size = study.tumour.geometry.size
    values[0] = .nan
    values[size.x + 2] = .infinity
    for name in ["mask.nii.gz", "mask.nii"] {
      try NIfTIWriter.write(
        Volume(geometry: study.tumour.geometry, pixelType: .float32, voxels: .float32(values)),
        to: study.path + "/" + name)
      let refused = try error()
      #expect(refused.code == .maskNotLabels && refused.message.contains("2 voxels"), "\(refused)")
      #expect(refused.message.contains("voxel (0, 0, 0)") && refused.file == name)
      try FileManager.default.removeItem(atPath: study.path + "/" + name)
    }
    try NIfTIWriter.write(
      Volume(geometry: study.tumour.geometry, pixelType: .float32, voxels: .float32(values)),
      to: study.path + "/mask.nii")
    // Beside another mask it is a question and not left out.
    try study.structureSet()
    #expect(try error().code == .maskAmbiguous)
  }

  @Test("A compressed slice file blocks the study", arguments: ["12.dcm.gz", "12.IMA.bz2", "12.dicom.zst"])
  func compressedSliceBlocksTheStudy(name: String) throws {
    try study.structureSet()
    try study.put([0x1F, 0x8B, 8, 0], "series 1/" + name)
    let blocked = try error()
    #expect(blocked.code == .malformedDICOM && blocked.message.contains("compressed slice"))
    #expect(blocked.file == "series 1/" + name)
  }

  @Test("Masks that differ lead to a question that names both")
  func differingMasksAskAndNameBoth() throws {
    try study.structureSet()
    try smaller("mask.nii.gz")
    let asked = try error()
    #expect(asked.code == .maskAmbiguous && asked.needsReview)
    for part in ["rs (RTSTRUCT, Tumour, ", "mask.nii.gz (NIfTI, label 1, ", " ml)", "Dice 0."] {
      #expect(asked.message.contains(part), "\(asked.message)")
    }
    #expect(Set(asked.details.keys) == ["mask rs", "mask mask.nii.gz"])
    guard case .needsReview = try probeStudy(folder: study.path, threads: 2) else {
      Issue.record("the inbox does not ask")
      return
    }
    // Named, it is settled.
    #expect(try voxels(result(RegionRequest(), StudyChoices(mask: "rs"))) == Double(study.tumour.count))
    try study.put(Array("mask: mask.nii.gz\n".utf8), "study.yaml")
    #expect(try voxels(result()) ?? 0 < Double(study.tumour.count))
  }

  @Test("A label selects a label map, a segment number a DICOM object")
  func labelAndSegmentSelectTheirKind() throws {
    try study.structureSet()
    try smaller("mask.nii.gz", label: 3)
    let byLabel = try result(RegionRequest(askedLabel: 3))
    #expect(try #require(voxels(byLabel)) < Double(study.tumour.count))
    #expect(notes(byLabel).contains("MASK_NOT_USED") && unused(byLabel) == ["rs"])
    let bySegment = try result(RegionRequest(segment: 1))
    #expect(voxels(bySegment) == Double(study.tumour.count))
    #expect(notes(bySegment).contains("MASK_NOT_USED") && unused(bySegment) == ["mask.nii.gz"])
    #expect(try voxels(result(RegionRequest(name: "tumour"))) == Double(study.tumour.count))
    // The label is not there; the structure set's region 1 is no label.
    #expect(try error(RegionRequest(askedLabel: 1)).code == .labelMissing)
    try study.put(Array("segment: 1\n".utf8), "study.yaml")
    #expect(try voxels(result()) == Double(study.tumour.count))
  }

  @Test("A label for a structure set and a segment for a label map are refused by name")
  func mismatchedLabelOrSegmentIsRefused() throws {
    try study.structureSet()
    let label = try error(RegionRequest(askedLabel: 1))
    #expect(label.code == .needsROI && label.message.contains("RTSTRUCT") && label.message.contains("#1 Tumour"))
    try FileManager.default.removeItem(atPath: study.path + "/rs")
    try study.nifti()
    let segment = try error(RegionRequest(segment: 1))
    #expect(segment.code == .needsLabel && segment.details["label 1"] != nil)
  }

  @Test("Two files with the same bytes are one mask")
  func identicalMaskFilesAreOneMask() throws {
    var two = study.tumour.voxels.map(Int16.init)
    two[0] = 2
    try NIfTIWriter.write(Volume(geometry: study.tumour.geometry, int16: two), to: study.path + "/mask.nii.gz")
    try FileManager.default.copyItem(atPath: study.path + "/mask.nii.gz", toPath: study.path + "/mask (1).nii.gz")
    // What is asked is the label, not the file.
    #expect(try error().code == .needsLabel)
    let one = try result(RegionRequest(askedLabel: 1))
    #expect(notes(one).contains("MASK_NOT_USED") && unused(one) == ["mask.nii.gz"])
    #expect(voxels(one) == Double(study.tumour.count))
  }

  @Test("One differing mask of three is enough for a question")
  func oneDifferingMaskOfThreeAsks() throws {
    try study.structureSet()
    try study.nifti()
    try smaller("other.nii.gz")
    let asked = try error()
    #expect(asked.code == .maskAmbiguous && asked.details.count == 3)
    #expect(asked.message.contains("Dice 1.0 of rs and mask.nii.gz"), "\(asked.message)")
  }

  @Test("A segmentation beside a structure set is compared with it")
  func segmentationAndStructureSetAreCompared() throws {
    try study.structureSet()
    try study.segmentation()
    let same = try result()
    #expect(notes(same).contains("MASK_NOT_USED") && voxels(same) == Double(study.tumour.count))
    #expect(try error(RegionRequest(segment: 1)).code == .maskAmbiguous)
    // Only one of them has what is asked for.
    #expect(try notes(result(RegionRequest(name: "Lesion"))).contains("MASK_NOT_USED"))
  }

  @Test("Masks on different series lead to a question")
  func masksOnDifferentSeriesAsk() throws {
    try study.structureSet()
    try study.add(series: 2, "shifted") { slice in
      guard case .text(let bytes)? = slice.attributes[0x0020_0032] else { return }
      var place = String(decoding: bytes, as: UTF8.self).split(separator: "\\").compactMap {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      place[0] += 500
      slice.set(0x0020_0032, place.map { "\($0)" }.joined(separator: "\\"))
    }
    var other = study.tumour
    other.geometry.origin.x += 500
    try NIfTIWriter.write(other, to: study.path + "/other.nii.gz")
    let asked = try error()
    #expect(asked.code == .maskAmbiguous && asked.message.contains("on different series"), "\(asked.message)")
    #expect(try voxels(result(RegionRequest(), StudyChoices(mask: "rs"))) == Double(study.tumour.count))
  }

  @Test("A mask with more slices is not skipped in favour of another")
  func longerMaskIsNotSkipped() throws {
    try study.structureSet()
    try study.nifti()
    try FileManager.default.removeItem(atPath: study.path + "/series 1/11")
    #expect(try error().code == .slicesMissing)
    guard case .incomplete = try probeStudy(folder: study.path, threads: 2) else {
      Issue.record("the inbox does not wait")
      return
    }
    #expect(try voxels(result(RegionRequest(), StudyChoices(mask: "rs"))) == Double(study.tumour.count))
  }

  @Test("A label map on another series is noted")
  func labelMapOfAnotherSeriesIsNoted() throws {
    try study.add(series: 2, "portal")
    try study.nifti("series 2/mask.nii.gz")
    #expect(try notes(result()).contains("MASK_BESIDE_OTHER_SERIES"))
    try FileManager.default.moveItem(
      atPath: study.path + "/series 2/mask.nii.gz", toPath: study.path + "/series 1/mask.nii.gz")
    #expect(try !notes(result()).contains("MASK_BESIDE_OTHER_SERIES"))
  }
}
