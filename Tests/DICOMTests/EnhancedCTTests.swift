import DICOM
import Errors
import Foundation
import Imaging
import TestKit
import Testing

/// Puts single slices into one Enhanced CT, as PS3.3 A.38 has it: geometry and rescale in functional groups.
struct EnhancedCT {
  var object = CTSlice()
  var shared: [UInt32: CTSlice.Value] = [:]
  var frames: [[UInt32: CTSlice.Value]] = []

  /// - Parameter order: which slice each frame holds.
  init(_ slices: [CTSlice], order: [Int], instance: String = "2.25.100", sopClass: String = SOPClass.enhancedCT) {
    let moved: Set<UInt32> = [
      0x0020_0032, 0x0020_0037, 0x0028_0030, 0x0028_1052, 0x0028_1053, 0x0028_1054, 0x0018_0050, 0x0018_0088,
      0x0020_1041, 0x0020_0012, 0x0008_0032, 0x0008_0033,
    ]
    object.attributes = slices[0].attributes.filter { !moved.contains($0.key) }
    object.set(0x0008_0016, sopClass)
    object.set(0x0008_0018, instance)
    object.set(0x0028_0008, String(order.count))
    object.pixels = order.flatMap { slices[$0].pixels }
    let first = slices[0].attributes
    shared[0x0020_9116] = .items([[0x0020_0037: first[0x0020_0037]!]])
    shared[0x0028_9110] = .items([[0x0028_0030: first[0x0028_0030]!, 0x0018_0050: first[0x0018_0050]!]])
    shared[0x0018_9329] = .items([[0x0008_9007: .text(Array("ORIGINAL\\PRIMARY\\AXIAL\\NONE".utf8))]])
    shared[0x0028_9145] = .items([Self.rescale(slices[0])])
    frames = order.map { slice in
      [
        0x0020_9113: .items([[0x0020_0032: slices[slice].attributes[0x0020_0032]!]]),
        0x0020_9111: .items([[0x0020_9056: .text([0x31]), 0x0020_9057: .long(UInt32(slice + 1))]]),
      ]
    }
  }

  static func rescale(_ slice: CTSlice) -> [UInt32: CTSlice.Value] {
    slice.attributes.filter { [0x0028_1052, 0x0028_1053, 0x0028_1054].contains($0.key) }
  }

  func write(to path: String, transferSyntax: String = CTSlice.uncompressed) throws {
    var object = object
    object.attributes[0x5200_9229] = .items([shared])
    object.attributes[0x5200_9230] = .items(frames)
    try object.write(to: path, transferSyntax: transferSyntax)
  }
}

@Suite("Enhanced multi-frame CT")
struct EnhancedCTTests {
  static let order = [3, 0, 7, 1, 6, 2, 5, 4]

