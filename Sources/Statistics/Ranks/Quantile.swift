/// The quantile of type 7 (Hyndman and Fan 1996), the default of R and numpy.
///
/// - Parameters:
///   - values: in any order, not empty, finite.
///   - p: 0...1.
package func quantile(_ values: [Double], _ p: Double) -> Double { quantile(sorted: values.sorted(), p) }

/// The quantile of type 7 of ascending values.
package func quantile(sorted: [Double], _ p: Double) -> Double {
  precondition(!sorted.isEmpty, "a quantile needs a value")
  let place = min(max(p, 0), 1) * Double(sorted.count - 1)
  let below = Int(place)
  guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
  let share = place - Double(below)
  return share == 0 ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below])
}

/// Mean and standard deviation (n - 1); the deviation is nil below two values.
package func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double?) {
  guard !values.isEmpty else { return (.nan, nil) }
  let mean = values.reduce(0, +) / Double(values.count)
  guard values.count > 1 else { return (mean, nil) }
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / Double(values.count - 1)).squareRoot())
}
