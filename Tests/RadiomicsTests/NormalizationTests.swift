import Errors
import Imaging
import Radiomics
import Testing

/// Checksums from PyRadiomics 3.1.0's `imageoperations.normalizeImage` with SimpleITK 2.5.7 on the same images.
struct NormalizationTests {
  @Test("Values have PyRadiomics' bits, and become float64")
  func valuesHavePyRadiomicsBits() throws {
    let result = try SyntheticImage.int16().normalized(scale: 100)
    #expect(result.pixelType == .float64)
    #expect(result.voxels[0] == -185.42843813368148)
    #expect(SyntheticImage.checksum(result.voxels) == 0x3cbc_f809_20fb_5f8e)
    let single = try SyntheticImage.float32().normalized()
    #expect(single.pixelType == .float64)
    #expect(SyntheticImage.checksum(single.voxels) == 0xc10d_a6c4_0527_05a3)
  }

  @Test("Outliers are clipped to the limit before the scale is applied")
  func outliersAreClippedBeforeScaling() throws {
    let result = try SyntheticImage.int16().normalized(scale: 10, removeOutliers: 1.5)
    #expect(result.voxels.doubles.min() == -15)
    #expect(result.voxels.doubles.max() == 15)
    #expect(SyntheticImage.checksum(result.voxels) == 0x1384_b406_3ad9_4168)
  }

  @Test("Normalising while resampling equals normalising before it", arguments: Interpolator.allCases)
  func fusedResamplingEqualsTwoSteps(_ interpolator: Interpolator) throws {
    let image = SyntheticImage.int16()
    let normalization = try Normalization(of: image, scale: 100, removeOutliers: 1.5)
    let grid = Geometry(size: SIMD3(14, 12, 21), spacing: Vector3(1.1, 0.9, 1), origin: Vector3(-13, 31, -90))
    let before = try image.normalized(by: normalization).resampled(onto: grid, interpolator: interpolator)
    let fused = try image.resampled(onto: grid, interpolator: interpolator, normalization: normalization)
    #expect(fused == before)
  }

  @Test("A constant image is refused")
  func constantImageIsRefused() {
    let image = Volume(geometry: Geometry(size: SIMD3(3, 3, 3)), int16: [Int16](repeating: 7, count: 27))
    #expect { try image.normalized() } throws: { ($0 as? StudyError)?.code == .imageConstant }
  }
}
