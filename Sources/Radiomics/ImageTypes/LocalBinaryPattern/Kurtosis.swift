/// Fisher's kurtosis with biased moments (`scipy.stats.kurtosis`), in the samples' own precision and numpy's order of sums:
/// for nearly equal samples the result is mostly rounding.
enum Kurtosis {
  /// NaN where the samples are equal within rounding.
  static func value<Sample: BinaryFloatingPoint>(_ samples: [Sample]) -> Double {
    let n = Sample(samples.count)
    let mean = PairwiseSum.of(samples) / n
    let squares = samples.map { ($0 - mean) * ($0 - mean) }
    let second = PairwiseSum.of(squares) / n
    let fourth = PairwiseSum.of(squares.map { $0 * $0 }) / n
    let smallest = Sample.ulpOfOne * mean
    return second <= smallest * smallest ? .nan : Double(fourth / (second * second) - 3)
  }
}
