import Errors
import Imaging
import Testing

@Suite("NIfTI writing")
struct NIfTIWriterTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let geometry = Geometry(
    size: SIMD3(7, 5, 3), spacing: Vector3(0.75, 0.75, 5), origin: Vector3(-100.5, -80.25, 12.5))

  @Test("each pixel type is read back as it was written", arguments: PixelType.allCases, ["a.nii", "a.nii.gz"])
  func pixelTypesRoundTrip(type: PixelType, name: String) throws {
    let range = type.integerRange ?? -1000.5...1000.5
    let values = (0..<105).map { index in
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / 104
      return type.isInteger ? value.rounded() : value
    }
    let voxels: Voxels =
      switch type {
      case .uint8, .int8, .int16: .int16(values.map { Int16($0) })
      case .uint16, .int32: .int32(values.map { Int32($0) })
      case .uint32, .float64: .float64(values)
      case .float32: .float32(values.map { Float($0) })
      }
    let volume = Volume(geometry: geometry, pixelType: type, voxels: voxels)
    try NIfTIWriter.write(volume, to: folder.path(name))
    #expect(try NIfTIReader.read(folder.path(name)) == volume)
    #expect(folder.names == [name], "no temporary file is left")
  }

  @Test("a voxel that the pixel type cannot hold leaves no file")
  func unrepresentableVoxelLeavesNoFile() {
    let volume = Volume(
      geometry: geometry, pixelType: .uint8, voxels: .int16([Int16](repeating: 300, count: 105)))
    #expect(throws: StudyError.self) { try NIfTIWriter.write(volume, to: folder.path("a.nii.gz")) }
    #expect(folder.names.isEmpty)
  }

  @Test("an old file stays when writing fails, and is replaced when it works")
  func failedWriteKeepsOldFile() throws {
    let path = try folder.write([1, 2, 3], as: "a.nii")
    let bad = Volume(geometry: geometry, pixelType: .uint8, voxels: .int16([Int16](repeating: -1, count: 105)))
    #expect(throws: StudyError.self) { try NIfTIWriter.write(bad, to: path) }
    #expect(try contents(path) == [1, 2, 3])
    try NIfTIWriter.write(Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: 105)), to: path)
    #expect(try contents(path).count == 352 + 105)
    let error = #expect(throws: StudyError.self) {
      try NIfTIWriter.write(
        Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: 105)), to: folder.path("no/such/folder.nii"))
    }
    #expect(error?.code == .io)
  }

  @Test("the bytes do not depend on the number of threads or the run")
  func bytesAreDeterministic() throws {
    var generator = SeededGenerator(seed: 7)
    let big = Geometry(size: SIMD3(256, 256, 45))
    let volume = Volume(
      geometry: big, int16: (0..<big.count).map { _ in Int16.random(in: -60...60, using: &generator) })
    try NIfTIWriter.write(volume, to: folder.path("1.nii.gz"), threads: 1)
    let expected = try contents(folder.path("1.nii.gz"))
    for threads in [1, 2, 3, 8, 64] {
      try NIfTIWriter.write(volume, to: folder.path("n.nii.gz"), threads: threads)
      #expect(try contents(folder.path("n.nii.gz")) == expected, "\(threads) threads")
    }
    #expect(expected[4..<8].allSatisfy { $0 == 0 }, "no time in the gzip header")
    #expect(try NIfTIReader.read(folder.path("n.nii.gz")) == volume)
  }

  @Test("a mask is uint8, 1 inside")
  func maskIsUInt8() throws {
    let mask = Mask(geometry: geometry, voxels: (0..<105).map { $0 % 3 == 0 ? 1 : 0 }, label: 255)
    try NIfTIWriter.write(mask, to: folder.path("m.nii.gz"))
    let back = try NIfTIReader.read(folder.path("m.nii.gz"))
    #expect(back.pixelType == .uint8)
    #expect(back.voxels.doubles == mask.voxels.map(Double.init))
  }

  /// Header bytes by hand from nifti1.h for the grid above: qfac, code 1 twice, RAS rows.
  @Test("the header says what nifti1.h asks for")
  func headerFollowsSpecification() throws {
    try NIfTIWriter.write(
      Volume(geometry: geometry, int16: [Int16](repeating: 0, count: 105)), to: folder.path("a.nii"))
    let bytes = try contents(folder.path("a.nii"))
    func int16(_ at: Int) -> Int16 { Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8) }
    func float(_ at: Int) -> Float {
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) })
    }
    #expect((0..<8).map { int16(40 + 2 * $0) } == [3, 7, 5, 3, 1, 1, 1, 1])
    #expect(int16(70) == 4 && int16(72) == 16)
    #expect((0..<4).map { float(76 + 4 * $0) } == [1, 0.75, 0.75, 5])
    #expect(float(108) == 352 && float(112) == 1 && float(116) == 0)
    #expect(bytes[123] == 2)
    #expect(int16(252) == 1 && int16(254) == 1)
    #expect((0..<6).map { float(256 + 4 * $0) } == [0, 0, 1, 100.5, 80.25, 12.5])
    #expect(
      (0..<12).map { float(280 + 4 * $0) } == [-0.75, 0, 0, 100.5, 0, -0.75, 0, 80.25, 0, 0, 5, 12.5])
    #expect(String(decoding: bytes[148..<158], as: UTF8.self) == "radiomicsd")
    #expect(Array(bytes[344..<348]) == Array("n+1\0".utf8))
    #expect(!bytes[256..<328].chunked(4).contains([0, 0, 0, 0x80]), "no minus zero")
  }

  @Test("any rotation, with or without mirror, is read back to float32 precision, and from then on exactly")
  func rotationsRoundTrip() throws {
    var generator = SeededGenerator(seed: 99)
    for round in 0..<60 {
      let geometry = Geometry.random(using: &generator, oblique: round % 2 == 0)
      let mask = Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: geometry.count))
      try NIfTIWriter.write(mask, to: folder.path("a.nii"))
      let back = try NIfTIReader.readGeometry(folder.path("a.nii"))
      #expect(back.size == geometry.size)
      for axis in 0..<3 {
        #expect(back.spacing[axis] == Double(Float(geometry.spacing[axis])))
        #expect(back.origin[axis] == Double(Float(geometry.origin[axis])))
        #expect((back.direction[axis] - geometry.direction[axis]).length < 2e-7)
      }
      if round % 2 == 1 { #expect(back.direction == geometry.direction) }
    }
  }

  @Test("a grid that NIfTI-1 cannot hold is refused")
  func impossibleGridIsRefused() {
    var wide = geometry
    wide.size = SIMD3(40000, 1, 1)
    var sheared = geometry
    sheared.direction = Matrix3(Vector3(1, 0, 0), Vector3(0.1, 1, 0), Vector3(0, 0, 1))
    var nan = geometry
    nan.origin.y = .nan
    for bad in [wide, sheared, nan] {
      let error = #expect(throws: StudyError.self) {
        try NIfTIWriter.write(
          Mask(geometry: bad, voxels: [UInt8](repeating: 0, count: bad.count)), to: folder.path("a.nii"))
      }
      #expect(error?.code == .niftiGeometry)
    }
  }
}

