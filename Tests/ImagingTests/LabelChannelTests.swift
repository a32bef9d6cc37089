import Errors
import Foundation
import Imaging
import TestKit
import Testing

/// Masks with a channel for each structure.
struct LabelChannelTests {
  private let folder: TemporaryFolder
  private static let geometry = Geometry(size: SIMD3(3, 2, 4))
  private static let values: [Int16] = (0..<24).map { Int16($0 * $0 % 7) }

  init() throws { folder = try TemporaryFolder() }

  /// A NIfTI file of four slices as one of two volumes of two slices.
  private func nifti(_ name: String) throws -> String {
    let path = folder.path(name)
    try NIfTIWriter.write(Volume(geometry: Self.geometry, int16: Self.values), to: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for (index, value) in [4, 3, 2, 2, 2].enumerated() { bytes[40 + 2 * index] = UInt8(value) }
    try bytes.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("The chosen channel of a NIfTI file is read")
  func niftiChannelIsRead() throws {
    let path = try nifti("four.nii")
    for channel in 0..<2 {
      let (volume, channels) = try readMaskChannel(path, channel)
      #expect(channels == 2)
      #expect(volume.geometry.size == SIMD3(3, 2, 2))
      #expect(volume.voxels == .int16(Array(Self.values[12 * channel..<12 * channel + 12])))
    }
    let error = #expect(throws: StudyError.self) { try readMaskChannel(path, 2) }
    #expect(error?.code == .labelChannel)
    // An image has one volume.
    let image = #expect(throws: StudyError.self) { try NIfTIReader.read(path) }
    #expect(image?.code.name == "E_NIFTI_UNSUPPORTED")
  }

  @Test("A channel that the file does not hold in full is a truncated file")
  func incompleteChannelIsTruncatedFile() throws {
    let path = try nifti("short.nii")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.dropLast(3).write(to: URL(fileURLWithPath: path))
    #expect(try readMaskChannel(path, 0).channels == 2)
    let error = #expect(throws: StudyError.self) { try readMaskChannel(path, 1) }
    #expect(error?.code == .truncated)
  }

  @Test("The only channel of a file is read whatever channel is chosen")
  func singleChannelIgnoresChoice() throws {
    let path = folder.path("one.nii.gz")
    let volume = Volume(geometry: Self.geometry, int16: Self.values)
    try NIfTIWriter.write(volume, to: path)
    let (read, channels) = try readMaskChannel(path, 5)
    #expect(channels == 1 && read.voxels == volume.voxels)
  }

  @Test("The chosen layer of an NRRD file is read")
  func nrrdLayerIsRead() throws {
    let path = folder.path("list.nrrd")
    let header = """
      NRRD0004
      type: uint8
      dimension: 4
      space: left-posterior-superior
      sizes: 2 3 2 4
      space directions: none (1,0,0) (0,1,0) (0,0,1)
      kinds: vector domain domain domain
      encoding: raw
      space origin: (0,0,0)


      """
    try (Data(header.utf8) + Data((0..<48).map { UInt8($0) })).write(to: URL(fileURLWithPath: path))
    let (volume, channels) = try readMaskChannel(path, 1)
    #expect(channels == 2)
    let odd: [Int16] = (0..<24).map { (index: Int) in Int16(2 * index + 1) }
    guard case .int16(let values) = volume.voxels else {
      Issue.record("not int16")
      return
    }
    #expect(values == odd)
    let error = #expect(throws: StudyError.self) { try readMaskChannel(path, 9) }
    #expect(error?.code == .labelChannel)
  }
}
