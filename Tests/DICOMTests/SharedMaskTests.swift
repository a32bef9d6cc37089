import DICOM
import DICOMMasks
import Errors
import Files
import Foundation
import Imaging
import TestKit
import Testing

@Suite("Real structure sets and segmentations", .enabled(if: SharedData.isPresent, "needs ../shared"))
struct SharedMaskTests {
  private func object(_ folder: String, _ name: String) throws -> DICOMObject {
    let file = StudyFile(folder: Array(SharedData.path(folder).utf8), name: RelativePath(name))
    return try #require(try openObject(file))
  }

  private func stack(_ folder: String) throws -> SliceStack {
    try checkGeometry(try #require(try scanStudy(SharedData.path(folder)).series.first))
  }

  @Test("a patient's tumour equals its reference mask, voxel for voxel", arguments: SharedStudyTests.cases)
  func patientTumourMatchesReference(_ name: String) throws {
    let set = try readStructureSet(try object("data/cases/\(name)", "rtstruct.dcm"))
    let grid = try stack("data/cases/\(name)/dicom").geometry
    let mask = try set.mask(of: set.regions[0], on: grid).mask
    let reference = try NIfTIReader.read(SharedData.path("data/cases/\(name)/mask.nii.gz"))
    #expect(mask.voxels == reference.voxels.doubles.map { $0 == 0 ? 0 : 1 })
  }

  @Test("the IBSI phantom's tumour equals its reference mask, voxel for voxel")
  func ibsiPhantomTumourMatchesReference() throws {
    let set = try readStructureSet(try object("data/ibsi/ct_phantom/dicom/mask", "DCM_RS_00060.dcm"))
    let mask = try set.mask(of: set.regions[0], on: try stack("data/ibsi/ct_phantom/dicom/image").geometry).mask
    #expect(mask.count == 125_256)
    let reference = try NIfTIReader.read(SharedData.path("data/ibsi/ct_phantom/nifti/mask/mask.nii.gz"))
    #expect(mask.voxels == reference.voxels.doubles.map { $0 == 0 ? 0 : 1 })
  }

  @Test(
    "structure sets that users reported have the voxels that they were made from",
    arguments: [
      ("01-centres", "CONTOUR_THROUGH_CENTRES"), ("01-centres-noise-a", "CONTOUR_THROUGH_CENTRES"),
      ("02-contour-twice", "CONTOUR_REPEATED"),
    ])
  func reportedStructureSetsMatch(_ name: String, _ note: String) throws {
    let folder = "data/inputs/reported/" + name
    let set = try readStructureSet(try object(folder, "rs.dcm"))
    let stack = try stack(folder)
    let drawn = try set.mask(of: set.regions[0], on: stack.geometry, images: ImagePositions(stack.slices))
    #expect(drawn.mask.count == 393)
    #expect(drawn.notes.map(\.code) == [note])
  }

  @Test("contours that name images two slices from their coordinates are refused")
  func reportedContoursElsewhereAreRefused() throws {
    let folder = "data/inputs/reported/04-contour-image"
    let set = try readStructureSet(try object(folder, "rs.dcm"))
    let stack = try stack(folder)
    let error = #expect(throws: StudyError.self) {
      try set.mask(of: set.regions[0], on: stack.geometry, images: ImagePositions(stack.slices))
    }
    #expect(error?.code == .imageReference)
  }

  @Test("edited structure sets give the voxels that their expect.json says")
  func editedStructureSetsGiveExpectedVoxels() throws {
    let folder = "data/inputs/derived/30_rtstruct"
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path(folder + "/expect.json")))
    let expected = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let grid = try stack("data/inputs/derived/00_base/image").geometry
    func mask(_ name: String, _ region: String? = nil) throws -> Mask {
      let set = try readStructureSet(try object(folder, name + ".dcm"))
      let chosen = try #require(set.regions.first { region == nil || $0.name.text == region })
      return try set.mask(of: chosen, on: grid).mask
    }
    for (name, voxels) in expected {
      if let voxels = voxels as? Int { #expect(try mask(name).count == voxels, "\(name)") }
    }
    for (region, voxels) in try #require(expected["many_rois"] as? [String: Any]) {
      #expect(try mask("many_rois", region).count == voxels as? Int ?? 0, "\(region)")
    }
    let error = #expect(throws: StudyError.self) { try mask("below_volume") }
    #expect(error?.code.name == "E_CONTOUR_OUTSIDE")
  }

  /// Voxels counted by pydicom: `Tests/Oracles/segmentation_voxels.py`.
  static let counts: [(file: String, voxels: [Int: Int])] = [
    ("highdicom_seg/seg_image_ct_binary.dcm", [1: 638]),
    ("highdicom_seg/seg_image_ct_binary_fractional.dcm", [1: 638]),
    ("highdicom_seg/seg_image_ct_true_fractional.dcm", [1: 638]),
    ("highdicom_seg/seg_image_ct_binary_single_frame.dcm", [1: 1832]),
    ("dcmqi_seg/liver.dcm", [1: 107_098]),
    ("dcmqi_seg/23x38x3/seg/label.seg", [1: 322]),
    ("dcmqi_seg/24x38x3/seg/label.seg", [1: 315]),
    ("dcmqi_seg/sparse-labelmap-noppv.dcm", [1: 630]),
    ("dcmqi_seg/sparse-labelmap-ppv5.dcm", [1: 630]),
  ]

  @Test("segments have the voxels that pydicom counts", arguments: counts)
  func segmentsHavePydicomCounts(_ file: String, _ voxels: [Int: Int]) throws {
    let segmentation = try readSegmentation(try object("data/inputs", file))
    #expect(try segmentation.voxelCounts().filter { $0.key != 0 } == voxels)
  }

  @Test(
    "segments lie at the positions of their NRRD twins",
    arguments: [
      ("dcmqi_seg/liver.dcm", "dcmqi_seg/liver_seg.nrrd"),
      ("dcmqi_seg/23x38x3/seg/label.seg", "dcmqi_seg/23x38x3/nrrd/label.nrrd"),
      ("dcmqi_seg/24x38x3/seg/label.seg", "dcmqi_seg/24x38x3/nrrd/label.nrrd"),
      ("dcmqi_seg/sparse-labelmap-noppv.dcm", "dcmqi_seg/sparse_labelmap_noppv_seg.nrrd"),
      ("dcmqi_seg/sparse-labelmap-ppv5.dcm", "dcmqi_seg/sparse_labelmap_ppv5_seg.nrrd"),
    ])
  func segmentsLieWithNRRDTwins(_ file: String, _ twin: String) throws {
    let segmentation = try readSegmentation(try object("data/inputs", file))
    let labels = try NRRDReader.read(SharedData.path("data/inputs/" + twin))
    let segment = try #require(segmentation.segments.first { !$0.isBackground })
    let mask = try segmentation.mask(of: segment, on: labels.geometry).mask
    #expect(mask.voxels == labels.voxels.doubles.map { $0 == 1 ? 1 : 0 })
  }

  @Test("one segmentation in nine encodings has the same voxels")
  func nineEncodingsGiveSameVoxels() throws {
    let scan = try scanStudy(SharedData.path("data/inputs/pydicom_data"))
    let livers = scan.objects.filter { $0.kind == .segmentation }
    #expect(livers.count == 9)
    for liver in livers {
      #expect(try readSegmentation(liver).voxelCounts() == [1: 107_098], "\(liver.file.display)")
    }
  }
}
