/// The values of a region, ready for sums and percentiles: a histogram for an integer image, so that every sum runs
/// over some thousand values instead of every voxel; otherwise the values themselves.
struct ValueDistribution: Sendable {
  /// `values` ascending with `weights` voxels each where `sorted`; otherwise one entry per voxel and no weights.
  private let values: [Double]
  private let weights: [Double]
  private let order: OrderStatistics?
  let count: Int
  let minimum: Double
  let maximum: Double
  let mean: Double

  init(_ region: RegionValues) {
    switch region {
    case .integers(let integers):
      var low = Int32.max
      var high = Int32.min
      for value in integers {
        low = min(low, value)
        high = max(high, value)
      }
      if Int(high) - Int(low) < 1 << 20 {
        self.init(integers, from: low, through: high)
      } else {
        self.init(reals: integers.map(Double.init))
      }
    case .reals(let reals, _):
      self.init(reals: reals)
    }
  }

  private init(_ integers: [Int32], from low: Int32, through high: Int32) {
    var histogram = [Int32](repeating: 0, count: Int(high) - Int(low) + 1)
    histogram.withUnsafeMutableBufferPointer { histogram in
      for value in integers { histogram[Int(value &- low)] &+= 1 }
    }
    let used = histogram.indices.filter { histogram[$0] != 0 }
    let values = used.map { Double(Int(low) + $0) }
    let weights = used.map { Double(histogram[$0]) }
    var sum = 0.0
    for i in values.indices { sum += values[i] * weights[i] }
    self.values = values
    self.weights = weights
    order = nil
    count = integers.count
    minimum = Double(low)
    maximum = Double(high)
    mean = sum / Double(integers.count)
  }

  private init(reals: [Double]) {
    values = reals
    weights = []
    count = reals.count
    let order = OrderStatistics(reals)
    self.order = order
    minimum = order.minimum
    maximum = order.maximum
    mean = order.sum / Double(reals.count)
  }

  /// Sums of powers, around 0 and around the mean.
  func sums(mean: Double, shift: Double) -> MomentSums {
    values.withUnsafeBufferPointer { values in
      guard weights.isEmpty else {
        var sums = MomentSums()
        for i in 0..<values.count {
          let weight = weights[i]
          let d = values[i] - mean
          sums.energy += weight * (values[i] + shift) * (values[i] + shift)
          sums.deviation += weight * abs(d)
          sums.second += weight * d * d
          sums.third += weight * d * d * d
          sums.fourth += weight * d * d * d * d
        }
        return sums
      }
      guard let base = values.baseAddress else { return MomentSums() }
      return PairwiseSum.of(from: 0, count: values.count) { from, n in
        let x = base + from
        return MomentSums(
          energy: PairwiseSum.block(x, n) { ($0 + shift) * ($0 + shift) },
          deviation: PairwiseSum.block(x, n) {
            let d = $0 - mean
            return d.replacing(with: -d, where: d .< 0)
          },
          second: PairwiseSum.block(x, n) { ($0 - mean) * ($0 - mean) },
          third: PairwiseSum.block(x, n) { ($0 - mean) * ($0 - mean) * ($0 - mean) },
          fourth: PairwiseSum.block(x, n) {
            let square = ($0 - mean) * ($0 - mean)
            return square * square
          })
      }
    }
  }

  /// The middle value, or the mean of the two middle values.
  var median: Double {
    let found = ranked([(count - 1) / 2, count / 2])
    return found[0] == found[1] ? found[0] : (found[0] + found[1]) / 2
  }

  /// Percentiles with linear interpolation, in numpy's arithmetic.
  func percentiles(_ percents: [Double]) -> [Double] {
    let positions = percents.map { Double(count - 1) * ($0 / 100) }
    let below = positions.map { Int($0.rounded(.down)) }
    let found = ranked(below + below.map { min($0 + 1, count - 1) })
    return percents.indices.map { i in
      let fraction = positions[i] - Double(below[i])
      let (low, high) = (found[i], found[percents.count + i])
      // numpy interpolates from the nearer side.
      return fraction >= 0.5 ? high - (high - low) * (1 - fraction) : low + (high - low) * fraction
    }
  }

  /// Mean absolute deviation of the values in [low, high] from their own mean.
  func meanAbsoluteDeviation(from low: Double, through high: Double) -> Double {
    values.withUnsafeBufferPointer { values in
      var n = 0.0
      for i in values.indices where !(values[i] < low || values[i] > high) { n += weights.isEmpty ? 1 : weights[i] }
      guard n > 0, let base = values.baseAddress else { return .nan }
      let zero = PairwiseSum.Lanes.zero
      if weights.isEmpty {
        let sum = PairwiseSum.of(from: 0, count: values.count) { from, n in
          PairwiseSum.block(base + from, n) { zero.replacing(with: $0, where: ($0 .>= low) .& ($0 .<= high)) }
        }
        let mean = sum / n
        let deviation = PairwiseSum.of(from: 0, count: values.count) { from, n in
          PairwiseSum.block(base + from, n) {
            let d = $0 - mean
            let size = d.replacing(with: -d, where: d .< 0)
            return zero.replacing(with: size, where: ($0 .>= low) .& ($0 .<= high))
          }
        }
        return deviation / n
      }
      var sum = 0.0
      for i in values.indices where values[i] >= low && values[i] <= high { sum += weights[i] * values[i] }
      let mean = sum / n
      var deviation = 0.0
      for i in values.indices where values[i] >= low && values[i] <= high {
        deviation += weights[i] * abs(values[i] - mean)
      }
      return deviation / n
    }
  }

  /// The values of the given ranks in ascending order.
  private func ranked(_ ranks: [Int]) -> [Double] {
    if let order { return order.values(ranks, in: values) }
    return ranks.map { rank in
      var before = 0.0
      for i in values.indices {
        before += weights[i]
        if before > Double(rank) { return values[i] }
      }
      return maximum
    }
  }
}
