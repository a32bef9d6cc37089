import Errors
import Imaging
import TestKit
import Testing

@Suite("Label maps as other programs really write them")
struct ForeignLabelFileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Two segments of 2 x 1 x 3 voxels of 3D Slicer before 2020: four axes of space, RAS, a part of a common grid.
  private func legacy(_ changes: [String: String] = [:], _ data: [UInt8]) throws -> String {
    let fields = [
      ("type", "unsigned char"), ("dimension", "4"), ("space dimension", "4"), ("sizes", "2 1 3 2"),
      ("space directions", "(-0.5,0,0,0) (0,-2,0,0) (0,0,5,0) (0,0,0,1)"), ("kinds", "domain domain domain domain"),
      ("encoding", "raw"), ("space origin", "(250,240,-120,0)"),
    ].map { "\($0.0): \(changes[$0.0] ?? $0.1)" }
    let keys = [
      ("Segment0_Name", "Bladder"), ("Segment0_Extent", "10 11 20 20 -2 0"), ("Segment1_Name", "PTV 肿瘤"),
      ("Segmentation_Extent", "10 11 20 20 -2 0"), ("Segmentation_MasterRepresentation", "Binary labelmap"),
    ].map { "\($0.0):=\(changes[$0.0] ?? $0.1)" }
    let header = (["NRRD0005"] + fields + keys + ["", ""]).joined(separator: "\n")
    return try folder.write(Array(header.utf8) + data, as: "old.seg.nrrd")
  }

  @Test("3D Slicer before 2020: the part of the common grid, in RAS")
  func oldSlicerGridIsReadInRAS() throws {
    let first: [UInt8] = [1, 0, 0, 1, 0, 0]
    let second: [UInt8] = [0, 1, 1, 0, 0, 1]
    let labels = try NRRDReader.readLabels(legacy([:], first + second))
    // RAS (250 - 0.5 * 10, 240 - 2 * 20, -120 - 5 * 2) is LPS (-245, -200, -130).
    #expect(
      labels.geometry
        == Geometry(size: SIMD3(2, 1, 3), spacing: Vector3(0.5, 2, 5), origin: Vector3(-245, -200, -130)))
    #expect(labels.layers.map { $0.voxels.doubles } == [first.map(Double.init), second.map(Double.init)])
    #expect(
      labels.segments == [
        LabelSegment(name: "Bladder", label: 1, layer: 0), LabelSegment(name: "PTV 肿瘤", label: 1, layer: 1),
      ])
  }

  @Test(
    "a file that does not state its position is refused",
    arguments: [
      (["Segmentation_Extent": "10 12 20 20 -2 0"], "E_NRRD_HEADER"),
      (["Segmentation_Extent": "1 2"], "E_NRRD_UNSUPPORTED"),
      (["Segmentation_Extent": "11 10 20 20 -2 0"], "E_NRRD_UNSUPPORTED"),
      (["space directions": "(-0.5,0,0,0) (0,-2,0,0) (0,0,5,1) (0,0,0,1)"], "E_NRRD_HEADER"),
      (["space directions": "(-0.5,0,0) (0,-2,0) (0,0,5) none"], "E_NRRD_HEADER"),
      (["space origin": "(250,240,-120)"], "E_NRRD_HEADER"), (["space dimension": "5"], "E_NRRD_UNSUPPORTED"),
      (["Segmentation_MasterRepresentation": "Closed surface"], "E_NRRD_UNSUPPORTED"),
    ] as [([String: String], String)])
  func fileWithoutPositionIsRefused(_ changes: [String: String], _ code: String) throws {
    let path = try legacy(changes, [UInt8](repeating: 0, count: 12))
    #expect(#expect(throws: StudyError.self) { try NRRDReader.readLabels(path) }?.code.name == code)
  }

  /// Voxels, and the centroid in LPS, by pynrrd: `Tests/Oracles/slicer_segments.py`.
  @Test(
    "SlicerRT's files lie where pynrrd's numbers put them", .enabled(if: SharedData.isPresent, "needs ../shared"),
    arguments: [
      ("Bladder_Intersect_PTV", 8, Vector3(-3.4181, -22.4611, -60.0)),
      ("Bladder_Intersect_PTV_ApplyTransform", 3205, Vector3(-2.2281, -5.6727, -56.8346)),
      ("Bladder_Subtract_PTV", 49348, Vector3(-2.3462, -22.3179, -34.1808)),
      ("Bladder_Union_PTV", 69989, Vector3(-2.3527, -14.2972, -44.7347)),
      ("Expanded_5_5_5_Bladder", 84024, Vector3(-2.4154, -22.2379, -34.1921)),
      ("Expanded_5_5_5_Rectum", 34608, Vector3(-2.7894, 35.4004, -60.5561)),
      ("Shrunk_5_5_5_Bladder", 25171, Vector3(-2.2834, -22.4526, -34.1704)),
    ])
  func slicerRTFilesLieAsPynrrdSays(_ name: String, _ voxels: Int, _ centroid: Vector3) throws {
    let labels = try NRRDReader.readLabels(
      SharedData.path("data/inputs/slicerrt_seg_nrrd/EclipseProstate_\(name).seg.nrrd"))
    let grid = labels.geometry
    let values = labels.layers[0].voxels.doubles
    var sum = Vector3(0, 0, 0)
    var count = 0
    for z in 0..<grid.size.z {
      for y in 0..<grid.size.y {
        for x in 0..<grid.size.x where values[grid.offset(x, y, z)] == 1 {
          sum += grid.point(at: Vector3(Double(x), Double(y), Double(z)))
          count += 1
        }
      }
    }
    #expect(count == voxels)
    #expect((sum / Double(count) - centroid).length < 1e-3)
    #expect(labels.segments.count == 1)
  }

  private func nrrd(_ fields: [String], _ before: [UInt8] = []) throws -> String {
    let header = [
      "NRRD0004", "type: unsigned char", "dimension: 3", "sizes: 2 1 3", "encoding: raw",
      "space directions: (0.5,0,0) (0,2,0) (0,0,5)", "space origin: (1,2,3)",
    ]
    let text = (header + fields + ["", ""]).joined(separator: "\n")
    return try folder.write(Array(text.utf8) + before + [1, 2, 3, 4, 5, 6], as: "a.nrrd")
  }

  @Test("a left-anterior-superior space flips the second coordinate, as in ITK")
  func leftAnteriorSpaceFlipsSecondAxis() throws {
    let geometry = try NRRDReader.readGeometry(nrrd(["space: left-anterior-superior"]))
    #expect(geometry.origin == Vector3(1, -2, 3))
    #expect(geometry.direction[1] == Vector3(0, -1, 0))
    #expect(geometry.direction[0] == Vector3(1, 0, 0))
  }

  @Test("lines and bytes before the data are skipped")
  func lineAndByteSkipsAreApplied() throws {
    let space = "space: LPS"
    for (field, before) in [
      ("line skip: 2", Array("one\ntwo\n".utf8)), ("byte skip: 3", [9, 9, 9]), ("byte skip: -1", [9, 9]),
    ] as [(String, [UInt8])] {
      #expect(try NRRDReader.read(nrrd([space, field], before)).voxels.doubles == [1, 2, 3, 4, 5, 6], "\(field)")
    }
    func code(_ field: String) throws -> String? {
      let path = try nrrd([space, field])
      return #expect(throws: StudyError.self) { try NRRDReader.read(path) }?.code.name
    }
    #expect(try code("byte skip: -2") == "E_NRRD_HEADER")
    #expect(try code("byte skip: 1") == "E_TRUNCATED")
    #expect(try code("byte skip: 99999999999") == "E_NRRD_HEADER")
    #expect(try code("line skip: 7") == "E_TRUNCATED")
    #expect(try code("line skip: x") == "E_NRRD_HEADER")
  }

  @Test("a file that is not NRRD is named as such")
  func nonNRRDFileIsNamed() throws {
    let path = try folder.write(Array("hello".utf8), as: "a.nrrd")
    #expect(#expect(throws: StudyError.self) { try NRRDReader.read(path) }?.code.name == "E_NOT_NRRD")
  }

  @Test("MetaImage files may carry the metadata of other files, also text of several lines")
  func metaImageMetadataIsTolerated() throws {
    let header = [
      "ObjectType = Image", "NDims = 3", "BinaryData = True", "CompressedData = False",
      "TransformMatrix = 1 0 0 0 1 0 0 0 1",
      "Offset = 1 2 3", "ElementSpacing = 1 1 5", "ITK_original_spacing = 1 1 5", "dim[0] = 3", "dim[1] = 2",
      "0008|103e = a = b", "descrip = one", "two without a sign", "DimSize = 2 1 1", "ElementType = MET_UCHAR",
      "ElementDataFile = LOCAL", "",
    ].joined(separator: "\n")
    let path = try folder.write(Array(header.utf8) + [7, 0], as: "a.mha")
    #expect(MetaImageReader.isMetaImage(path))
    let volume = try MetaImageReader.read(path)
    #expect(volume.voxels.doubles == [7, 0])
    #expect(volume.geometry.origin == Vector3(1, 2, 3))
    let text = try folder.write(Array("a poem\nNDims = 3\nElementDataFile = LOCAL\n".utf8), as: "b.txt")
    #expect(!MetaImageReader.isMetaImage(text))
  }

  @Test("NIfTI-2 is recognised and refused as such", arguments: [false, true])
  func nifti2IsRecognisedAndRefused(_ isBig: Bool) throws {
    var bytes = [UInt8](repeating: 0, count: 700)
    bytes.replaceSubrange(0..<8, with: (isBig ? [0, 0, 2, 0x1C] : [0x1C, 2, 0, 0]) + Array("n+2\0".utf8))
    let path = try folder.write(bytes, as: "a.nii")
    #expect(NIfTIReader.isNIfTI(path))
    #expect(#expect(throws: StudyError.self) { try NIfTIReader.read(path) }?.code.name == "E_NIFTI_UNSUPPORTED")
  }

  @Test("parts are connected by faces, edges and corners")
  func connectedPartsTouchByCorners() {
    func sizes(_ voxels: [SIMD3<Int>]) -> [Int] {
      let grid = Geometry(size: SIMD3(5, 4, 3))
      var mask = Mask(geometry: grid, voxels: [UInt8](repeating: 0, count: grid.count))
      for v in voxels { mask.voxels[grid.offset(v.x, v.y, v.z)] = 1 }
      return MaskParts(mask).sizes
    }
    #expect(sizes([]) == [])
    #expect(sizes([SIMD3(0, 0, 0), SIMD3(1, 1, 1), SIMD3(2, 2, 2)]) == [3])
    #expect(sizes([SIMD3(0, 0, 0), SIMD3(2, 0, 0)]) == [1, 1])
    #expect(sizes([SIMD3(4, 0, 0), SIMD3(0, 1, 0)]) == [1, 1])
    #expect(sizes([SIMD3(0, 0, 0), SIMD3(0, 0, 2), SIMD3(1, 0, 0)]) == [2, 1])
    // Two arms that meet one slice further.
    #expect(sizes([SIMD3(0, 0, 0), SIMD3(4, 0, 0), SIMD3(1, 1, 1), SIMD3(2, 1, 1), SIMD3(3, 1, 1)]) == [5])
    #expect(sizes([SIMD3(3, 3, 0), SIMD3(2, 2, 1), SIMD3(0, 0, 2)]) == [2, 1])
  }
}
