/// Finds the k-th smallest of many values without sorting them: they are counted in buckets of equal width first, and only
/// the bucket that holds the k-th is looked into.
struct OrderStatistics: Sendable {
  let minimum: Double
  let maximum: Double
  let sum: Double
  /// Values before bucket b.
  private let before: [Int]
  private let scale: Double

  private static let buckets = 8192

  init(_ values: [Double]) {
    var low = Double.infinity
    var high = -Double.infinity
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      var lows = SIMD4<Double>(repeating: .infinity)
      var highs = SIMD4<Double>(repeating: -.infinity)
      var sums = SIMD4<Double>.zero
      var i = 0
      while i + 4 <= values.count {
        let value = SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3])
        lows = lows.replacing(with: value, where: value .< lows)
        highs = highs.replacing(with: value, where: value .> highs)
        sums += value
        i += 4
      }
      low = lows.min()
      high = highs.max()
      sum = sums.sum()
      while i < values.count {
        low = min(low, values[i])
        high = max(high, values[i])
        sum += values[i]
        i += 1
      }
    }
    minimum = low
    maximum = high
    self.sum = sum
    let scale = high > low ? Double(Self.buckets) / (high - low) : 0
    self.scale = scale.isFinite ? scale : 0
    var counts = [Int](repeating: 0, count: Self.buckets + 1)
    let factor = self.scale
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values { counts[Self.bucket(value, low, factor) &+ 1] &+= 1 }
    }
    for b in 1...Self.buckets { counts[b] += counts[b - 1] }
    before = counts
  }

  /// The value with `rank` values before it in ascending order; `values` are those given at first.
  func value(_ rank: Int, in values: [Double]) -> Double {
    var low = 0
    var high = Self.buckets
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= rank { low = middle } else { high = middle }
    }
    var inside: [Double] = []
    inside.reserveCapacity(before[low + 1] - before[low])
    values.withUnsafeBufferPointer { values in
      for value in values where Self.bucket(value, minimum, scale) == low { inside.append(value) }
    }
    inside.sort()
    return inside[rank - before[low]]
  }

  /// Monotonic in the value, which is all that is asked of it.
  @inline(__always)
  private static func bucket(_ value: Double, _ low: Double, _ scale: Double) -> Int {
    min(Int((value - low) * scale), buckets - 1)
  }
}
