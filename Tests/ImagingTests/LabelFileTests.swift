import Errors
import Imaging
import TestKit
import Testing

@Suite("Label maps of 3D Slicer and ITK")
struct LabelFileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func slicer(_ kinds: String, _ sizes: String, _ directions: String, _ keys: [String], _ data: [UInt8]) throws
    -> String
  {
    let header = [
      "NRRD0004", "type: unsigned char", "dimension: 4", "space: left-posterior-superior", "sizes: \(sizes)",
      "space directions: \(directions)", "kinds: \(kinds)", "encoding: raw", "space origin: (1,2,3)",
    ]
    return try folder.write(Array((header + keys + ["", ""]).joined(separator: "\n").utf8) + data, as: "s.seg.nrrd")
  }

  private let keys = [
    "Segment0_Name:=Tumour", "Segment0_LabelValue:=1", "Segment0_Layer:=0", "Segment1_Name:=Cyst: left",
    "Segment1_LabelValue:=1", "Segment1_Layer:=1", "Segment2_Name:=Kidney", "Segment2_LabelValue:=2",
    "Segment2_Layer:=1",
  ]

  @Test("layers are separated, whichever axis lists them")
  func layersAreSeparatedOnAnyAxis() throws {
    let first: [UInt8] = [1, 0, 0, 1, 0, 0, 0, 0]
    let second: [UInt8] = [1, 2, 2, 0, 0, 0, 0, 1]
    let interleaved = try NRRDReader.readLabels(
      slicer(
        "list domain domain domain", "2 2 2 2", "none (2,0,0) (0,1,0) (0,0,5)", keys,
        zip(first, second).flatMap { [$0, $1] }))
    let sequential = try NRRDReader.readLabels(
      slicer("domain domain domain list", "2 2 2 2", "(2,0,0) (0,1,0) (0,0,5) none", keys, first + second))
    for labels in [interleaved, sequential] {
      #expect(labels.geometry == Geometry(size: SIMD3(2, 2, 2), spacing: Vector3(2, 1, 5), origin: Vector3(1, 2, 3)))
      #expect(labels.layers.map { $0.voxels.doubles } == [first.map(Double.init), second.map(Double.init)])
      #expect(
        labels.segments == [
          LabelSegment(name: "Tumour", label: 1, layer: 0), LabelSegment(name: "Cyst: left", label: 1, layer: 1),
          LabelSegment(name: "Kidney", label: 2, layer: 1),
        ])
    }
    let path = folder.path("s.seg.nrrd")
    #expect(#expect(throws: StudyError.self) { try NRRDReader.read(path) }?.code == .nrrdUnsupported)
  }

  @Test("four axes that do not state which one is the list are refused")
  func ambiguousFourAxesAreRefused() throws {
    for (kinds, directions) in [
      ("domain domain domain domain", "(2,0,0) (0,1,0) (0,0,5) none"),
      ("domain list domain domain", "(2,0,0) none (0,1,0) (0,0,5)"),
    ] {
      let path = try slicer(kinds, "2 2 2 2", directions, [], [UInt8](repeating: 0, count: 16))
      #expect(#expect(throws: StudyError.self) { try NRRDReader.readLabels(path) }?.code == .nrrdUnsupported)
    }
    let path = try slicer("list domain domain domain", "2 2 2 2", "(2,0,0) (0,1,0) (0,0,5)", [], [])
    #expect(#expect(throws: StudyError.self) { try NRRDReader.readLabels(path) }?.code == .nrrdHeader)
  }

  private func meta(_ changes: [String: String] = [:], _ data: [UInt8]) throws -> String {
    let keys = [
      ("ObjectType", "Image"), ("NDims", "3"), ("BinaryData", "True"), ("BinaryDataByteOrderMSB", "False"),
      ("CompressedData", "False"), ("TransformMatrix", "0 1 0 -1 0 0 0 0 1"), ("Offset", "-10 20.5 30"),
      ("CenterOfRotation", "0 0 0"), ("AnatomicalOrientation", "RAI"), ("ElementSpacing", "0.5 0.75 5"),
      ("DimSize", "2 1 3"), ("ElementType", "MET_SHORT"), ("ElementDataFile", "LOCAL"),
    ]
    let text = keys.map { "\($0.0) = \(changes[$0.0] ?? $0.1)\n" }.joined()
    return try folder.write(Array(text.utf8) + data, as: "m.mha")
  }

  private let values: [Int16] = [1, 0, -2, 3, 300, -301]

  @Test("MetaImage: grid, type, byte order")
  func metaImageIsRead() throws {
    let little = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let path = try meta([:], little)
    #expect(MetaImageReader.isMetaImage(path))
    let volume = try MetaImageReader.read(path)
    #expect(volume.voxels == .int16(values))
    #expect(
      volume.geometry
        == Geometry(
          size: SIMD3(2, 1, 3), spacing: Vector3(0.5, 0.75, 5), origin: Vector3(-10, 20.5, 30),
          direction: Matrix3(Vector3(0, 1, 0), Vector3(-1, 0, 0), Vector3(0, 0, 1))))
    let big = values.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    #expect(try MetaImageReader.read(meta(["BinaryDataByteOrderMSB": "True"], big)) == volume)
  }

  /// `zlib.compress(bytes([1, 0, 0, 2, 0, 0]))` of Python.
  @Test("MetaImage: compressed")
  func compressedMetaImageIsRead() throws {
    let stream: [UInt8] = [
      0x78, 0x9C, 0x63, 0x64, 0x60, 0x60, 0x62, 0x60, 0x00, 0x00, 0x00, 0x12, 0x00, 0x04,
    ]
    let volume = try MetaImageReader.read(meta(["CompressedData": "True", "ElementType": "MET_UCHAR"], stream))
    #expect(volume.voxels == .int16([1, 0, 0, 2, 0, 0]))
  }

  @Test("MetaImage: each refusal states its reason")
  func metaImageRefusalsHaveReasons() throws {
    func code(_ key: String, _ value: String, _ data: [UInt8] = [UInt8](repeating: 0, count: 12)) throws -> ErrorCode? {
      let path = try meta([key: value], data)
      return #expect(throws: StudyError.self) { try MetaImageReader.read(path) }?.code
    }
    #expect(try code("ElementDataFile", "/etc/passwd") == .metaImageDetached)
    #expect(try code("ElementDataFile", "m.raw") == .metaImageDetached)
    #expect(try code("NDims", "2") == .metaImageUnsupported)
    #expect(try code("BinaryData", "False") == .metaImageUnsupported)
    #expect(try code("ElementType", "MET_UCHAR_ARRAY") == .metaImageUnsupported)
    #expect(try code("DimSize", "2 1 99999999999") == .metaImageHeader)
    #expect(try code("DimSize", "2 1") == .metaImageHeader)
    #expect(try code("ElementSpacing", "0 1 1") == .metaImageHeader)
    #expect(try code("TransformMatrix", "1 0 0 1 0 0 0 0 1") == .metaImageHeader)
    #expect(try code("DimSize", "2 1 4") == .truncated)
    #expect(try code("CompressedData", "True") == .corrupt)
  }
}
