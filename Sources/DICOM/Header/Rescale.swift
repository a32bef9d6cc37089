/// The modality rescale of one slice: HU = slope x stored value + intercept, (0028,1053) and (0028,1052).
struct Rescale: Sendable, Equatable {
  var slope: Double
  var intercept: Double

  /// Whether slope and intercept are integers that keep every product of a 32-bit value exact in 64 bits.
  var isIntegral: Bool {
    slope.rounded() == slope && intercept.rounded() == intercept && abs(slope) <= 65536 && abs(intercept) <= 1e9
  }
}
