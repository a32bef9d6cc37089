/// The settings of PyRadiomics' parameter file that shape the image and the matrices, with its defaults.
package struct ExtractionSettings: Sendable, Equatable {
  /// How grey values become grey levels. Default: bins of width 25.
  package var binning = Binning.width(25)
  /// Whether the whole image is scaled to mean 0 and standard deviation `normalizeScale`.
  package var normalize = false
  package var normalizeScale = 1.0
  /// Values beyond this many standard deviations are clipped when normalising.
  package var removeOutliers: Double?
  /// Spacing in mm along x, y, z after resampling; 0 keeps the mask's own. nil: no resampling.
  package var resampledPixelSpacing: [Double]?
  package var interpolator = Interpolator.bSpline
  /// Voxels kept around the region after resampling or pre-cropping, for the filters.
  package var padDistance = 5
  /// Whether the image is cropped to the region and `padDistance` when it is not resampled.
  package var preCrop = false
  /// Chebyshev distances in voxels of the neighbours in GLCM, GLDM and NGTDM.
  package var distances = [1]
  package var force2D = false
  /// The axis across the planes with `force2D`: 0 = z, 1 = y, 2 = x.
  package var force2Ddimension = 0
  /// Grey values outside this range are removed from the region: [lower, upper], or one lower bound.
  package var resegmentRange: [Double]?
  package var resegmentMode = ResegmentMode.absolute
  /// Whether shape features use the region after re-segmentation.
  package var resegmentShape = false
  package var label = 1
  /// The channel of a mask that has several, from 0.
  package var labelChannel = 0
  package var minimumROIDimensions = 2
  package var minimumROISize: Int?
  package var symmetricalGLCM = true
  package var weightingNorm: WeightingNorm?
  /// The largest difference of grey levels that counts as dependent in GLDM (`gldm_a`).
  package var gldmAlpha = 0
  /// Added to every value before it is squared in Energy, TotalEnergy and RootMeanSquared.
  package var voxelArrayShift = 0.0
  /// Whether diagnostics are written beside the features.
  package var additionalInfo = true
  /// LoG: widths of the Gaussian.
  package var sigma: [LaplacianWidth] = []
  /// Wavelet: name, number of levels, first level.
  package var wavelet = "coif1"
  package var level = 1
  package var startLevel = 0
  /// Gradient: whether spacing is used.
  package var gradientUseSpacing = true
  /// LBP2D: radius in voxels, number of neighbours, how their signs become a number.
  package var lbp2DRadius = 1.0
  package var lbp2DSamples = 8
  package var lbp2DMethod = PatternMethod.uniform
  /// LBP3D: levels of spherical harmonics, radius in voxels, how often the icosahedron is subdivided.
  package var lbp3DLevels = 2
  package var lbp3DIcosphereRadius = 1.0
  package var lbp3DIcosphereSubdivision = 1
  /// How far (share of the spacing along x; for directions absolute) image and mask may differ and still count as on one
  /// grid, by SimpleITK's test. nil: masks are placed on the image's grid by position.
  package var geometryTolerance: Double?
  /// Whether a mask on another grid is resampled to the image's by the nearest neighbour.
  package var correctMask = false
  /// Maps of features by voxel.
  package var voxel = VoxelSettings()
  /// The image has two dimensions and is held as one slice: PyRadiomics counts the axes of what it reads, so that
  /// `force2Ddimension` 0 is y of such an image, 1 is x, and 2 is none.
  package internal(set) var isPlane = false

  package init() {}

  /// The axis (0 = x) that no neighbour may lie along, nil in 3-D.
  var fixedAxis: Int? {
    guard force2D else { return nil }
    return isPlane ? (force2Ddimension < 2 ? 1 - force2Ddimension : nil) : 2 - force2Ddimension
  }

  /// The axis across the planes of planar patterns and of shape2D.
  var planeAxis: Int { isPlane ? 2 : 2 - force2Ddimension }
}

/// The width of a Laplacian of Gaussian.
package struct LaplacianWidth: Sendable, Equatable {
  /// Standard deviation in mm.
  package var value: Double
  /// The number as it appears in feature names: as Python prints the value of the parameter file, `3.0` or `3`.
  package var name: String
}

/// `resegmentMode`: the meaning of the numbers in `resegmentRange`.
package enum ResegmentMode: String, Sendable, CaseIterable {
  /// Grey values.
  case absolute
  /// Shares of the region's largest value.
  case relative
  /// Standard deviations from the region's mean.
  case sigma
}

/// `weightingNorm`: how a direction's weight follows from its length.
package enum WeightingNorm: String, Sendable, CaseIterable {
  case manhattan, euclidean, infinity
  case none = "no_weighting"
}