  @Test(
    "frames in any order form one volume, in every transfer syntax",
    arguments: [
      "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
      "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5",
    ])
  func framesFormOneVolumeInEverySyntax(_ syntax: String) throws {
    let folder = try StudyFolder()
    try EnhancedCT(smallSlices(), order: Self.order).write(to: folder.path + "/mf", transferSyntax: syntax)
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.warnings.isEmpty)
    #expect(loaded.slices.map(\.frame) == [1, 3, 5, 0, 7, 6, 4, 2])
    #expect(loaded.acquisition.sliceThickness == 5)
  }

  @Test("several files, some of them single slices, are one series; copies of a file are dropped")
  func severalFilesFormOneSeries() throws {
    let folder = try StudyFolder()
    let slices = smallSlices()
    try EnhancedCT(slices, order: [5, 1, 3], instance: "2.25.1").write(to: folder.path + "/a")
    try EnhancedCT(slices, order: [0, 2, 4], instance: "2.25.2", sopClass: SOPClass.legacyConvertedCT)
      .write(to: folder.path + "/b")
    try FileManager.default.copyItem(atPath: folder.path + "/b", toPath: folder.path + "/copy of b")
    try folder.write(Array(slices[6...]))
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.stack.dropped.map(\.reason) == [.sameInstance, .sameInstance, .sameInstance])
    #expect(loaded.warnings.isEmpty)
  }

  @Test("rescale, orientation and spacing of a frame's own groups override the shared ones")
  func perFrameGroupsOverrideShared() throws {
    let folder = try StudyFolder()
    var enhanced = EnhancedCT(smallSlices(), order: Self.order)
    enhanced.frames[0][0x0028_9145] = .items([[0x0028_1052: .text(Array("-1000".utf8)), 0x0028_1053: .text([0x32])]])
    enhanced.frames[2][0x0020_9116] = enhanced.shared[0x0020_9116]
    enhanced.shared[0x0020_9116] = .items([[0x0020_0037: .text(Array("0\\1\\0\\0\\0\\1".utf8))]])
    for i in enhanced.frames.indices {
      enhanced.frames[i][0x0020_9116] = .items([[0x0020_0037: .text(Array("1\\0\\0\\0\\1\\0".utf8))]])
    }
    try enhanced.write(to: folder.path + "/mf")
    let volume = try folder.load().volume
    let plain = smallVolume()
    #expect(volume.geometry == plain.geometry)
    let place = 3 * 32 * 32 + 500
    #expect(volume.voxels[place] == (plain.voxels[place] + 1024) * 2 - 1000)
    #expect(volume.voxels[place + 32 * 32] == plain.voxels[place + 32 * 32])
  }

  enum Edit: String, CaseIterable {
    case noPosition, noRescale, rescaleUS, tooFewItems, twoStacks, missingFrame, twoAtOnePosition, cut, moreFrames
  }

  @Test(
    "frames that do not form one even stack are refused",
    arguments: [
      (.noPosition, "E_ATTRIBUTE"), (.noRescale, "E_NOT_HU"), (.rescaleUS, "E_NOT_HU"), (.tooFewItems, "E_ATTRIBUTE"),
      (.twoStacks, "E_MULTIFRAME"), (.missingFrame, "E_SLICE_GAP"), (.twoAtOnePosition, "E_DUPLICATE_POSITION"),
      (.cut, "E_TRUNCATED"), (.moreFrames, "E_TRUNCATED"),
    ] as [(Edit, String)])
  func unevenStackIsRefused(_ edit: Edit, _ code: String) throws {
    let folder = try StudyFolder()
    var enhanced = EnhancedCT(smallSlices(), order: edit == .missingFrame ? [0, 1, 2, 4, 5, 6, 7] : Self.order)
    switch edit {
    case .noPosition: enhanced.frames[4][0x0020_9113] = nil
    case .noRescale: enhanced.shared[0x0028_9145] = nil
    case .rescaleUS:
      enhanced.shared[0x0028_9145] = .items([
        [0x0028_1052: .text([0x30]), 0x0028_1053: .text([0x31]), 0x0028_1054: .text(Array("US".utf8))]
      ])
    case .tooFewItems: enhanced.frames.removeLast()
    case .twoStacks: enhanced.frames[1][0x0020_9111] = .items([[0x0020_9056: .text([0x32])]])
    case .twoAtOnePosition: enhanced.frames[1][0x0020_9113] = enhanced.frames[0][0x0020_9113]
    case .moreFrames:
      enhanced.frames += enhanced.frames
      enhanced.object.set(0x0028_0008, "16")
    case .missingFrame, .cut: break
    }
    try enhanced.write(to: folder.path + "/mf")
    if edit == .cut { try folder.put(Array(try folder.bytes("mf").dropLast(3000)), "mf") }
    #expect(try folder.refusal() == code)
  }

  @Test("two temporal positions in one object are two parts")
  func twoTemporalPositionsAreTwoParts() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices += smallSlices(8, seed: 6)
    var enhanced = EnhancedCT(slices, order: Array(0..<16).reversed())
    for i in 0..<16 {
      enhanced.frames[i][0x0020_9111] = .items([
        [0x0020_9056: .text([0x31]), 0x0020_9128: .long(i < 8 ? 2 : 1)]
      ])
    }
    try enhanced.write(to: folder.path + "/mf")
    let series = try folder.scan().series
    #expect(series.map(\.part) == ["temporal-1", "temporal-2"])
    #expect(try loadVolume(series[0]).volume == smallVolume())
    #expect(try loadVolume(series[1]).volume.voxels == smallVolume(8, seed: 6).voxels)
  }

  @Test(
    "a real Legacy Converted CT has the values of the slices that it was made from", .enabled(if: SharedData.isPresent),
    arguments: ["23x38x3", "24x38x3"])
  func legacyConvertedCTMatchesItsSlices(_ name: String) throws {
    let root = SharedData.path("data/inputs/dcmqi_seg/\(name)")
    let scan = try scanStudy(root + "/multiframe")
    // Its Rescale Type says that the units are unspecified.
    let error = #expect(throws: StudyError.self) { try loadVolume(try #require(scan.series.first)) }
    #expect(error?.code.name == "E_NOT_HU")
    let singles = try scanStudy(root + "/image").series.flatMap(\.images)
    let frames = scan.series.flatMap(\.images)
    #expect(frames.count == 3 && singles.count == 3)
    for frame in frames {
      let twin = try #require(singles.first { $0.position == frame.position })
      #expect(try loadStoredValues(frame, frame: 0) == loadStoredValues(twin, frame: 0))
    }
  }

  @Test(
    "frames of a real multi-frame object agree in four transfer syntaxes", .enabled(if: SharedData.isPresent),
    arguments: ["big_endian", "RLE", "jpeg_ls_lossless", "jpeg_2k_lossless"])
  func realFramesAgreeInFourSyntaxes(_ name: String) throws {
    let images = try scanStudy(SharedData.path("data/inputs/pydicom_data")).series.flatMap(\.images)
    let plain = try #require(images.first { $0.display == "emri_small.dcm" })
    let other = try #require(images.first { $0.display == "emri_small_\(name).dcm" })
    for frame in 0..<10 {
      #expect(try loadStoredValues(other, frame: frame) == loadStoredValues(plain, frame: frame), "frame \(frame)")
    }
    #expect(throws: StudyError.self) { try loadStoredValues(plain, frame: 10) }
  }
}