extension Collection {
  fileprivate func chunked(_ size: Int) -> [[Element]] {
    let all = Array(self)
    return stride(from: 0, to: all.count, by: size).map { Array(all[$0..<Swift.min($0 + size, all.count)]) }
  }
}

extension Geometry {
  /// A small grid with a random place; its axes are a random rotation, or the patient's axes exchanged and flipped.
  static func random(using generator: inout SeededGenerator, oblique: Bool) -> Geometry {
    func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
    var axes = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].shuffled(using: &generator)
    for axis in 0..<3 where Bool.random(using: &generator) { axes[axis] = -axes[axis] }
    if oblique {
      let x = Vector3(number(-1...1), number(-1...1), number(-1...1))
      let helper = Vector3(number(-1...1), number(-1...1), number(-1...1))
      axes[0] = x / x.length
      let y = axes[0].cross(helper)
      axes[1] = y / y.length
      axes[2] = axes[0].cross(axes[1]) * (Bool.random(using: &generator) ? 1 : -1)
    }
    return Geometry(
      size: SIMD3(
        Int.random(in: 1...9, using: &generator), Int.random(in: 1...9, using: &generator),
        Int.random(in: 1...9, using: &generator)),
      spacing: Vector3(number(0.3...5), number(0.3...5), number(0.3...5)),
      origin: Vector3(number(-300...300), number(-300...300), number(-300...300)),
      direction: Matrix3(axes[0], axes[1], axes[2]))
  }
}
