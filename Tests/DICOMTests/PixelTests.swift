import DICOM
import Errors
import Imaging
import Testing

@Suite("Stored values become Hounsfield units")
struct PixelTests {
  /// One series whose every pixel stores `bits`, described as given; the HU of its first voxel.
  private func hu(
    _ bits: UInt16, stored: Int, high: Int, signed: Bool, slope: String = "1", intercept: String = "0"
  ) throws -> Double {
    let folder = try StudyFolder()
    var slices = smallSlices(3)
    for i in slices.indices {
      slices[i].pixels = Array(repeating: bits, count: 32 * 32)
      slices[i].set(0x0028_0101, number: stored)
      slices[i].set(0x0028_0102, number: high)
      slices[i].set(0x0028_0103, number: signed ? 1 : 0)
      slices[i].set(0x0028_1053, slope)
      slices[i].set(0x0028_1052, intercept)
    }
    try folder.write(slices)
    return try folder.load().volume.voxels[0]
  }

  @Test(
    "bits outside the value are masked, the sign is extended from the high bit",
    arguments: [
      // bits, stored, high bit, signed, value
      (0x0FFF, 12, 11, false, 4095.0), (0xF123, 12, 11, false, 0x123), (0x0FFF, 12, 11, true, -1),
      (0xF7FF, 12, 11, true, 2047),
      (0x0800, 12, 11, true, -2048), (0xFFF0, 12, 15, true, -1), (0x123F, 12, 15, false, 0x123),
      (0xFFFF, 16, 15, true, -1),
      (0x8000, 16, 15, true, -32768), (0x7FFF, 15, 14, true, -1), (0x0003, 1, 0, false, 1),
    ] as [(UInt16, Int, Int, Bool, Double)])
  func bitsOutsideTheValueAreMasked(_ bits: UInt16, _ stored: Int, _ high: Int, _ signed: Bool, _ value: Double) throws
  {
    #expect(try hu(bits, stored: stored, high: high, signed: signed) == value)
  }

  @Test(
    "int16 where all HU are integers in range, otherwise float32",
    arguments: [
      ("1", "-1024", PixelType.int16, -24.0), ("2", "-1024", .int16, 976), ("0.5", "0", .int16, 500),
      ("0.25", "0.5", .float32, 250.5),
      ("40", "0", .float32, 40000), ("1.0005", "0", .float32, 1000.5),
      ("1.1", "0.3", .float32, Double(Float(1000 * 1.1 + 0.3))), ("-1", "0", .int16, -1000),
      ("+1.0e0", " -10 ", .int16, 990),
    ])
  func int16IsUsedForIntegralHU(_ slope: String, _ intercept: String, _ type: PixelType, _ value: Double) throws {
    let folder = try StudyFolder()
    var slices = smallSlices(3)
    for i in slices.indices {
      slices[i].pixels = Array(repeating: 1000, count: 32 * 32)
      slices[i].set(0x0028_1053, slope)
      slices[i].set(0x0028_1052, intercept)
    }
    try folder.write(slices)
    let volume = try folder.load().volume
    #expect(volume.pixelType == type)
    #expect(volume.voxels[5] == value)
  }

  @Test("one slice with fractional HU makes the whole volume float32, each slice by its own rescale")
  func oneFractionalSliceMakesFloat32() throws {
    let folder = try StudyFolder()
    var slices = smallSlices(3)
    slices[1].set(0x0028_1053, "0.1")
    try folder.write(slices)
    let loaded = try folder.load()
    let plain = smallVolume(3)
    #expect(loaded.volume.pixelType == .float32)
    #expect(loaded.volume.voxels[7] == plain.voxels[7])
    let second = 32 * 32 + 500
    #expect(loaded.volume.voxels[second] == Double(Float((plain.voxels[second] + 1024) * 0.1 - 1024)))
  }

