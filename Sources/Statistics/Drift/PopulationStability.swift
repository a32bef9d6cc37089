internal import Glibc

/// The population stability index: Σ (q - p) ln(q / p) over the shares p of a reference and q of new cases in bins.
///
/// A convention of credit scoring, not a test: below 0.1 is called stable, above 0.25 shifted. It grows by chance as
/// samples shrink: with B bins it is about (B - 1)(1/n + 1/m) between equal distributions.
package enum PopulationStability {
  /// - Parameters:
  ///   - edges: ascending inner edges; a value equal to an edge falls into the bin above it.
  ///   - floor: an empty bin counts as this share, because of the logarithm.
  /// - Throws: `NotEstimable` where a sample is empty or there is no edge.
  package static func index(
    reference: [Double], new: [Double], edges: [Double], floor: Double = 1e-4
  ) throws(NotEstimable) -> Double {
    guard !reference.isEmpty, !new.isEmpty else { throw NotEstimable("a sample is empty") }
    guard !edges.isEmpty else { throw NotEstimable("there is one bin only") }
    return index(shares(reference, edges), shares(new, edges), floor: floor)
  }

  /// From the shares of the bins.
  package static func index(_ reference: [Double], _ new: [Double], floor: Double = 1e-4) -> Double {
    zip(reference, new).reduce(0) { sum, pair in
      let (p, q) = (max(pair.0, floor), max(pair.1, floor))
      return sum + (q - p) * log(q / p)
    }
  }

  /// Share of the values in each of `edges.count + 1` bins.
  package static func shares(_ values: [Double], _ edges: [Double]) -> [Double] {
    var counts = [Int](repeating: 0, count: edges.count + 1)
    for value in values { counts[edges.firstIndex { value < $0 } ?? edges.count] += 1 }
    return counts.map { Double($0) / Double(values.count) }
  }

  /// Inner edges that divide a reference into this number of bins of about equal count; equal edges are merged.
  package static func edges(of reference: [Double], bins: Int = 10) -> [Double] {
    guard !reference.isEmpty, bins > 1 else { return [] }
    let sorted = reference.sorted()
    var edges: [Double] = []
    for i in 1..<bins {
      let edge = quantile(sorted: sorted, Double(i) / Double(bins))
      if edge > edges.last ?? -.infinity { edges.append(edge) }
    }
    return edges
  }
}
