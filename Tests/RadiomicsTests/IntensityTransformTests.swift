import Imaging
import Radiomics
import Testing

/// Values and checksums from PyRadiomics 3.1.0's image types with NumPy 1.26 and SimpleITK 2.5.7 on the same images.
struct IntensityTransformTests {
  static let places = [(0, 0, 0), (11, 7, 4), (22, 18, 8), (3, 9, 0)]

  static func values(_ volume: Volume) -> [Double] {
    places.map { volume.voxels[volume.geometry.offset($0.0, $0.1, $0.2)] }
  }

  @Test("Square and square root have NumPy's bits")
  func squareAndRootHaveNumPyBits() throws {
    let square = SyntheticImage.int16().transformed(.square)
    #expect(square.pixelType == .float64)
    #expect(SyntheticImage.checksum(square.voxels) == 0xdb56_12ba_5d75_a4aa)
    let root = SyntheticImage.int16().transformed(.squareRoot)
    #expect(SyntheticImage.checksum(root.voxels) == 0xda31_cd68_19d4_e74e)
    let single = SyntheticImage.float32().transformed(.square)
    #expect(SyntheticImage.checksum(single.voxels) == 0xd91b_94a1_62ff_d640)
  }

  @Test("Logarithm and exponential agree to the last digits, which depend on the library")
  func logAndExponentialAgreeToLastDigits() throws {
    let logarithm = Self.values(SyntheticImage.int16().transformed(.logarithm))
    for (value, expected) in zip(
      logarithm, [-999.9999999999999, 917.2167682255659, -993.4935615319781, -616.9968414284668])
    {
      #expect(abs(value - expected) <= 1e-14 * abs(expected))
    }
    let exponential = Self.values(SyntheticImage.float64().transformed(.exponential))
    for (value, expected) in zip(
      exponential, [0.0027027027027027033, 28.08444024893625, 0.0035058969920529807, 0.661037168239297])
    {
      #expect(abs(value - expected) <= 1e-14 * abs(expected))
    }
  }

  @Test("The gradient's magnitude equals SimpleITK's")
  func gradientMatchesSimpleITK() {
    let image = SyntheticImage.int16()
    #expect(image.gradientMagnitude().pixelType == .float32)
    #expect(SyntheticImage.checksum(image.gradientMagnitude().voxels) == 0x3e_4034_2197_dc4f)
    #expect(SyntheticImage.checksum(image.gradientMagnitude(useSpacing: false).voxels) == 0x3e_405c_3071_7ae7)
    #expect(SyntheticImage.checksum(SyntheticImage.float32().gradientMagnitude().voxels) == 0x3d_9673_34cf_aed8)
    #expect(SyntheticImage.checksum(SyntheticImage.float64().gradientMagnitude().voxels) == 0x3d_9673_34d2_43d6)
  }

  @Test("A box of the result equals the box cut out of the whole result")
  func boxEqualsCropOfWholeResult() {
    let image = SyntheticImage.int16()
    let box = BoundingBox(lower: SIMD3(0, 2, 1), size: SIMD3(17, 9, 8))
    for transform in IntensityTransform.allCases {
      #expect(image.transformed(transform, box: box) == image.transformed(transform).cropped(to: box))
    }
    #expect(image.gradientMagnitude(box: box) == image.gradientMagnitude().cropped(to: box))
  }

  @Test("An image of zeros has no scale")
  func zeroImageHasNoScale() {
    let image = Volume(geometry: Geometry(size: SIMD3(3, 3, 3)), int16: [Int16](repeating: 0, count: 27))
    // As PyRadiomics 3.1.0: 0 / 0, but for the root of 0.
    for transform in IntensityTransform.allCases {
      let values = image.transformed(transform).voxels.doubles
      #expect(values.allSatisfy { transform == .squareRoot ? $0 == 0 : $0.isNaN })
    }
  }
}