  @Test("MONOCHROME1 concerns display: HU are not inverted")
  func monochrome1DoesNotInvertHU() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(0x0028_0004, "MONOCHROME1") }
    try folder.write(slices)
    #expect(try folder.load().volume == smallVolume())
  }

  @Test("padding is counted and kept")
  func paddingIsCountedAndKept() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].pixels[0] = 3
      slices[i].pixels[1] = 3
      slices[i].set(0x0028_0120, number: 3)
    }
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.paddingVoxels >= 16)
    #expect(loaded.paddingHU == -1021)
    #expect(loaded.volume.voxels[1] == -1021)
  }

  @Test(
    "pixels that give no Hounsfield units are refused",
    arguments: [
      (0x0028_1054, "US", "E_NOT_HU"), (0x0028_1053, "0", "E_NOT_HU"), (0x0028_1053, "", "E_NOT_HU"),
      (0x0028_1052, "1,5", "E_NOT_HU"),
      (0x0028_1053, "nan", "E_NOT_HU"), (0x0028_2110, "01", "E_LOSSY"), (0x0028_0004, "RGB", "E_PIXEL_FORMAT"),
      (0x0020_0032, "1\\2", "E_ATTRIBUTE"), (0x0020_0037, "1\\0\\0\\1\\0\\0", "E_ATTRIBUTE"),
      (0x0028_0030, "0\\0", "E_ATTRIBUTE"),
      (0x0028_0008, "2", "E_MULTIFRAME"), (0x0008_0016, "1.2.840.10008.5.1.4.1.1.2.1", "E_ATTRIBUTE"),
    ] as [(UInt32, String, String)])
  func pixelsWithoutHUAreRefused(_ tag: UInt32, _ value: String, _ code: String) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[2].set(tag, value)
    try folder.write(slices)
    #expect(try folder.refusal() == code)
  }

  @Test("a modality LUT is refused")
  func modalityLUTIsRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[2].attributes[0x0028_3000] = .code("A", "B", "C")
    try folder.write(slices)
    #expect(try folder.refusal() == "E_NOT_HU")
  }

  @Test(
    "impossible pixel descriptions are refused",
    arguments: [
      (0x0028_0010, 33, "E_TRUNCATED"), (0x0028_0010, 9000, "E_LIMIT"), (0x0028_0010, 0, "E_ATTRIBUTE"),
      (0x0028_0101, 17, "E_PIXEL_FORMAT"),
      (0x0028_0101, 0, "E_PIXEL_FORMAT"), (0x0028_0102, 16, "E_PIXEL_FORMAT"), (0x0028_0102, 5, "E_PIXEL_FORMAT"),
      (0x0028_0100, 12, "E_PIXEL_FORMAT"), (0x0028_0002, 3, "E_PIXEL_FORMAT"),
    ] as [(UInt32, Int, String)])
  func impossibleDescriptionsAreRefused(_ tag: UInt32, _ value: Int, _ code: String) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(tag, number: value) }
    try folder.write(slices)
    #expect(try folder.refusal() == code)
  }

  @Test(
    "every lossless transfer syntax gives the same values",
    arguments: [
      "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
      "1.2.840.10008.1.2.4.57",
      "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5",
    ])
  func losslessSyntaxesGiveSameValues(_ uid: String) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(), transferSyntax: uid)
    #expect(try folder.load().volume == smallVolume())
    // A stored 16-bit signed value uses all bits.
    let wide = try StudyFolder()
    var slices = smallSlices(3)
    for i in slices.indices {
      for p in slices[i].pixels.indices { slices[i].pixels[p] = UInt16(truncatingIfNeeded: p &* 67 &+ i) }
      slices[i].set(0x0028_0101, number: 16)
      slices[i].set(0x0028_0102, number: 15)
      slices[i].set(0x0028_0103, number: 1)
      slices[i].set(0x0028_1052, "0")
    }
    try wide.write(slices, transferSyntax: uid)
    let volume = try wide.load().volume
    #expect(volume.voxels[1023] == Double(Int16(truncatingIfNeeded: 1023 * 67)))
    #expect(volume.voxels[1024 + 900] == Double(Int16(truncatingIfNeeded: 900 * 67 + 1)))
  }
}
