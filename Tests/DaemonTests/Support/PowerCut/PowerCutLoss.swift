/// Losses of a power cut.
enum PowerCutLoss: Sendable, CustomStringConvertible {
  /// All unsynced changes: bytes, new names, renames, removals.
  case everything
  /// Names and renames survive; unsynced files are empty. ext4 is known for this.
  case contents
  /// Some of each, as a disk writes in any order: the seed selects which.
  case some(seed: UInt64)

  var description: String {
    switch self {
    case .everything: "everything"
    case .contents: "contents"
    case .some(let seed): "some \(seed)"
    }
  }

  /// One after the other.
  static func number(_ number: Int) -> PowerCutLoss {
    switch number % 4 {
    case 0: .everything
    case 1: .contents
    default: .some(seed: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1)
    }
  }
}

/// xorshift64*: the same losses in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
