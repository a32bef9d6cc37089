import Errors
import Imaging
import Radiomics
import Testing

/// Checksums and geometry from PyRadiomics 3.1.0's `imageoperations.resampleImage` with SimpleITK 2.5.7 on the same
/// synthetic images.
struct ResamplingTests {
  struct Expected: Sendable {
    var interpolator: Interpolator
    var spacing: Vector3
    var pad: Int
    var size: SIMD3<Int>
    var origin: Vector3
    var image: UInt64
    var mask: UInt64
  }

  static let cases = [
    Expected(
      interpolator: .bSpline, spacing: Vector3(1, 1, 1), pad: 3, size: SIMD3(15, 14, 17),
      origin: Vector3(-10.375, 30.35, -97.125), image: 0x130c_fc61, mask: 0x134007),
    Expected(
      interpolator: .linear, spacing: Vector3(1, 1, 1), pad: 3, size: SIMD3(15, 14, 17),
      origin: Vector3(-10.375, 30.35, -97.125), image: 0x1399_a1da, mask: 0x134007),
    Expected(
      interpolator: .nearestNeighbour, spacing: Vector3(1, 1, 1), pad: 3, size: SIMD3(15, 14, 17),
      origin: Vector3(-10.375, 30.35, -97.125), image: 0xf82_1d06, mask: 0x134007),
    Expected(
      interpolator: .bSpline, spacing: Vector3(1.5, 1.5, 0), pad: 2, size: SIMD3(11, 10, 9),
      origin: Vector3(-10.625, 30.6, -101), image: 0xfc_20b8, mask: 0x8988),
    Expected(
      interpolator: .bSpline, spacing: Vector3(0.75, 0.8, 3.25), pad: 2, size: SIMD3(13, 11, 7),
      origin: Vector3(-8, 32.65, -97.75), image: 0x491_06b0, mask: 0x28541),
  ]

