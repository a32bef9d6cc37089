/// Grey level dependence matrix features (PyRadiomics `gldm`).
enum GLDMFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "DependenceEntropy", "DependenceNonUniformity", "DependenceNonUniformityNormalized", "DependenceVariance",
    "GrayLevelNonUniformity", "GrayLevelVariance", "HighGrayLevelEmphasis", "LargeDependenceEmphasis",
    "LargeDependenceHighGrayLevelEmphasis", "LargeDependenceLowGrayLevelEmphasis", "LowGrayLevelEmphasis",
    "SmallDependenceEmphasis", "SmallDependenceHighGrayLevelEmphasis", "SmallDependenceLowGrayLevelEmphasis",
  ]

  /// Values in the order of `names`.
  /// - Parameter tolerance: the largest difference of grey levels that still counts as dependent (`gldm_a`).
  static func values(_ grid: LevelGrid, distances: [Int], tolerance: Int, fixedAxis: Int?) -> [Double] {
    let s = LevelSizeStatistics(
      DependenceCounts.entries(grid, distances: distances, tolerance: tolerance, fixedAxis: fixedAxis))
    return [
      s.entropy, s.sizeNonUniformity, s.sizeNonUniformityNormalized, s.sizeVariance, s.greyLevelNonUniformity,
      s.greyLevelVariance, s.highGreyLevelEmphasis, s.largeEmphasis, s.largeHighEmphasis, s.largeLowEmphasis,
      s.lowGreyLevelEmphasis, s.smallEmphasis, s.smallHighEmphasis, s.smallLowEmphasis,
    ]
  }
}
