internal import Random

/// The random numbers of a phantom.
typealias RandomSource = SplitMix64

extension SplitMix64 {
  /// A separate generator for one part of a whole, independent of those of other parts.
  init(seed: UInt64, part: UInt64) {
    var mixer = SplitMix64(seed: seed ^ (part &* 0xD134_2543_DE82_EF95 &+ 0x2545_F491_4F6C_DD1D))
    self.init(seed: mixer.next())
  }

  /// In [0, 1).
  mutating func uniform() -> Double { unit() }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// In 0 ..< count.
  mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

  /// Close to standard normal: the sum of twelve uniforms. No logarithms, so the same bits on every machine.
  mutating func normal() -> Double {
    var sum = 0.0
    for _ in 0..<3 {
      let bits = next()
      sum += Double(bits & 0xFFFF) + Double((bits >> 16) & 0xFFFF) + Double((bits >> 32) & 0xFFFF) + Double(bits >> 48)
    }
    return (sum - 12 * 32767.5) / 65536
  }

  /// Roughly normal (sum of four), for noise that is filtered afterwards: one draw per value.
  mutating func roughNormal() -> Float {
    let bits = next()
    let sum = Float(bits & 0xFFFF) + Float((bits >> 16) & 0xFFFF) + Float((bits >> 32) & 0xFFFF) + Float(bits >> 48)
    // Variance of the sum of four: 4 (65536^2) / 12.
    return (sum - 131070) / 37837.23
  }

  /// A shuffled copy (Fisher-Yates).
  mutating func shuffled<T>(_ items: [T]) -> [T] {
    var items = items
    for i in stride(from: items.count - 1, to: 0, by: -1) { items.swapAt(i, index(below: i + 1)) }
    return items
  }
}
