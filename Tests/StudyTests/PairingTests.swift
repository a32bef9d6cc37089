import Configuration
import DICOM
import Documents
import Errors
import Foundation
import Imaging
import Phantom
import Study
import TestKit
import Testing

/// Which mask and which series belong together, and which region is used.
@Suite struct PairingTests {
  private let study: PhaseStudy

  init() throws { study = try PhaseStudy() }

  private struct Answer {
    var series: String?
    var mask: String?
    var reason: String?
    var region: String?
    var voxels: Int?
    var code: String?
    var notes: Set<String> = []
  }

  private func inspect(
    _ request: RegionRequest = RegionRequest(), phase: String = Configuration.excretoryPhase
  ) throws -> Answer {
    let json = try StudyInspection(folder: study.path, region: request, phase: phase, threads: 2).json
    guard case .object(let all) = json, case .object(let pairing)? = all["pairing"] else { return Answer() }
    func text(_ value: JSONValue?) -> String? {
      guard case .string(let text)? = value else { return nil }
      return text
    }
    var answer = Answer()
    answer.series = text(pairing["series"])
    answer.mask = text(pairing["mask"])
    answer.reason = text(pairing["reason"])
    answer.region = text(pairing["roi"])
    if case .integer(let voxels)? = pairing["voxels"] { answer.voxels = voxels }
    if case .object(let error)? = pairing["error"] { answer.code = text(error["code"]) }
    if case .array(let notes)? = pairing["notes"] {
      answer.notes = Set(
        notes.compactMap {
          guard case .object(let note) = $0 else { return nil }
          return text(note["code"])
        })
    }
    return answer
  }

  private func yaml(_ text: String) throws { try study.put(Array(text.utf8), "study.yaml") }

  @Test("A structure set names its series")
  func structureSetNamesItsSeries() throws {
    try study.add(series: 1, "portal")
    try study.add(series: 2, "excretory")
    try study.structureSet()
    let answer = try inspect()
    #expect(answer.series == PhaseStudy.uid(1))
    #expect(answer.reason == "references")
    #expect(answer.region == "Tumour")
    #expect(answer.voxels == study.tumour.count)
  }

  @Test("A folder with everything at once is paired correctly")
  func mixedFolderIsPairedCorrectly() throws {
    try study.add(series: 1, "肾盂期 延迟")
    try study.add(series: 2, "动脉期")
    try study.add(series: 3, "SCOUT") { $0.set(0x0008_0008, "ORIGINAL\\PRIMARY\\LOCALIZER") }
    try study.put(Array("x".utf8), ".DS_Store")
    try study.put(Array("not a mask".utf8), "报告.txt")
    try study.structureSet { $0.origin.series = PhaseStudy.uid(1) }
    #expect(try inspect().series == PhaseStudy.uid(1))
    try study.nifti()
    // A mask that names its series is preferred to one that only fits.
    #expect(try inspect().mask == "rs")
    try yaml("mask: mask.nii.gz\n")
    let answer = try inspect()
    #expect(answer.mask == "mask.nii.gz")
    #expect(answer.series == PhaseStudy.uid(1))
    #expect(answer.notes.contains("SERIES_BY_DESCRIPTION"))
    #expect(answer.voxels == study.tumour.count)
  }

  @Test("A label map that fits several series needs a choice")
  func ambiguousLabelMapNeedsAChoice() throws {
    try study.add(series: 1, "portal")
    try study.add(series: 2, "arterial")
    try study.nifti()
    #expect(try inspect().code == "E_NEEDS_SERIES")
    #expect(try inspect(phase: "^port").series == PhaseStudy.uid(1))
    #expect(try inspect(phase: "al").code == "E_NEEDS_SERIES")
    try yaml("image: \(PhaseStudy.uid(2))\n")
    #expect(try inspect().series == PhaseStudy.uid(2))
    try yaml("image: 1.2.3\n")
    #expect(try inspect().code == "E_NO_SERIES")
  }

  @Test("Mixed-up masks and series are refused")
  func mixUpsAreRefused() throws {
    try study.add(series: 1, "excretory")
    try study.structureSet { $0.origin.patientID = "P2" }
    #expect(try inspect().code == "E_PATIENT_MIX")
    // Also beside a mask that would be suitable.
    try study.nifti()
    #expect(try inspect().code == "E_PATIENT_MIX")
    try FileManager.default.removeItem(atPath: study.path + "/mask.nii.gz")
    try study.structureSet { $0.origin.frame = "1.2.3.4.5" }
    #expect(try inspect().code == "E_FRAME_OF_REFERENCE")
    try study.structureSet { $0.origin.study = "1.2.3.4.5" }
    let other = try inspect()
    #expect(other.series == PhaseStudy.uid(1))
    #expect(other.notes.contains("STUDY_DIFFERS"))
  }

