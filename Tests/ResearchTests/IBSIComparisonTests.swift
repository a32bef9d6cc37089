import Imaging
import Research
import TestKit
import Testing

/// IBSI's phantoms beside the consensus values.
struct IBSIComparisonTests {
  @Test("The digital phantom differs from IBSI in three known features")
  func digitalPhantomDiffersInThreeFeatures() throws {
    let comparison = try IBSIComparison()
    #expect(comparison.rows.count == 105)
    #expect(comparison.count(.agrees) == 102)
    #expect(comparison.count(.differs) == 0)
    #expect(
      Set(comparison.rows.filter { $0.agreement == .definedOtherwise }.map(\.feature))
        == ["original_firstorder_Kurtosis", "original_shape_MinorAxisLength", "original_shape_LeastAxisLength"])
  }

  @Test(
    "The CT phantom differs from IBSI in known features only",
    .enabled(if: SharedData.isPresent, "IBSI's CT phantom is not beside this checkout"),
    arguments: IBSIComparison.Configuration.allCases)
  func ctPhantomDiffersInKnownFeaturesOnly(_ configuration: IBSIComparison.Configuration) throws {
    let folder = SharedData.path("data/ibsi/ct_phantom/nifti")
    let image = try NIfTIReader.read(folder + "/image/phantom.nii.gz")
    let (mask, _) = try placeMask(
      labelVolume: NIfTIReader.read(folder + "/mask/mask.nii.gz"), on: image.geometry)
    let comparison = try IBSIComparison(configuration, image: image, mask: mask, threads: 2)
    #expect(comparison.rows.count == 144)
    #expect(comparison.rows.filter { $0.agreement == .differs }.map(\.tag) == [])
    #expect(comparison.count(.agrees) == 143)
    #expect(comparison.rows.filter { $0.agreement == .definedOtherwise }.map(\.tag) == ["stat_kurt"])
    // Nothing hangs on rounding: each is within the tolerance itself.
    for row in comparison.rows where row.agreement == .agrees {
      let consensus = try #require(Double(row.consensus))
      #expect(abs(row.value - consensus) <= row.tolerance, "\(row.tag): \(row.value)")
    }
  }
}
