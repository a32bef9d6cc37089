import DICOM
import DICOMMasks
import Errors
import Foundation
import Imaging
import TestKit
import Testing

@Suite("Compressed segmentations")
struct CompressedSegmentationTests {
  private static let grid = Geometry(size: SIMD3(8, 8, 5), spacing: Vector3(1, 1, 5))

  /// A label map of two segments: frame f, at slice f + 1, holds segment 1 in row f + 1 and segment 2 in row f + 3.
  private static func labelMap(frames: Int = 3) -> CTSlice {
    func text(_ value: String) -> CTSlice.Value { .text(Array(value.utf8)) }
    var object = CTSlice()
    for (tag, value) in [
      (0x0008_0016, SOPClass.labelMapSegmentation), (0x0008_0018, "2.25.3"), (0x0008_0060, "SEG"), (0x0010_0020, "1"),
      (0x0020_000D, "2.25.1"), (0x0020_000E, "2.25.2"), (0x0020_0052, "2.25.4"), (0x0028_0004, "MONOCHROME2"),
      (0x0028_0008, "\(frames)"), (0x0062_0001, "LABELMAP"),
    ] as [(UInt32, String)] { object.set(tag, value) }
    for (tag, value) in [
      (0x0028_0002, 1), (0x0028_0010, 8), (0x0028_0011, 8), (0x0028_0100, 16), (0x0028_0101, 16), (0x0028_0102, 15),
      (0x0028_0103, 0),
    ] as [(UInt32, Int)] { object.set(tag, number: value) }
    object.attributes[0x0062_0002] = .items(
      [1, 2].map { [0x0062_0004: .number($0), 0x0062_0005: text("segment \($0)")] })
    object.attributes[0x5200_9229] = .items([
      [
        0x0020_9116: .items([[0x0020_0037: text("1\\0\\0\\0\\1\\0")]]),
        0x0028_9110: .items([[0x0028_0030: text("1\\1")]]),
      ]
    ])
    object.attributes[0x5200_9230] = .items(
      (0..<frames).map { [0x0020_9113: .items([[0x0020_0032: text("0\\0\\\(5 * ($0 + 1))")]])] })
    object.pixels = (0..<frames).flatMap { frame in
      (0..<64).map { UInt16($0 / 8 == frame + 1 ? 1 : $0 / 8 == frame + 3 ? 2 : 0) }
    }
    return object
  }

  @Test(
    "every lossless compression gives the voxels of the uncompressed file",
    arguments: [
      CTSlice.uncompressed, "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99",
      "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5",
    ])
  func losslessSyntaxesGiveSameVoxels(_ syntax: String) throws {
    let folder = try StudyFolder()
    try Self.labelMap().write(to: folder.path + "/m.dcm", transferSyntax: syntax)
    let segmentation = try MaskFiles.segmentation(folder.path, "m.dcm")
    #expect(segmentation.segments.map(\.number) == [1, 2])
    for segment in segmentation.segments {
      let mask = try segmentation.mask(of: segment, on: Self.grid).mask
      let inside = mask.voxels.indices.filter { mask.voxels[$0] == 1 }
      let expected = (0..<3).flatMap { frame in
        (0..<8).map { Self.grid.offset($0, frame + (segment.number == 1 ? 1 : 3), frame + 1) }
      }
      #expect(inside == expected)
    }
  }

