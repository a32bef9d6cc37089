import Random
import Testing

/// Numbers that must never change, from the authors' programs and from numpy.
@Suite("Random sources")
struct RandomTests {
  /// splitmix64.c of Vigna, seed 1234567.
  @Test("SplitMix64 draws its author's numbers")
  func splitMix64DrawsReferenceNumbers() {
    var source = SplitMix64(seed: 1_234_567)
    let wanted: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
    ]
    for number in wanted { #expect(source.next() == number) }
  }

  /// numpy: `RandomState(0).random_sample(3)`, `RandomState(0).permutation(5)`.
  @Test("The Mersenne Twister draws NumPy's numbers")
  func mersenneTwisterDrawsNumPysNumbers() {
    var source = MersenneTwister(seed: 0)
    for number in [0.5488135039273248, 0.7151893663724195, 0.6027633760716439] { #expect(source.unit() == number) }
    var other = MersenneTwister(seed: 0)
    #expect(other.permutation(5) == [2, 0, 1, 3, 4])
  }

  @Test("Xoshiro256 repeats its numbers for a seed and stays within the bound")
  func xoshiroRepeatsAndStaysWithinBound() {
    var (first, second) = (Xoshiro256(seed: 7), Xoshiro256(seed: 7))
    for bound in [1, 2, 3, 1000, .max] {
      let drawn = first.next(below: bound)
      #expect(drawn == second.next(below: bound) && (0..<bound).contains(drawn))
    }
    var list = Array(0..<50)
    first.shuffle(&list)
    #expect(list.sorted() == Array(0..<50) && list != Array(0..<50))
  }
}
