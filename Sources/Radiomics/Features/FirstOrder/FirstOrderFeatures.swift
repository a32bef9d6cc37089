internal import Glibc

/// First-order statistics (PyRadiomics `firstorder`) of the values inside the region.
enum FirstOrderFeatures {
  /// In PyRadiomics' order. StandardDeviation is computed only on request.
  static let names = [
    "10Percentile", "90Percentile", "Energy", "Entropy", "InterquartileRange", "Kurtosis", "Maximum",
    "MeanAbsoluteDeviation", "Mean", "Median", "Minimum", "Range", "RobustMeanAbsoluteDeviation", "RootMeanSquared",
    "Skewness", "TotalEnergy", "Uniformity", "Variance",
  ]
  static let namesByRequest = ["StandardDeviation"]

  /// Values in the order of `names` and `namesByRequest`.
  /// - Parameters:
  ///   - counts: voxels by grey level, for entropy and uniformity.
  ///   - shift: PyRadiomics' `voxelArrayShift`, added to every value before it is squared.
  ///   - voxelVolume: mm³.
  static func values(
    _ values: RegionValues, counts: [Int], shift: Double, voxelVolume: Double
  ) -> [Double] {
    let distribution = ValueDistribution(values)
    let n = Double(distribution.count)
    let mean = distribution.mean
    let sums = distribution.sums(mean: mean, shift: shift)
    let percentiles = distribution.percentiles([10, 25, 75, 90])
    let (p10, p90) = (percentiles[0], percentiles[3])
    let variance = sums.second / n
    let m2 = variance == 0 ? 1 : variance
    let standardDeviation = variance.squareRoot()

    var sumXLog2X = 0.0
    var squares = 0.0
    XLog2X.table.withUnsafeBufferPointer { table in
      for count in counts where count != 0 {
        sumXLog2X += XLog2X.value(Double(count), table)
        squares += Double(count) * Double(count)
      }
    }
    let entropy = XLog2X.entropy(sumXLog2X: sumXLog2X, total: n, nonZero: counts.count(where: { $0 != 0 }))

    return [
      p10, p90, sums.energy, entropy, percentiles[2] - percentiles[1], (sums.fourth / n) / (m2 * m2),
      distribution.maximum, sums.deviation / n, mean, distribution.median, distribution.minimum,
      distribution.maximum - distribution.minimum, distribution.meanAbsoluteDeviation(from: p10, through: p90),
      (sums.energy / n).squareRoot(), (sums.third / n) / pow(m2, 1.5), sums.energy * voxelVolume, squares / (n * n),
      standardDeviation * standardDeviation, standardDeviation,
    ]
  }
}
