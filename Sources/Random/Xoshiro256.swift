/// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64: resampling of a seed gives the same bits on every machine.
package struct Xoshiro256: Sendable {
  @usableFromInline var s: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var seeds = SplitMix64(seed: seed)
    s = (seeds.next(), seeds.next(), seeds.next(), seeds.next())
  }

  /// 64 random bits.
  @inlinable package mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(s.1 &* 5, 7) &* 9
    let t = s.1 << 17
    s.2 ^= s.0
    s.3 ^= s.1
    s.1 ^= s.2
    s.0 ^= s.3
    s.2 ^= t
    s.3 = rotated(s.3, 45)
    return result
  }

  /// Uniform on 0..<bound, without bias (Lemire's method).
  @inlinable package mutating func next(below bound: Int) -> Int {
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Fisher and Yates.
  @inlinable package mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for i in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(i, next(below: i + 1)) }
  }
}
