import Imaging
import Radiomics
import TestKit
import Testing

/// A patient's CT through resampling, LoG and wavelet, against the arrays that PyRadiomics 3.1.0 makes on the way (1 mm,
/// int16): every voxel, every bit.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared patients' data"))
struct FilterParityTests {
  static func array<T>(_ name: String, as type: T.Type) throws -> [T] {
    try NPY.read(SharedData.path("data/intermediate/\(name).npy"), as: type)
  }

  static func resampled() throws -> (image: Volume, mask: Mask) {
    let image = try NIfTIReader.read(SharedData.path("data/cases/STS_019/image.nii.gz"))
    let labels = try NIfTIReader.read(SharedData.path("data/cases/STS_019/mask.nii.gz"))
    let mask = Mask(geometry: labels.geometry, voxels: labels.voxels.doubles.map { $0 == 1 ? 1 : 0 })
    return try ResamplingTests.resample(image, mask, Vector3(1, 1, 1), 10)
  }

  @Test("Resampled image and mask equal PyRadiomics'")
  func resamplingMatchesPyRadiomics() throws {
    let (image, mask) = try Self.resampled()
    #expect(image.geometry.origin == Vector3(-47.87898993492127, -103.54302954673767, -186.76500487327576))
    #expect(image.voxels == .int16(try Self.array("02_resampled_image", as: Int16.self)))
    let expected = try Self.array("02_resampled_mask", as: UInt32.self)
    #expect(mask.voxels == expected.map { UInt8($0) })
  }

  @Test("The Laplacian of Gaussian equals PyRadiomics'", arguments: [3.0, 5.0])
  func laplacianMatchesPyRadiomics(_ sigma: Double) throws {
    let result = try #require(try Self.resampled().image.laplacianOfGaussian(sigma: sigma))
    #expect(result.voxels == .float32(try Self.array("05_filtered_log-sigma-\(Int(sigma))-0-mm-3D", as: Float.self)))
  }

  @Test("The wavelet sub-bands equal PyRadiomics'")
  func waveletMatchesPyRadiomics() throws {
    try Self.resampled().image.forEachSubband { name, image in
      let expected = try Self.array("05_filtered_\(name)", as: Double.self)
      #expect(image.voxels == .float64(expected), "\(name)")
    }
  }
}
