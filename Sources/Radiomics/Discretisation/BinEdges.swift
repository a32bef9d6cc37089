internal import Glibc

/// Edges of the bins: level i (from 1) holds values in [edges[i-1], edges[i]).
///
/// Source: PyRadiomics `imageoperations.getBinEdges`, with numpy's `arange`, `histogram` and `linspace` arithmetic,
/// because a value on an edge must fall on the same side.
struct BinEdges: Sendable {
  let edges: [Double]

  /// - Parameters:
  ///   - single: whether the image is float32, in which case numpy keeps the edges of a bin count in float32.
  ///   - limit: the most bins that are allowed.
  /// - Returns: nil where more than `limit` bins, or bins wider than the largest number, would be needed.
  init?(_ binning: Binning, minimum: Double, maximum: Double, single: Bool, limit: Int) {
    switch binning {
    case .width(let width):
      let low = minimum - Self.floorModulo(minimum, width)
      let high = maximum + 2 * width
      let bins = ((high - low) / width).rounded(.up)
      guard bins.isFinite, bins <= Double(limit) else { return nil }
      // numpy's arange steps by the difference of its first two values, not by the given step.
      let step = (low + width) - low
      let edges = (0..<max(1, Int(bins))).map { low + Double($0) * step }
      self.edges = edges.count == 1 ? [edges[0] - 0.5, edges[0] + 0.5] : edges
    case .count(let bins):
      guard bins <= limit, (maximum - minimum).isFinite else { return nil }
      let low = minimum == maximum ? minimum - 0.5 : minimum
      let high = minimum == maximum ? maximum + 0.5 : maximum
      let step = (high - low) / Double(bins)
      var edges = (0...bins).map { Double($0) * step + low }
      edges[bins] = high
      if single { edges = edges.map { Double(Float($0)) } }
      edges[bins] = single ? Double(Float(edges[bins]) + 1) : edges[bins] + 1
      self.edges = edges
    }
  }

  /// Python's `%`: the remainder has the sign of the divisor.
  static func floorModulo(_ value: Double, _ divisor: Double) -> Double {
    let remainder = fmod(value, divisor)
    return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder
  }

  /// The level of a value, 1 or more.
  @inline(__always)
  static func level(of value: Double, in edges: UnsafeBufferPointer<Double>, low: Double, inverseWidth: Double) -> Int {
    // The division gives the bin or a neighbour of it; the edges themselves decide.
    // Where edges fell together (a width lost beside a large value) the quotient is not a number: the search decides.
    let quotient = (value - low) * inverseWidth
    var bin = quotient > 0 ? Int(min(quotient, Double(edges.count - 2))) : 0
    while bin > 0, value < edges[bin] { bin -= 1 }
    // Values beyond the last edge get a level of their own, as in numpy's digitize: the 1 that is added to a bin
    // count's last edge is lost beside a large value.
    while bin < edges.count - 1, value >= edges[bin + 1] { bin += 1 }
    return bin + 1
  }
}
