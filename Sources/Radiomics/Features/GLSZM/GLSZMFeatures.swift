/// Grey level size zone matrix features (PyRadiomics `glszm`).
enum GLSZMFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance", "HighGrayLevelZoneEmphasis",
    "LargeAreaEmphasis", "LargeAreaHighGrayLevelEmphasis", "LargeAreaLowGrayLevelEmphasis",
    "LowGrayLevelZoneEmphasis", "SizeZoneNonUniformity", "SizeZoneNonUniformityNormalized", "SmallAreaEmphasis",
    "SmallAreaHighGrayLevelEmphasis", "SmallAreaLowGrayLevelEmphasis", "ZoneEntropy", "ZonePercentage", "ZoneVariance",
  ]

  /// Values in the order of `names`.
  static func values(_ grid: LevelGrid, fixedAxis: Int?) -> [Double] {
    let s = LevelSizeStatistics(ZoneCounts.entries(grid, fixedAxis: fixedAxis))
    return [
      s.greyLevelNonUniformity, s.greyLevelNonUniformityNormalized, s.greyLevelVariance, s.highGreyLevelEmphasis,
      s.largeEmphasis, s.largeHighEmphasis, s.largeLowEmphasis, s.lowGreyLevelEmphasis, s.sizeNonUniformity,
      s.sizeNonUniformityNormalized, s.smallEmphasis, s.smallHighEmphasis, s.smallLowEmphasis, s.entropy,
      s.total / s.voxels, s.sizeVariance,
    ]
  }
}
