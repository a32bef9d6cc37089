/// Sums in numpy's order: eight sums side by side, in halves above 128 numbers. In a region of nearly equal numbers the
/// last bit of the mean decides skewness and kurtosis.
enum PairwiseSum {
  typealias Lanes = SIMD8<Double>

  /// - Parameter block: the sums of up to 128 numbers, from a given index on.
  static func of<Sums: AdditiveArithmetic>(
    from: Int, count: Int, block: (_ from: Int, _ count: Int) -> Sums
  ) -> Sums {
    if count <= 128 { return block(from, count) }
    let half = count / 2 - (count / 2) % 8
    return of(from: from, count: half, block: block) + of(from: from + half, count: count - half, block: block)
  }

  /// Σ v in the numbers' own precision.
  static func of<Number: BinaryFloatingPoint>(_ values: [Number]) -> Number {
    of(from: 0, count: values.count) { from, count in
      let whole = count - count % 8
      var sum: Number = 0
      if whole > 0 {
        var lanes = Array(values[from..<from + 8])
        for i in 8..<max(whole, 8) { lanes[i % 8] += values[from + i] }
        sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
      }
      return values[from + whole..<from + count].reduce(sum, +)
    }
  }

  /// Σ term(v) of up to 128 numbers.
  @inline(__always)
  static func block(_ x: UnsafePointer<Double>, _ count: Int, _ term: (Lanes) -> Lanes) -> Double {
    let whole = count - count % 8
    var sum = 0.0
    if whole > 0 {
      var lanes = term(load(x))
      var i = 8
      while i < whole {
        lanes += term(load(x + i))
        i += 8
      }
      sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    }
    for i in whole..<count { sum += term(Lanes(repeating: x[i]))[0] }
    return sum
  }

  @inline(__always)
  private static func load(_ x: UnsafePointer<Double>) -> Lanes {
    Lanes(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])
  }
}

/// Σ (v + shift)², Σ |v - mean|, Σ (v - mean)², Σ (v - mean)³, Σ (v - mean)⁴.
struct MomentSums: AdditiveArithmetic, Sendable {
  var energy = 0.0
  var deviation = 0.0
  var second = 0.0
  var third = 0.0
  var fourth = 0.0

  static let zero = MomentSums()

  static func + (a: MomentSums, b: MomentSums) -> MomentSums {
    MomentSums(
      energy: a.energy + b.energy, deviation: a.deviation + b.deviation, second: a.second + b.second,
      third: a.third + b.third, fourth: a.fourth + b.fourth)
  }

  static func - (a: MomentSums, b: MomentSums) -> MomentSums {
    MomentSums(
      energy: a.energy - b.energy, deviation: a.deviation - b.deviation, second: a.second - b.second,
      third: a.third - b.third, fourth: a.fourth - b.fourth)
  }
}