  static func resample(
    _ image: Volume, _ mask: Mask, _ spacing: Vector3, _ pad: Int, _ interpolator: Interpolator = .bSpline,
    threads: Int = 1
  ) throws -> (image: Volume, mask: Mask) {
    let box = try #require(BoundingBox(of: mask))
    let grid = try ResamplingGrid(
      image: image.geometry, mask: mask.geometry, box: box, spacing: spacing, padDistance: pad)
    return try #require(
      try grid.apply(to: image, mask, interpolator: interpolator, padDistance: pad, threads: threads))
  }

  @Test("An int16 image and its mask equal PyRadiomics' voxel for voxel", arguments: cases)
  func int16ImageMatchesPyRadiomics(_ expected: Expected) throws {
    let result = try Self.resample(
      SyntheticImage.int16(), SyntheticImage.mask(), expected.spacing, expected.pad, expected.interpolator)
    #expect(result.image.geometry.size == expected.size)
    #expect(result.image.geometry.origin == expected.origin)
    #expect(result.image.geometry == result.mask.geometry)
    #expect(result.image.pixelType == .int16)
    #expect(SyntheticImage.checksum(result.image.voxels) == expected.image)
    #expect(SyntheticImage.checksum(result.mask) == expected.mask)
  }

  @Test("Floating-point images keep their type and every bit")
  func floatImagesKeepTypeAndBits() throws {
    let double = try Self.resample(SyntheticImage.float64(), SyntheticImage.mask(), Vector3(1, 1, 1), 3)
    #expect(SyntheticImage.checksum(double.image.voxels) == 0xb81_0916_737b_f899)
    let single = try Self.resample(SyntheticImage.float32(), SyntheticImage.mask(), Vector3(1, 1, 1), 3)
    #expect(single.image.pixelType == .float32)
    #expect(SyntheticImage.checksum(single.image.voxels) == 0x61_96b5_dc08_0858)
  }

  @Test("Overshoot of a uint8 image is clamped to 0...255")
  func uint8OvershootIsClamped() throws {
    let geometry = SyntheticImage.geometry(SyntheticImage.size)
    let values = SyntheticImage.values(SyntheticImage.size).map { Int16(($0 + 1000) % 256) }
    let image = Volume(geometry: geometry, pixelType: .uint8, voxels: .int16(values))
    let result = try Self.resample(image, SyntheticImage.mask(), Vector3(1, 1, 1), 3)
    #expect(SyntheticImage.checksum(result.image.voxels) == 0x5f22_426e)
    #expect(result.image.voxels.doubles.min() == 0)
    #expect(result.image.voxels.doubles.max() == 255)
  }

  @Test("Filtering a part of a long axis gives the result of the whole axis")
  func partOfLongAxisEqualsWholeAxis() throws {
    let geometry = SyntheticImage.geometry(SIMD3(300, 12, 7), spacing: Vector3(1, 1, 1))
    let mask = SyntheticImage.mask(geometry, x: 140..<150, y: 4..<8, z: 2..<4)
    let result = try Self.resample(SyntheticImage.int16(geometry), mask, Vector3(0.7, 0.7, 0.7), 4)
    #expect(result.image.geometry.size == SIMD3(24, 15, 10))
    #expect(SyntheticImage.checksum(result.image.voxels) == 0x94f_fb41)
  }

  @Test("Two slices are resampled; one slice keeps its spacing")
  func thinImagesAreResampled() throws {
    let two = SyntheticImage.geometry(SIMD3(9, 8, 2))
    let pair = try Self.resample(
      SyntheticImage.int16(two), SyntheticImage.mask(two, x: 2..<7, y: 2..<6, z: 0..<2), Vector3(1, 1, 1), 3)
    #expect(pair.image.geometry.size == SIMD3(7, 7, 7))
    // SimpleITK's column; for the sixth value it reads past the two slices, here the mirror goes on.
    let column = (0..<5).map { pair.image.voxels[pair.image.geometry.offset(3, 3, $0)] }
    #expect(column == [-474, -493, -481, -450, -426])
    #expect(abs(pair.image.voxels[pair.image.geometry.offset(3, 3, 5)] - -430) <= 1)
    let one = SyntheticImage.geometry(SIMD3(9, 8, 1))
    let single = try Self.resample(
      SyntheticImage.int16(one), SyntheticImage.mask(one, x: 2..<7, y: 2..<6, z: 0..<1), Vector3(1, 1, 1), 3)
    #expect(single.image.geometry.spacing == Vector3(1, 1, 3.25))
    #expect(SyntheticImage.checksum(single.image.voxels) == 0xffff_ffff_fff4_7a70)
  }

  @Test("Mirrored, turned and swapped axes sample the same places")
  func flippedAxesSampleSamePlaces() throws {
    let (c, s) = (0.955336489125606, 0.29552020666133955)
    let directions = [
      Matrix3(Vector3(-1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, 1)),
      Matrix3(Vector3(c, s, 0), Vector3(-s, c, 0), Vector3(0, 0, 1)),
      Matrix3(Vector3(0, 1, 0), Vector3(0, 0, 1), Vector3(1, 0, 0)),
    ]
    for direction in directions {
      let geometry = SyntheticImage.geometry(SyntheticImage.size, direction: direction)
      let result = try Self.resample(
        SyntheticImage.int16(geometry), SyntheticImage.mask(geometry), Vector3(1, 1, 1), 3)
      #expect(SyntheticImage.checksum(result.image.voxels) == 0x130c_fc61)
      #expect(SyntheticImage.checksum(result.mask) == 0x134007)
      #expect(result.image.geometry.direction == direction)
    }
  }

  @Test("Voxels outside the image are 0, fractions are truncated towards 0")
  func outsideIsZeroAndFractionsTruncate() throws {
    let line = Geometry(size: SIMD3(5, 1, 1))
    let image = Volume(geometry: line, int16: [-10, -7, 0, 7, 10])
    let grid = Geometry(size: SIMD3(7, 1, 1), origin: Vector3(-0.75, 0, 0))
    let result = try image.resampled(onto: grid, interpolator: .linear)
    // At -0.75 outside, -0.5 … would be inside; at 0.25, 1.25, 2.25, 3.25 between voxels; at 4.25 the last voxel; then outside.
    #expect(result.voxels == .int16([0, -9, -5, 1, 7, 10, 0]))
  }

  @Test("The number of threads changes nothing", arguments: [2, 3, 7])
  func threadsChangeNothing(_ threads: Int) throws {
    for image in [SyntheticImage.int16(), SyntheticImage.float64()] {
      for interpolator in [Interpolator.bSpline, .linear] {
        let one = try Self.resample(image, SyntheticImage.mask(), Vector3(1, 1, 1), 3, interpolator)
        let many = try Self.resample(image, SyntheticImage.mask(), Vector3(1, 1, 1), 3, interpolator, threads: threads)
        #expect(one.image == many.image)
      }
    }
  }

  @Test("A region outside the image, a grid too fine and a flat direction matrix are refused")
  func impossibleGridsAreRefused() throws {
    let geometry = SyntheticImage.geometry(SyntheticImage.size)
    let box = BoundingBox(lower: SIMD3(8, 6, 3), size: SIMD3(9, 6, 3))
    func code(_ image: Geometry, spacing: Double = 1) -> ErrorCode? {
      do {
        _ = try ResamplingGrid(
          image: image, mask: geometry, box: box, spacing: Vector3(repeating: spacing), padDistance: 3)
        return nil
      } catch { return (error as? StudyError)?.code }
    }
    var shifted = geometry
    shifted.origin.x += 20
    #expect(code(shifted) == .roiOutsideImage)
    #expect(code(geometry, spacing: 1e-5) == .gridTooLarge)
    #expect(code(geometry, spacing: -1) == .geometryInvalid)
    #expect(code(geometry, spacing: .nan) == .geometryInvalid)
    var flat = geometry
    flat.direction = Matrix3(Vector3(1, 0, 0), Vector3(1, 0, 0), Vector3(0, 0, 1))
    #expect(code(flat) == .geometryInvalid)
  }
}
