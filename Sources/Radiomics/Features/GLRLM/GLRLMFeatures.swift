/// Grey level run length matrix features (PyRadiomics `glrlm`), averaged over directions.
enum GLRLMFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance", "HighGrayLevelRunEmphasis",
    "LongRunEmphasis", "LongRunHighGrayLevelEmphasis", "LongRunLowGrayLevelEmphasis", "LowGrayLevelRunEmphasis",
    "RunEntropy", "RunLengthNonUniformity", "RunLengthNonUniformityNormalized", "RunPercentage", "RunVariance",
    "ShortRunEmphasis", "ShortRunHighGrayLevelEmphasis", "ShortRunLowGrayLevelEmphasis",
  ]

  /// Values in the order of `names`, or nil for a matrix without a run.
  static func values(_ entries: [LevelSizeEntry]) -> [Double]? {
    let s = LevelSizeStatistics(entries)
    guard s.total > 0 else { return nil }
    return [
      s.greyLevelNonUniformity, s.greyLevelNonUniformityNormalized, s.greyLevelVariance, s.highGreyLevelEmphasis,
      s.largeEmphasis, s.largeHighEmphasis, s.largeLowEmphasis, s.lowGreyLevelEmphasis, s.entropy,
      s.sizeNonUniformity, s.sizeNonUniformityNormalized, s.total / s.voxels, s.sizeVariance, s.smallEmphasis,
      s.smallHighEmphasis, s.smallLowEmphasis,
    ]
  }

  /// The matrix of one direction as entries by grey level, each weighted by `weight`.
  static func entries(_ counts: DirectionCounts, greyLevels: [Int], weight: Double = 1) -> [LevelSizeEntry] {
    var entries: [LevelSizeEntry] = []
    for i in 0..<counts.levels {
      for length in 0..<counts.longestRun {
        let count = counts.runs[length * counts.levels + i]
        if count != 0 {
          entries.append(
            LevelSizeEntry(level: Double(greyLevels[i]), size: Double(length + 1), weight: Double(count) * weight))
        }
      }
    }
    return entries
  }
}
