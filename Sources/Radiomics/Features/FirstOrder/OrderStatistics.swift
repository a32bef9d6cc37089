/// Finds the k-th smallest of many values without sorting them: values are first counted in buckets of equal width, and
/// only the buckets that hold a requested rank are searched.
struct OrderStatistics: Sendable {
  let minimum: Double
  let maximum: Double
  /// In numpy's order.
  let sum: Double
  /// Values before bucket b.
  private let before: [Int]
  private let scale: Double

  private static let buckets = 8192

  init(_ values: [Double]) {
    var low = Double.infinity
    var high = -Double.infinity
    values.withUnsafeBufferPointer { values in
      var lows = SIMD4<Double>(repeating: .infinity)
      var highs = SIMD4<Double>(repeating: -.infinity)
      var i = 0
      while i + 4 <= values.count {
        let value = SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3])
        lows = lows.replacing(with: value, where: value .< lows)
        highs = highs.replacing(with: value, where: value .> highs)
        i += 4
      }
      low = lows.min()
      high = highs.max()
      while i < values.count {
        low = min(low, values[i])
        high = max(high, values[i])
        i += 1
      }
    }
    minimum = low
    maximum = high
    sum = values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return 0 }
      return PairwiseSum.of(from: 0, count: values.count) { from, n in PairwiseSum.block(base + from, n) { $0 } }
    }
    let scale = high > low ? Double(Self.buckets) / (high - low) : 0
    // A width beyond the largest number leaves one bucket, as does a width too small to divide by.
    self.scale = scale.isFinite && (high - low).isFinite ? scale : 0
    var counts = [Int](repeating: 0, count: Self.buckets + 1)
    let factor = self.scale
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values { counts[Self.bucket(value, low, factor) &+ 1] &+= 1 }
    }
    for b in 1...Self.buckets { counts[b] += counts[b - 1] }
    before = counts
  }

  /// The values of the given ranks (number of smaller values in ascending order), in one pass over `values`, which must
  /// be the values given to the initialiser.
  func values(_ ranks: [Int], in values: [Double]) -> [Double] {
    let wanted = ranks.map(bucket(holding:))
    // The list of each searched bucket, by bucket; 0 means none.
    var list = [UInt8](repeating: 0, count: Self.buckets)
    var inside: [[Double]] = [[]]
    for bucket in wanted where list[bucket] == 0 {
      list[bucket] = UInt8(inside.count)
      inside.append([])
      inside[inside.count - 1].reserveCapacity(before[bucket + 1] - before[bucket])
    }
    values.withUnsafeBufferPointer { values in
      list.withUnsafeBufferPointer { list in
        for value in values {
          let number = list[Self.bucket(value, minimum, scale)]
          if number != 0 { inside[Int(number)].append(value) }
        }
      }
    }
    for i in inside.indices { inside[i].sort() }
    return zip(ranks, wanted).map { inside[Int(list[$1])][$0 - before[$1]] }
  }

  private func bucket(holding rank: Int) -> Int {
    var low = 0
    var high = Self.buckets
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= rank { low = middle } else { high = middle }
    }
    return low
  }

  /// Monotonic in the value; nothing else is required.
  @inline(__always)
  private static func bucket(_ value: Double, _ low: Double, _ scale: Double) -> Int {
    scale == 0 ? 0 : min(Int((value - low) * scale), buckets - 1)
  }
}
