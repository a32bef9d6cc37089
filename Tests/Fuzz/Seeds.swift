import DICOM
import Glibc
import Imaging

/// Writes the inputs that fuzzing starts from: `Seeds FOLDER` makes FOLDER/NIfTI, FOLDER/DICOM, ...
@main
struct Seeds {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else { fatalError("give a folder") }
    let root = CommandLine.arguments[1]
    for name in ["", "/NIfTI", "/NRRD", "/MetaImage", "/DICOM", "/StructureSet", "/Segmentation", "/Archive"] {
      mkdir(root + name, 0o755)
    }
    try writeLabelMaps(root)
    writeArchives(root)
    for (name, syntax) in [
      ("implicit", "1.2.840.10008.1.2"), ("explicit", "1.2.840.10008.1.2.1"), ("big", "1.2.840.10008.1.2.2"),
      ("deflated", "1.2.840.10008.1.2.1.99"), ("jpeg", "1.2.840.10008.1.2.4.70"), ("jpegls", "1.2.840.10008.1.2.4.80"),
      ("rle", "1.2.840.10008.1.2.5"),
    ] {
      try slice.write(to: root + "/DICOM/\(name)", transferSyntax: syntax)
      try enhanced.write(to: root + "/DICOM/enhanced-\(name)", transferSyntax: syntax)
    }
    // A big-endian name over an implicit dataset, which was once read in two ways.
    let bigEndian = element(2, 0x0010, "1.2.840.10008.1.2.2\0")
    try put(
      [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + bigEndian + [0, 8, 0, 0x16, 0, 0, 0, 4, 49, 46, 50, 0],
      root + "/StructureSet/implicit-big")
    for syntax in ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"] {
      try structureSet.write(to: root + "/StructureSet/\(syntax)", transferSyntax: syntax)
      try segmentation.write(to: root + "/Segmentation/\(syntax)", transferSyntax: syntax)
    }
  }

  /// A UI element of explicit VR little endian.
  static func element(_ group: UInt8, _ element: UInt8, _ value: String) -> [UInt8] {
    [group, 0, element, 0, 0x55, 0x49, UInt8(value.utf8.count), 0] + Array(value.utf8)
  }

  static func writeArchives(_ root: String) {
    let text = Array("a text, and once more a text".utf8)
    var flagged = ArchiveDraft.Entry("期", text)
    flagged.flags = 0x800
    let sound = ArchiveDraft([
      .init("a/", [], .folder), .init("a/b", text), .init("a/c", (0..<2000).map { UInt8(truncatingIfNeeded: $0 / 7) }),
      .init(String(repeating: "n", count: 120), [1]), flagged, .init("a/d.zip", [2]),
    ])
    let odd = ArchiveDraft([
      .init("../x", text), .init("l", Array("a".utf8), .symbolicLink), .init("h", Array("a".utf8), .hardLink),
      .init("p", [], .pipe),
    ])
    for (name, draft) in [("sound", sound), ("odd", odd)] {
      let files = [
        ("zip", draft.zip()), ("stored", draft.zip(deflated: false)), ("tar", draft.tar()),
        ("tgz", ArchiveDraft.gzip(draft.tar())),
      ]
      for (kind, bytes) in files {
        let descriptor = open("\(root)/Archive/\(name).\(kind)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
      }
    }
  }

  static func writeLabelMaps(_ root: String) throws {
    let grid = Geometry(size: SIMD3(5, 4, 3), spacing: Vector3(1, 1, 5), origin: Vector3(1, 2, 3))
    let image = Volume(geometry: grid, int16: (0..<60).map { Int16($0 * 7 - 100) })
    let mask = Mask(geometry: grid, voxels: (0..<60).map { $0 % 3 == 0 ? 1 : 0 })
    for name in ["image.nii", "image.nii.gz"] { try NIfTIWriter.write(image, to: root + "/NIfTI/\(name)") }
    try NIfTIWriter.write(mask, to: root + "/NIfTI/mask.nii")
    let header = """
      NRRD0004
      type: short
      dimension: 3
      space: left-posterior-superior
      sizes: 5 4 3
      space directions: (1,0,0) (0,1,0) (0,0,5)
      kinds: domain domain domain
      endian: little
      encoding: raw
      space origin: (1,2,3)
      Segment0_Name:=tumour
      Segment0_LabelValue:=1


      """
    try put(Array(header.utf8) + [UInt8](repeating: 1, count: 120), root + "/NRRD/raw.nrrd")
    let old = """
      NRRD0005
      type: unsigned char
      dimension: 4
      space dimension: 4
      sizes: 5 4 3 2
      space directions: (-1,0,0,0) (0,-1,0,0) (0,0,5,0) (0,0,0,1)
      kinds: domain domain domain domain
      encoding: raw
      byte skip: 0
      space origin: (1,2,3,0)
      Segment0_Name:=tumour
      Segment1_Name:=kidney
      Segmentation_Extent:=1 5 2 5 -1 1
      Segmentation_MasterRepresentation:=Binary labelmap


      """
    try put(Array(old.utf8) + [UInt8](repeating: 1, count: 120), root + "/NRRD/old.seg.nrrd")
    let meta = """
      ObjectType = Image
      NDims = 3
      BinaryData = True
      BinaryDataByteOrderMSB = False
      CompressedData = False
      TransformMatrix = 1 0 0 0 1 0 0 0 1
      Offset = 1 2 3
      ElementSpacing = 1 1 5
      dim[0] = 3
      DimSize = 5 4 3
      ElementType = MET_SHORT
      ElementDataFile = LOCAL

      """
    try put(Array(meta.utf8) + [UInt8](repeating: 1, count: 120), root + "/MetaImage/raw.mha")
  }

  static func put(_ bytes: [UInt8], _ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else { fatalError("cannot write") }
    close(descriptor)
  }

  static var identity: CTSlice {
    var object = CTSlice()
    for (tag, value) in [
      (0x0008_0005, "ISO_IR 100"), (0x0008_0008, "ORIGINAL\\PRIMARY\\AXIAL"), (0x0008_0016, SOPClass.ct),
      (0x0008_0018, "2.25.3"), (0x0008_0060, "CT"), (0x0008_103E, "CTU"), (0x0010_0020, "1"), (0x0020_000D, "2.25.1"),
      (0x0020_000E, "2.25.2"), (0x0020_0052, "2.25.4"), (0x0028_0004, "MONOCHROME2"),
    ] as [(UInt32, String)] { object.set(tag, value) }
    for (tag, value) in [
      (0x0028_0002, 1), (0x0028_0010, 8), (0x0028_0011, 8), (0x0028_0100, 16), (0x0028_0101, 12), (0x0028_0102, 11),
      (0x0028_0103, 0),
    ] as [(UInt32, Int)] { object.set(tag, number: value) }
    return object
  }

  static var slice: CTSlice {
    var slice = identity
    slice.set(0x0020_0032, "0\\0\\5")
    slice.set(0x0020_0037, "1\\0\\0\\0\\1\\0")
    slice.set(0x0028_0030, "1\\1")
    slice.set(0x0028_1052, "-1024")
    slice.set(0x0028_1053, "1")
    slice.pixels = (0..<64).map { UInt16($0 * 31) }
    return slice
  }

  private static func text(_ value: String) -> CTSlice.Value { .text(Array(value.utf8)) }

  static var enhanced: CTSlice {
    var object = identity
    object.set(0x0008_0016, SOPClass.enhancedCT)
    object.set(0x0028_0008, "4")
    object.attributes[0x5200_9229] = .items([
      [
        0x0020_9116: .items([[0x0020_0037: text("1\\0\\0\\0\\1\\0")]]),
        0x0028_9110: .items([[0x0028_0030: text("1\\1")]]),
        0x0028_9145: .items([[0x0028_1052: text("-1024"), 0x0028_1053: text("1"), 0x0028_1054: text("HU")]]),
      ]
    ])
    object.attributes[0x5200_9230] = .items(
      (0..<4).map { frame in
        [
          0x0020_9113: .items([[0x0020_0032: text("0\\0\\\(frame * 5)")]]),
          0x0020_9111: .items([[0x0020_9056: text("1"), 0x0020_9128: .long(1)]]),
        ]
      })
    object.pixels = (0..<256).map { UInt16($0 * 15) }
    return object
  }

  static var structureSet: CTSlice {
    var object = identity
    object.set(0x0008_0016, SOPClass.rtStructureSet)
    object.set(0x0008_0060, "RTSTRUCT")
    object.attributes[0x3006_0010] = .items([
      [
        0x0020_0052: text("2.25.4"),
        0x3006_0012: .items([
          [
            0x0008_1155: text("2.25.1"),
            0x3006_0014: .items([
              [0x0020_000E: text("2.25.2"), 0x3006_0016: .items([[0x0008_1155: text("2.25.3")]])]
            ]),
          ]
        ]),
      ]
    ])
    object.attributes[0x3006_0020] = .items([
      [0x3006_0022: text("1"), 0x3006_0024: text("2.25.4"), 0x3006_0026: text("tumour")]
    ])
    object.attributes[0x3006_0039] = .items([
      [
        0x3006_0084: text("1"),
        0x3006_0040: .items(
          (1..<3).map { slice in
            let z = slice * 5
            return [
              0x3006_0042: text("CLOSED_PLANAR"), 0x3006_0046: text("4"),
              0x3006_0050: text("2\\2\\\(z)\\9.5\\2\\\(z)\\9\\9\\\(z)\\2\\9\\\(z)"),
            ]
          }),
      ]
    ])
    return object
  }

  static var segmentation: CTSlice {
    var object = identity
    object.set(0x0008_0016, SOPClass.segmentation)
    object.set(0x0008_0060, "SEG")
    object.set(0x0028_0008, "2")
    object.set(0x0028_0010, number: 16)
    object.set(0x0028_0011, number: 16)
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { object.set(tag, number: 1) }
    object.set(0x0028_0102, number: 0)
    object.set(0x0062_0001, "BINARY")
    object.attributes[0x0062_0002] = .items([
      [0x0062_0004: .number(1), 0x0062_0005: text("tumour"), 0x0062_0008: text("MANUAL")]
    ])
    object.attributes[0x5200_9229] = .items([
      [
        0x0020_9116: .items([[0x0020_0037: text("1\\0\\0\\0\\1\\0")]]),
        0x0028_9110: .items([[0x0028_0030: text("1\\1"), 0x0018_0050: text("5")]]),
        0x0062_000A: .items([[0x0062_000B: .number(1)]]),
      ]
    ])
    object.attributes[0x5200_9230] = .items(
      (0..<2).map { frame in [0x0020_9113: .items([[0x0020_0032: text("0\\0\\\(frame * 5)")]])] })
    // 256 pixels of one bit per frame.
    object.pixels = (0..<32).map { UInt16(truncatingIfNeeded: 0x0FF0 << ($0 % 5)) }
    return object
  }
}
