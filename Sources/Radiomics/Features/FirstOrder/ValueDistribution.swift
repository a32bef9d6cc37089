/// The values of a region, ready for sums and percentiles: a histogram for an integer image, whose every sum is then over
/// some thousand values instead of every voxel; the values themselves otherwise.
struct ValueDistribution: Sendable {
  /// `values` ascending with `weights` voxels each where `sorted`; else one entry a voxel and no weights.
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

  /// Σ (v + shift)², Σ |v - mean|, Σ (v - mean)², Σ (v - mean)³, Σ (v - mean)⁴.
  func sums(mean: Double, shift: Double) -> (Double, Double, Double, Double, Double) {
    var energy = 0.0
    var deviation = 0.0
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    values.withUnsafeBufferPointer { values in
      if weights.isEmpty {
        // Four voxels at a time: the sums do not wait for one another.
        var lanes = (
          SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
        )
        var i = 0
        while i + 4 <= values.count {
          let value = SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3])
          let shifted = value + shift
          let d = value - mean
          let d2 = d * d
          lanes.0 += shifted * shifted
          lanes.1 += d.replacing(with: -d, where: d .< 0)
          lanes.2 += d2
          lanes.3 += d2 * d
          lanes.4 += d2 * d2
          i += 4
        }
        energy = lanes.0.sum()
        deviation = lanes.1.sum()
        second = lanes.2.sum()
        third = lanes.3.sum()
        fourth = lanes.4.sum()
        while i < values.count {
          let d = values[i] - mean
          energy += (values[i] + shift) * (values[i] + shift)
          deviation += abs(d)
          second += d * d
          third += d * d * d
          fourth += d * d * d * d
          i += 1
        }
      } else {
        for i in 0..<values.count {
          let weight = weights[i]
          let d = values[i] - mean
          energy += weight * (values[i] + shift) * (values[i] + shift)
          deviation += weight * abs(d)
          second += weight * d * d
          third += weight * d * d * d
          fourth += weight * d * d * d * d
        }
      }
    }
    return (energy, deviation, second, third, fourth)
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
    var n = 0.0
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      for i in 0..<values.count {
        let inside = values[i] >= low && values[i] <= high
        let weight = inside ? (weights.isEmpty ? 1 : weights[i]) : 0
        n += weight
        sum += weight * values[i]
      }
    }
    guard n > 0 else { return .nan }
    let mean = sum / n
    var deviation = 0.0
    values.withUnsafeBufferPointer { values in
      for i in 0..<values.count {
        let inside = values[i] >= low && values[i] <= high
        let weight = inside ? (weights.isEmpty ? 1 : weights[i]) : 0
        deviation += weight * abs(values[i] - mean)
      }
    }
    return deviation / n
  }

  /// The values with so many values before them in ascending order.
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