  /// Encapsulated pixel data of one fragment a frame or several, with a table of where frames begin.
  private func encapsulated(_ frames: [[[UInt8]]], extended: Bool, tableError: Int = 0) throws -> [UInt8] {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func item(_ value: [UInt8]) -> [UInt8] { [0xFE, 0xFF, 0x00, 0xE0] + bytes(value.count, 4) + value }
    let folder = try StudyFolder()
    try Self.labelMap(frames: frames.count).write(to: folder.path + "/m.dcm")
    var file = try folder.bytes("m.dcm")
    let pixels = try #require((0..<file.count - 4).last { Array(file[$0..<$0 + 4]) == [0xE0, 0x7F, 0x10, 0] })
    file.removeLast(file.count - pixels)
    // RLE under the name of the uncompressed syntax's length: 1.2.840.10008.1.2.1 becomes 1.2.840.10008.1.2.5.
    let name = Array("1.2.840.10008.1.2.1".utf8)
    let place = try #require((0..<file.count - name.count).first { Array(file[$0..<$0 + name.count]) == name })
    file[place + name.count - 1] = UInt8(ascii: "5")
    var offsets: [Int] = []
    var fragments: [UInt8] = []
    for frame in frames {
      offsets.append(fragments.count + tableError)
      for fragment in frame { fragments += item(fragment) }
    }
    if extended {
      file += [0xE0, 0x7F, 1, 0, 0x4F, 0x56, 0, 0] + bytes(8 * frames.count, 4) + offsets.flatMap { bytes($0, 8) }
    }
    file += [0xE0, 0x7F, 0x10, 0, 0x4F, 0x42, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    file += item(extended ? [] : offsets.flatMap { bytes($0, 4) }) + fragments + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    return file
  }

  /// An 8 x 8 frame of one value: two segments of 64 equal bytes each, in two fragments.
  private func runLength(_ value: UInt8) -> [[UInt8]] {
    let header = [2, 64, 66].flatMap { [UInt8($0), 0, 0, 0] } + [UInt8](repeating: 0, count: 52)
    return [header, [0xC1, 0, 0xC1, value]]
  }

  @Test("frames of several fragments are separated by either offset table", arguments: [false, true])
  func fragmentsAreAssignedByEitherTable(_ extended: Bool) throws {
    let file = try encapsulated([runLength(1), runLength(2), runLength(1)], extended: extended)
    try MaskFiles.withSegmentation(file) { segmentation in
      let counts = try segmentation.voxelCounts()
      #expect(counts == [1: 128, 2: 64])
    }
    // A table that points elsewhere is no table.
    let wrong = try encapsulated([runLength(1), runLength(2), runLength(1)], extended: extended, tableError: 2)
    try MaskFiles.withSegmentation(wrong) { segmentation in
      let error = #expect(throws: StudyError.self) { try segmentation.voxelCounts() }
      #expect(error?.code.name == "E_DICOM_MALFORMED")
    }
  }

  @Test("a damaged frame is an error and not a mask")
  func damagedFrameIsAnError() throws {
    let file = try encapsulated([[[UInt8](repeating: 9, count: 80)]], extended: false)
    try MaskFiles.withSegmentation(file) { segmentation in
      #expect(#expect(throws: StudyError.self) { try segmentation.voxelCounts() }?.code.name == "E_DECODE")
    }
  }
}

@Suite("Deflated objects larger than a slice")
struct DeflatedObjectTests {
  @Test("an enhanced CT inflates to the size in its header and no further")
  func enhancedCTInflatesToStatedSizeOnly() throws {
    // 144 frames of 512 x 512 in 16 bits: 72 MiB.
    let small = smallSlices(3)
    var slice = small[0]
    slice.set(0x0028_0010, number: 512)
    slice.set(0x0028_0011, number: 512)
    let area = 512 * 512
    slice.pixels = [UInt16](repeating: 0, count: area)
    var object = EnhancedCT([slice], order: [0])
    let frame = object.frames[0]
    object.frames = (0..<144).map { index in
      var frame = frame
      frame[0x0020_9113] = .items([[0x0020_0032: .text(Array("0\\0\\\(5 * index)".utf8))]])
      return frame
    }
    object.object.set(0x0028_0008, "144")
    object.object.pixels = [UInt16](unsafeUninitializedCapacity: 144 * area) { buffer, count in
      for i in 0..<144 * area { buffer[i] = UInt16(i / area) }
      count = 144 * area
    }
    let folder = try StudyFolder()
    try object.write(to: folder.path + "/mf", transferSyntax: "1.2.840.10008.1.2.1.99")
    #expect(try folder.bytes("mf").count < 1 << 20)
    let volume = try folder.load().volume
    #expect(volume.geometry.size == SIMD3(512, 512, 144))
    #expect(volume.voxels[143 * area] - volume.voxels[0] == 143)

    // The same pixels under a header of half as many frames.
    object.object.set(0x0028_0008, "72")
    object.frames.removeLast(72)
    try object.write(to: folder.path + "/mf", transferSyntax: "1.2.840.10008.1.2.1.99")
    #expect(try folder.scan().damaged.map(\.code.name) == ["E_LIMIT"])
  }
}
