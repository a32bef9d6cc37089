/// A grey level co-occurrence matrix of one direction, or of all directions weighted; the weights are not normalised.
struct CooccurrenceMatrix: Sendable {
  /// `weights[i * count + j]` for level numbers i and j from 0.
  var weights: [Double]
  /// Number of grey levels that occur.
  let count: Int
  /// Sum of the weights.
  var total: Double

  /// The pairs of one direction; with `symmetrical` each pair counts both ways.
  init(_ counts: DirectionCounts, symmetrical: Bool) {
    count = counts.levels
    let n = count
    var sum: UInt64 = 0
    weights = [Double](unsafeUninitializedCapacity: n * n) { weights, initialized in
      counts.pairs.withUnsafeBufferPointer { pairs in
        for i in 0..<n {
          for j in 0..<n {
            let value = UInt64(pairs[i &* n &+ j]) &+ (symmetrical ? UInt64(pairs[j &* n &+ i]) : 0)
            sum &+= value
            weights[i &* n &+ j] = Double(value)
          }
        }
      }
      initialized = n * n
    }
    total = Double(sum)
  }

  /// Adds another direction's weights times a factor.
  mutating func add(_ other: CooccurrenceMatrix, factor: Double) {
    for k in weights.indices { weights[k] += other.weights[k] * factor }
    total += other.total * factor
  }

  mutating func scale(by factor: Double) {
    for k in weights.indices { weights[k] *= factor }
    total *= factor
  }
}
