/// The profiles that come with the program, by name: the same bytes as `etc/profiles`, so that a result's profile hash
/// does not depend on where the profile was read from.
enum BuiltInProfiles {
  static let texts = ["jiao2024": jiao2024, "ctu-982": ctu982, "pyradiomics-defaults": pyradiomicsDefaults]

  private static let jiao2024 = """
    # PyRadiomics 3.1.0 parameter file behind the paper's 975 columns (Jiao et al., J Cancer 2024;15:6336).
    # The paper's Table S1 is not public. These are the settings of PyRadiomics' stock 5 mm preset: with resampling on,
    # PyRadiomics writes 22 + 15 diagnostic columns and 960 features = 997; without the first 22 that is 975, which no other
    # stock preset gives, and the paper's slices are 5 mm and its six classes are these.
    imageType:
      Original: {}
      LoG:
        sigma: [3.0, 5.0]
      Wavelet: {}

    featureClass:
      shape:
      firstorder:
      glcm: # all but SumAverage and MCC
        - Autocorrelation
        - JointAverage
        - ClusterProminence
        - ClusterShade
        - ClusterTendency
        - Contrast
        - Correlation
        - DifferenceAverage
        - DifferenceEntropy
        - DifferenceVariance
        - JointEnergy
        - JointEntropy
        - Imc1
        - Imc2
        - Idm
        - Idmn
        - Id
        - Idn
        - InverseVariance
        - MaximumProbability
        - SumEntropy
        - SumSquares
      glrlm:
      glszm:
      gldm:

    setting:
      normalize: true
      normalizeScale: 100
      interpolator: sitkBSpline
      resampledPixelSpacing: [3, 3, 3]
      binWidth: 5
      voxelArrayShift: 300
      label: 1

    """

  private static let ctu982 = """
    # PyRadiomics 3.1.0 parameter file for CT, at 1 mm: HU are not normalised. 11 image types x 88 + 14 shape = 982 features.
    imageType:
      Original: {}
      LoG:
        sigma: [3.0, 5.0]
      Wavelet: {}

    featureClass:
      shape:
      firstorder:
      glcm:
      glrlm:
      glszm:
      gldm:

    setting:
      interpolator: sitkBSpline
      resampledPixelSpacing: [1, 1, 1]
      padDistance: 10
      binWidth: 25
      voxelArrayShift: 1000
      label: 1

    """

  private static let pyradiomicsDefaults = """
    # What PyRadiomics 3.1.0 computes without a parameter file: the original image as it is, bins of width 25,
    # and every class but shape2D.
    imageType:
      Original: {}

    """
}
