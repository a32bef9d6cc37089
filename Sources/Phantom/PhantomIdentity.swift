internal import Random

/// UIDs and names of a synthetic study, from the seed alone.
struct PhantomIdentity {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  enum Part: UInt64 {
    case study = 101
    case series, frameOfReference, instance
  }

  /// A UID below 2.25, a number of 128 bits as ISO/IEC 9834-8 makes them from UUIDs.
  func uid(_ part: Part, _ index: Int = 0) -> String {
    var random = RandomSource(seed: seed, part: part.rawValue &+ UInt64(index) &* 1000)
    let high = random.next() | 1 << 63
    let low = random.next()
    return "2.25.\(UInt128(high) << 64 | UInt128(low))"
  }
}
