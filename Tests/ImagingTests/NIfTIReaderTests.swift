import Errors
import Imaging
import Testing

@Suite("NIfTI values")
struct NIfTIReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func read(_ draft: NIfTIDraft) throws -> Volume { try NIfTIReader.read(folder.write(draft.bytes)) }

  /// Values that show sign, width and byte order, repeated to fill 60 voxels.
  private func fill<T>(_ values: [T]) -> [T] { (0..<60).map { values[$0 % values.count] } }

  @Test("every integer type is read in both byte orders", arguments: [false, true])
  func integerTypesAreReadInBothByteOrders(bigEndian: Bool) throws {
    func check<T: FixedWidthInteger>(_ values: [T], _ datatype: Int16, _ type: PixelType) throws {
      let volume = try read(NIfTIDraft(fill(values), datatype: datatype, bigEndian: bigEndian))
      #expect(volume.pixelType == type)
      let expected = fill(values).map { Double($0) }
      #expect(volume.voxels.doubles == expected)
      #expect(volume.geometry.size == SIMD3(3, 4, 5))
    }
    try check([UInt8](arrayLiteral: 0, 1, 200, 255), 2, .uint8)
    try check([Int8](arrayLiteral: 0, 1, -128, 127), 256, .int8)
    try check([Int16](arrayLiteral: 0, 1, -1024, 32767, -32768), 4, .int16)
    try check([UInt16](arrayLiteral: 0, 1, 40000, 65535), 512, .uint16)
    try check([Int32](arrayLiteral: 0, 1, -70000, .max, .min), 8, .int32)
    try check([UInt32](arrayLiteral: 0, 1, 70000, .max), 768, .uint32)
    try check([Int64](arrayLiteral: 0, 1, -5, 2_147_483_647), 1024, .int32)
    try check([UInt64](arrayLiteral: 0, 1, 5, 2_147_483_647), 1280, .int32)
  }

  @Test("floating-point types are read in both byte orders", arguments: [false, true])
  func floatTypesAreReadInBothByteOrders(bigEndian: Bool) throws {
    let singles: [Float] = fill([0, 1.5, -1000.25, 3e38])
    var volume = try read(NIfTIDraft(singles.map(\.bitPattern), datatype: 16, bigEndian: bigEndian))
    #expect(volume.voxels == .float32(singles))
    #expect(volume.pixelType == .float32)
    let doubles: [Double] = fill([0, 1.5, -1000.1, 1e300])
    volume = try read(NIfTIDraft(doubles.map(\.bitPattern), datatype: 64, bigEndian: bigEndian))
    #expect(volume.voxels == .float64(doubles))
  }

  @Test("64-bit integers beyond 32 bits are refused")
  func wide64BitIntegersAreRefused() throws {
    let error = #expect(throws: StudyError.self) { try read(NIfTIDraft(fill([1, Int64(1) << 40]), datatype: 1024)) }
    #expect(error?.code == .pixelType)
    #expect(throws: StudyError.self) { try read(NIfTIDraft(fill([UInt64.max]), datatype: 1280)) }
  }

  @Test("values that are not finite become 0, as in ITK 5.4")
  func nonFiniteValuesBecomeZero() throws {
    let values: [Float] = fill([0, .nan, .infinity, 3])
    let volume = try read(NIfTIDraft(values.map(\.bitPattern), datatype: 16))
    #expect(volume.voxels == .float32(fill([0, 0, 0, 3])))
  }

  /// SimpleITK 2.5.7 gives float32 `float(double(float(v)) * slope + inter)` for an integer file.
  @Test("a scale makes an integer image float32")
  func scaledIntegersBecomeFloat32() throws {
    var draft = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)
    draft.slope = 0.1
    draft.intercept = -3
    let volume = try read(draft)
    #expect(volume.pixelType == .float32)
    #expect(volume.voxels == .float32((0..<60).map { Float(Double($0) * Double(Float(0.1)) - 3) }))
  }

  /// As SimpleITK 2.5.7: slope 0 or not a number counts as 1, and the intercept still holds.
  @Test("slopes that scale nothing", arguments: [(0, 0, false), (1, 0, false), (.nan, 0, false), (0, 5, true)])
  func neutralSlopesDoNotScale(slope: Float, intercept: Float, scaled: Bool) throws {
    var draft = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)
    draft.slope = slope
    draft.intercept = intercept
    let volume = try read(draft)
    #expect(volume.pixelType == (scaled ? .float32 : .int16))
    #expect(volume.voxels[7] == Double(7 + intercept))
  }

  @Test("compressed or not, one member or several, the values are the same")
  func compressionDoesNotChangeValues() throws {
    let draft = NIfTIDraft((0..<60).map { Int16($0 * 300 - 9000) }, datatype: 4)
    let plain = try read(draft)
    let bytes = draft.bytes
    let one = try folder.write(gzipStored(bytes), as: "one")
    let several = try folder.write(
      gzipStored(Array(bytes[..<100])) + gzipStored(Array(bytes[100..<400])) + gzipStored(Array(bytes[400...])),
      as: "several")
    let padded = try folder.write(gzipStored(bytes) + [0, 0, 0, 0], as: "padded")
    for path in [one, several, padded] {
      #expect(try NIfTIReader.read(path) == plain)
      #expect(try NIfTIReader.readGeometry(path) == plain.geometry)
      #expect(NIfTIReader.isNIfTI(path))
    }
  }

  @Test("bytes between header and data are skipped")
  func headerExtensionIsSkipped() throws {
    var draft = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)
    draft.voxOffset = 400
    draft.data = [UInt8](repeating: 0xAA, count: 48) + draft.data
    #expect(try read(draft).voxels == .int16((0..<60).map { Int16($0) }))
    #expect(try NIfTIReader.read(folder.write(gzipStored(draft.bytes), as: "g")).voxels[59] == 59)
  }

  @Test("one volume in four dimensions is a volume")
  func singleVolumeIn4DIsAVolume() throws {
    var draft = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)
    draft.dim[0] = 4
    #expect(try read(draft).geometry.size == SIMD3(3, 4, 5))
    draft.dim[4] = 2
    draft.data += draft.data
    let error = #expect(throws: StudyError.self) { try read(draft) }
    #expect(error?.code == .niftiUnsupported)
  }
}