  @Test("Two patients and a mask without a name are refused")
  func twoPatientsAndAnonymousMaskAreRefused() throws {
    try study.add(series: 1, "excretory")
    try study.add(series: 2, "other") { $0.set(0x0010_0020, "P2") }
    try study.nifti()
    #expect(try inspect().code == "E_PATIENT_MIX")
    let error = try #require(throws: StudyError.self) { try compute() }
    for place in ["series 1", "series 2"] { #expect(error.message.contains("in \(place)"), "\(error.message)") }
    for number in [1, 2] { #expect(error.message.contains(PhaseStudy.uid(number)), "\(error.message)") }
    #expect(error.hint.contains("folder of its own") && !error.message.contains("P2"), "a patient is never named")
  }

  private func compute() throws {
    let output = try study.folder.folder("out-\(UUID().uuidString)")
    try computeStudy(StudyRequest(study: "s", input: study.path, output: output, profile: "jiao2024", threads: 2))
  }

  /// Two studies, each with a structure set that names its series, in one folder.
  private func addTwoStudies(patient: String) throws {
    try study.add(series: 1, "excretory")
    try study.structureSet("first.dcm")
    try study.add(series: 2, "excretory") {
      $0.set(0x0010_0020, patient)
      $0.set(0x0020_000D, "1.2.826.0.99")
    }
    try study.structureSet("second.dcm") {
      $0.origin.patientID = patient
      $0.origin.study = "1.2.826.0.99"
      $0.origin.series = PhaseStudy.uid(2)
      $0.origin.instances = $0.origin.instances.indices.map { "\(PhaseStudy.uid(2)).\($0)" }
    }
  }

  @Test("Several studies with their masks in one folder are refused, and each is named", arguments: ["P1", "P2"])
  func severalStudiesInAFolderAreNamed(patient: String) throws {
    try addTwoStudies(patient: patient)
    let error = try #require(throws: StudyError.self) { try compute() }
    #expect(error.code.name == "E_MULTI_STUDY" && !error.needsReview)
    for name in ["first.dcm", "second.dcm", "in series 1", "in series 2", PhaseStudy.uid(1), "study 1.2.826.0.99"] {
      #expect(error.message.contains(name), "\(error.message)")
    }
    #expect(error.hint.contains("a folder of its own"))
    guard case .rejected(let probed) = try probeStudy(folder: study.path, threads: 2) else {
      Issue.record("the probe lets it pass")
      return
    }
    #expect(probed == error)
    // A user who names a mask means that study.
    try yaml("mask: second.dcm\n")
    #expect(try inspect().series == PhaseStudy.uid(2))
    try yaml("image: \(PhaseStudy.uid(1))\nmask: first.dcm\n")
    #expect(try inspect().series == PhaseStudy.uid(1))
  }

  @Test("A mask without its series is paired by frame of reference or geometry")
  func maskIsPairedByFrameOrGeometry() throws {
    try study.add(series: 1, "excretory")
    try study.structureSet {
      $0.origin.series = "1.2.3.4"
      $0.origin.instances = []
    }
    let byFrame = try inspect()
    #expect(byFrame.reason == "frame of reference")
    #expect(byFrame.notes.contains("REFERENCED_SERIES_ABSENT"))
    try study.add(series: 2, "excretory too") { $0.set(0x0020_0052, "1.2.3.77") }
    #expect(try inspect().series == PhaseStudy.uid(1))
  }

  @Test("A segmentation gives its tumour")
  func segmentationGivesItsTumour() throws {
    try study.add(series: 1, "excretory")
    try study.segmentation()
    let coded = try inspect()
    #expect(coded.region == "Lesion")
    #expect(coded.voxels == study.tumour.count)
    #expect(coded.notes.isSuperset(of: ["REGION_BY_CODE", "SEGMENT_OVERLAP"]))
    #expect(try inspect(RegionRequest(number: 1)).region == "Body")
    #expect(try inspect(RegionRequest(name: "SCT:38266002")).region == "Body")
    #expect(try inspect(RegionRequest(name: "lesion")).region == "Lesion")
    #expect(try inspect(RegionRequest(number: 3)).code == "E_NEEDS_ROI")
    try study.segmentation { $0.segments = [(1, "Body", "38266002"), (2, "Lesion", "49755003")] }
    #expect(try inspect().code == "E_NEEDS_ROI")
  }

  @Test("Regions are chosen by number, name and pattern")
  func regionsAreChosenByNumberOrName() throws {
    try study.add(series: 1, "excretory")
    let contours = study.contours(of: study.tumour)
    let crumb = study.contours(of: study.tumour).prefix(24).map { $0 }
    try study.structureSet {
      $0.regions = [
        .init(4, "GTV 肿瘤", contours), .init(7, "Kidney L", crumb), .init(8, "Kidney R", crumb),
        .init(9, "Iso", [("POINT", [SIMD3(0, 0, 0)])]), .init(12, "7", contours),
      ]
    }
    #expect(try inspect().code == "E_NEEDS_ROI")
    for name in ["GTV 肿瘤", " gtv 肿瘤 ", "ＧＴＶ 肿瘤", "#4", "4", "^gtv", "肿.$"] {
      #expect(try inspect(RegionRequest(name: name)).region == "GTV 肿瘤", "\(name)")
    }
    // A name is preferred to a number.
    #expect(try inspect(RegionRequest(name: "7")).region == "7")
    #expect(try inspect(RegionRequest(name: "#7")).region == "Kidney L")
    for name in ["GTV", "kidney.*", "Iso", "#9", "(", "no such"] {
      #expect(try inspect(RegionRequest(name: name)).code == "E_NEEDS_ROI", "\(name)")
    }
    // Configured: exact names in turn, then patterns.
    #expect(try inspect(RegionRequest(names: ["Lesion", "kidney r", "GTV 肿瘤"])).region == "Kidney R")
    #expect(try inspect(RegionRequest(names: ["Lesion.*", "GTV.*"])).region == "GTV 肿瘤")
    #expect(try inspect(RegionRequest(names: ["Kidney.*"])).code == "E_NEEDS_ROI")
    try yaml("roi: kidney l\n")
    #expect(try inspect().region == "Kidney L")
    #expect(try inspect(RegionRequest(name: "kidney r")).region == "Kidney R")
  }

  @Test("The only region is used unless another one was chosen")
  func onlyRegionIsUsedUnlessAnotherIsChosen() throws {
    try study.add(series: 1, "excretory")
    try study.structureSet()
    #expect(try inspect(RegionRequest(names: ["GTV"])).region == "Tumour")
    #expect(try inspect(RegionRequest(name: "GTV")).code == "E_NEEDS_ROI")
  }

  @Test("The image beside its mask is not taken for a mask")
  func imageBesideItsMaskIsNotAMask() throws {
    try study.add(series: 1, "excretory")
    try study.nifti()
    try NIfTIWriter.write(study.image.volume, to: study.path + "/image.nii.gz")
    #expect(try inspect().mask == "mask.nii.gz")
  }

  @Test("A study with a structure set has the features of the same region as a label map")
  func structureSetGivesItsLabelMapsFeatures() throws {
    try study.add(series: 1, "excretory")
    let output = try study.folder.folder("out")
    func features() throws -> [String: Double]? {
      try computeStudy(StudyRequest(study: "s", input: study.path, output: output, profile: "jiao2024", threads: 2))
      return try study.folder.json("out/features.json")["features"] as? [String: Double]
    }
    try study.nifti()
    let plain = try features()
    try FileManager.default.removeItem(atPath: study.path + "/mask.nii.gz")
    try study.structureSet()
    let contoured = try features() == plain
    #expect(contoured)
    #expect(try study.folder.text("out/features.csv").contains(",Tumour,1,"))
    try FileManager.default.removeItem(atPath: study.path + "/rs")
    try study.segmentation()
    let segmented = try features() == plain
    #expect(segmented)
  }

  @Test("File names that are not UTF-8 are read")
  func nonUTF8FileNamesAreRead() throws {
    try study.add(series: 1, "excretory")
    try study.nifti()
    // 肿瘤 as a Chinese Windows writes it.
    func move(_ name: String, to bytes: [UInt8]) -> Int32 {
      let target = (Array(study.path.utf8) + [0x2F] + bytes).map { CChar(bitPattern: $0) } + [0]
      return rename(study.path + "/" + name, target)
    }
    #expect(move("mask.nii.gz", to: [0xD6, 0xD7, 0xC1, 0xF6] + Array(".nii.gz".utf8)) == 0)
    #expect(move("series 1", to: [0xD0, 0xF2, 0xC1, 0xD0]) == 0)
    #expect(try inspect().mask == "%D6%D7%C1%F6.nii.gz")
    let output = try study.folder.folder("out")
    try computeStudy(StudyRequest(study: "s", input: study.path, output: output, profile: "jiao2024", threads: 2))
    #expect(try study.folder.list("out").contains("manifest.json"))
  }
}
