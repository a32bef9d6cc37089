import Imaging
import Radiomics
import Testing

@Suite struct InterpolatorTests {
  /// Checksums of SimpleITK 2.5.7's `ResampleImageFilter` on the same grid: every voxel of an integer image.
  @Test(
    "Each interpolator gives SimpleITK's value at every voxel",
    arguments: [
      ("sitkGaussian", 118_099_541), ("sitkLabelGaussian", 110_581_183), ("sitkHammingWindowedSinc", 121_626_627),
      ("sitkCosineWindowedSinc", 120_945_653), ("sitkWelchWindowedSinc", 120_982_267),
      ("sitkLanczosWindowedSinc", 120_973_325), ("sitkBlackmanWindowedSinc", 121_089_300),
    ] as [(String, UInt64)])
  func interpolatorsMatchSimpleITK(_ name: String, _ checksum: UInt64) throws {
    let interpolator = try #require(Interpolator(rawValue: name))
    let grid = Geometry(size: SIMD3(15, 14, 8), spacing: Vector3(1.1, 0.9, 2), origin: Vector3(-10.3, 32.1, -95.5))
    for threads in [1, 3] {
      let moved = try SyntheticImage.int16().resampled(onto: grid, interpolator: interpolator, threads: threads)
      #expect(SyntheticImage.checksum(moved.voxels) == checksum)
    }
  }

  @Test("A voxel on the grid keeps its value")
  func voxelOnGridKeepsItsValue() throws {
    // Powers of two, so that no position is rounded.
    let image = SyntheticImage.int16(Geometry(size: SIMD3(16, 8, 8)))
    let same = try image.resampled(onto: image.geometry, interpolator: .lanczosWindowedSinc)
    #expect(SyntheticImage.checksum(same.voxels) == SyntheticImage.checksum(image.voxels))
  }
}
