import Glibc

/// The two analysis filters of a discrete wavelet, in PyWavelets' order (`dec_lo`, `dec_hi`).
package struct Wavelet: Sendable, Equatable {
  /// PyWavelets' name, for example `coif1`.
  package let name: String
  /// Approximation (L) filter; an even number of taps.
  package let low: [Double]
  /// Detail (H) filter, as long as `low`.
  package let high: [Double]
  /// The filters in single precision, with which PyWavelets transforms float32 images.
  let lowSingle: [Float]
  let highSingle: [Float]

  /// PyRadiomics' default.
  package static let coif1 = Wavelet(
    orthogonal: "coif1",
    [
      -0.011070271529231544, -0.05142972847076845, 0.2721405430584631, 0.6028594569415369, 0.23892972847076846,
      -0.05142972847076845,
    ])

  /// Every wavelet that `init(named:)` knows, sorted as in the table.
  package static let names: [String] =
    ["haar"]
    + WaveletTable.text.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != " " }) }

  /// The wavelet with PyWavelets' name: `haar`, `db1`...`db38`, `sym2`...`sym20`, `coif1`...`coif17`, `bior1.1`...,
  /// `rbio1.1`... or `dmey`; nil for any other name.
  package init?(named name: String) {
    if name == Self.coif1.name {
      self = Self.coif1
      return
    }
    let own = name == "haar" ? "db1" : name
    // The detail filter is the reversed approximation filter, with alternating signs, of the wavelet itself or, where it is
    // biorthogonal, of its reverse.
    let partner =
      own.hasPrefix("bior") ? "rbio" + own.dropFirst(4) : own.hasPrefix("rbio") ? "bior" + own.dropFirst(4) : own
    guard let low = Self.taps(of: own), let reversed = own == partner ? low : Self.taps(of: partner) else { return nil }
    self.init(name, low, detailFrom: reversed)
  }

  init(orthogonal name: String, _ low: [Double]) { self.init(name, low, detailFrom: low) }

  private init(_ name: String, _ low: [Double], detailFrom partner: [Double]) {
    // The table holds coiflets as PyWavelets' own table does, to be multiplied in the precision of the transform.
    let scaled = name.hasPrefix("coif")
    let factor = scaled ? 2.0.squareRoot() : 1
    let single: Float = scaled ? Float(2).squareRoot() : 1
    self.name = name
    self.low = low.map { $0 * factor }
    lowSingle = low.map { Float($0) * single }
    let high = partner.indices.map { k in
      k % 2 == 0 ? -partner[partner.count - 1 - k] : partner[partner.count - 1 - k]
    }
    self.high = high.map { $0 * factor }
    highSingle = high.map { Float($0) * single }
  }

  private static func taps(of name: String) -> [Double]? {
    var taps: [Double]?
    for line in WaveletTable.text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix(" ") {
        taps?.append(contentsOf: words.compactMap { Double($0) })
      } else if taps != nil {
        break
      } else if words[0] == name {
        taps = words.dropFirst().compactMap { Double($0) }
      }
    }
    return taps
  }
}
