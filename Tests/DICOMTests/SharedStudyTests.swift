import DICOM
import Errors
import Foundation
import Hashing
import Imaging
import TestKit
import Testing

/// What `expect.json` of an edited series says must come out.
private struct Expectation: Decodable {
  var status: String?
  var size: [Int]?
  var digest: String?
  var description: String?

  enum CodingKeys: String, CodingKey {
    case status, size
    case digest = "hu_int16_zyx_sha256"
    case description = "SeriesDescription"
  }
}

@Suite("Real series", .enabled(if: SharedData.isPresent, "needs ../shared"))
struct SharedStudyTests {
  static let cases = ["STS_002", "STS_008", "STS_010", "STS_014", "STS_019", "STS_037"]

  /// The reference was written by ITK, whose NIfTI holds origin and spacing as float32.
  private func expectSame(_ volume: Volume, _ reference: Volume) {
    #expect(volume.voxels.doubles == reference.voxels.doubles)
    #expect(volume.geometry.size == reference.geometry.size)
    let corner = Vector3(index: volume.geometry.size)
    for index in [Vector3(0, 0, 0), corner] {
      #expect((volume.geometry.point(at: index) - reference.geometry.point(at: index)).length < 1e-3)
    }
  }

  @Test("a patient's series equals the NIfTI that ITK made from it", arguments: cases)
  func patientSeriesEqualsITK(_ name: String) throws {
    let scan = try scanStudy(SharedData.path("data/cases/\(name)/dicom"))
    #expect(scan.series.count == 1)
    let loaded = try loadVolume(try #require(scan.series.first))
    #expect(loaded.volume.pixelType == .int16)
    expectSame(loaded.volume, try NIfTIReader.read(SharedData.path("data/cases/\(name)/image.nii.gz")))
  }

  @Test("the IBSI phantom equals the NIfTI that ITK made from it")
  func ibsiPhantomEqualsITK() throws {
    let scan = try scanStudy(SharedData.path("data/ibsi/ct_phantom/dicom"))
    #expect(scan.objects.map(\.kind) == [.rtStructureSet])
    let folder = SharedData.path("data/ibsi/ct_phantom/nifti/image")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".nii.gz") })
    expectSame(try loadVolume(try #require(scan.series.first)).volume, try NIfTIReader.read(folder + "/" + name))
  }

  /// Codes of the edits that must be refused.
  private static let refusals = [
    "01_missing_slice": "E_SLICE_GAP", "08_gantry_tilt_15deg": "E_GANTRY_TILT", "16_patient_id_mixup": "E_PATIENT_MIX",
    "19_truncated_pixel_data": "E_TRUNCATED",
  ]

  static var edits: [String] {
    let folder = SharedData.path("data/inputs/derived")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/expect.json") }.sorted()
  }

  @Test("an edited series gives the expected HU, or the expected refusal", arguments: edits)
  func editedSeriesGiveExpectedOutcome(_ name: String) throws {
    let folder = SharedData.path("data/inputs/derived/\(name)")
    let expected = try JSONDecoder().decode(
      Expectation.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/expect.json")))
    let scan = try scanStudy(folder + "/image")
    try scan.requireUndamaged()
    if expected.status == "reject" {
      let error = #expect(throws: StudyError.self) { try loadVolume(scan.series[0]) }
      #expect(error?.code.name == Self.refusals[name])
      return
    }
    #expect(scan.series.count == (name.contains("two_series") ? 2 : 1))
    for series in scan.series {
      let loaded = try loadVolume(series)
      if let size = expected.size {
        #expect([loaded.volume.geometry.size.x, loaded.volume.geometry.size.y, loaded.volume.geometry.size.z] == size)
      }
      if let digest = expected.digest {
        guard case .int16(let values) = loaded.volume.voxels else {
          Issue.record("HU are not int16")
          continue
        }
        #expect(sha256(values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }) == digest)
      }
      if let text = expected.description { #expect(series.description.text == text) }
    }
    if name.hasPrefix("12_pixel_padding") {
      let loaded = try loadVolume(scan.series[0])
      #expect(loaded.paddingVoxels == 6 * 96 * 12)
      #expect(loaded.paddingHU == -2000)
    }
  }

  @Test(
    "series that other converters must refuse are refused here too",
    arguments: [
      ("gantrytilting", "E_GANTRY_TILT"), ("sliceincrement", "E_SLICE_GAP"), ("sliceorientation", "E_NOT_CT"),
      ("slicecount", "E_NOT_CT"),
    ])
  func seriesRefusedElsewhereAreRefused(_ name: String, _ code: String) throws {
    let scan = try scanStudy(SharedData.path("data/inputs/dicom2nifti_failing/\(name)"))
    let error = #expect(throws: StudyError.self) { try loadVolume(try #require(scan.series.first)) }
    #expect(error?.code.name == code)
  }

  @Test("an abdomen with padding outside the circle is read")
  func abdomenWithPaddingIsRead() throws {
    let scan = try scanStudy(SharedData.path("data/inputs/mirp_crlm1004_abdomen_ct/CRLM-CT-1004"))
    let loaded = try loadVolume(try #require(scan.series.first))
    #expect(loaded.volume.geometry.size == SIMD3(512, 512, 20))
    #expect(loaded.paddingVoxels == 1_115_440)
    #expect(loaded.paddingHU == -3024)
  }

  @Test("one slice in eight transfer syntaxes: the lossless ones agree, the lossy one is refused")
  func losslessSyntaxesAgree() throws {
    let scan = try scanStudy(SharedData.path("data/inputs/transfer_syntaxes"))
    let images = scan.series.flatMap(\.images)
    #expect(images.count == 8)
    let plain = try loadSlice(try #require(images.first { $0.display.contains("LittleEndianExplicit") }))
    for image in images {
      if image.display.contains("JPEG2000TransferSyntax") {
        let error = #expect(throws: StudyError.self) { try loadSlice(image) }
        #expect(error?.code.name == "E_LOSSY")
      } else {
        #expect(try loadSlice(image) == plain, "\(image.display)")
      }
    }
  }

  @Test("JPEG 2000 in a file with private attributes gives the values of its uncompressed twin")
  func jpeg2000EqualsUncompressedTwin() throws {
    let images = try scanStudy(SharedData.path("data/inputs/pydicom_data")).series.flatMap(\.images)
    let compressed = try #require(images.first { $0.display == "693_J2KR.dcm" })
    let plain = try #require(images.first { $0.display == "693_UNCR.dcm" })
    #expect(try loadSlice(compressed) == (try loadSlice(plain)))
  }
}
