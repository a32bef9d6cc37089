/// MT19937 with the draws of numpy's `RandomState`, so that fits here equal those of scikit-learn.
///
/// Matsumoto and Nishimura 1998; the derived draws are those of numpy's legacy generator.
package struct MersenneTwister: Sendable {
  private var state = [UInt32](repeating: 0, count: 624)
  private var position = 624

  /// `RandomState(seed)`.
  package init(seed: UInt32) {
    state[0] = seed
    for i in 1..<624 {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
  }

  /// 32 random bits.
  package mutating func next() -> UInt32 {
    if position == 624 { refill() }
    var y = state[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    return y ^ (y >> 18)
  }

  /// Within [0, 1), with 53 random bits: `random_sample()`.
  package mutating func unit() -> Double {
    let a = next() >> 5
    let b = next() >> 6
    return (Double(a) * 67_108_864 + Double(b)) / 9_007_199_254_740_992
  }

  /// `uniform(low, high, size)`.
  package mutating func uniform(_ low: Double, _ high: Double, count: Int) -> [Double] {
    (0..<count).map { _ in low + (high - low) * unit() }
  }

  /// A whole number from 0 to `largest`, both possible, by masked rejection.
  package mutating func integer(upTo largest: UInt32) -> UInt32 {
    guard largest > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(largest.leadingZeroBitCount)
    while true {
      let value = next() & mask
      if value <= largest { return value }
    }
  }

  /// `shuffle(list)`.
  package mutating func shuffle<Element>(_ list: inout [Element]) {
    for i in stride(from: list.count - 1, to: 0, by: -1) {
      list.swapAt(i, Int(integer(upTo: UInt32(i))))
    }
  }

  /// `permutation(count)`.
  package mutating func permutation(_ count: Int) -> [Int] {
    var out = Array(0..<count)
    shuffle(&out)
    return out
  }

  private mutating func refill() {
    state.withUnsafeMutableBufferPointer { m in
      for k in 0..<624 {
        let y = (m[k] & 0x8000_0000) | (m[(k + 1) % 624] & 0x7fff_ffff)
        m[k] = m[(k + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
      }
    }
    position = 0
  }
}
