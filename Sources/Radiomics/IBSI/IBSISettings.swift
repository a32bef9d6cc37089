/// How an image is prepared by the rules of IBSI-1's reference manual, which differ from PyRadiomics in several steps.
///
/// Source: Image Biomarker Standardisation Initiative, reference manual, "Image processing" and table 5.1.
package struct IBSISettings: Sendable, Equatable {
  package enum Discretisation: Sendable, Equatable {
    /// The values are grey levels.
    case none
    /// FBS: bins of a width in the image's unit, from the lower bound of re-segmentation (without one, from the region's
    /// smallest value).
    case fixedBinSize(Double)
    /// FBN: a number of bins between the region's smallest and largest value.
    case fixedBinNumber(Int)
  }

  /// Spacing in mm along every axis; nil: the image's own.
  package var spacing: Double?
  /// Of the image; the mask is always interpolated trilinearly and cut at 0.5.
  package var interpolator = Interpolator.linear
  /// Whether interpolated intensities are rounded to whole numbers.
  package var rounds = true
  /// Intensities outside this range are removed from the region.
  package var range: ClosedRange<Double>?
  /// Intensities more than this number of standard deviations from the mean are removed from the region, after `range`.
  package var outlierDeviations: Double?
  package var discretisation = Discretisation.none

  package init() {}

  /// Configurations C, D and E of the CT phantom.
  package static let configurationC: IBSISettings = {
    var settings = IBSISettings()
    settings.spacing = 2
    settings.range = -1000...400
    settings.discretisation = .fixedBinSize(25)
    return settings
  }()

  package static let configurationD: IBSISettings = {
    var settings = IBSISettings()
    settings.spacing = 2
    settings.outlierDeviations = 3
    settings.discretisation = .fixedBinNumber(32)
    return settings
  }()

  package static let configurationE: IBSISettings = {
    var settings = IBSISettings()
    settings.spacing = 2
    settings.interpolator = .bSpline
    settings.range = -1000...400
    settings.outlierDeviations = 3
    settings.discretisation = .fixedBinNumber(32)
    return settings
  }()
}
