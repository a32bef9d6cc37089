/// Benjamini and Hochberg's adjusted p values (1995): rejecting all up to q keeps the expected share of false
/// discoveries at q. In the order of the input, as R's `p.adjust(method = "BH")`.
package func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
  let n = pValues.count
  let order = pValues.indices.sorted { pValues[$0] > pValues[$1] }
  var adjusted = [Double](repeating: 1, count: n)
  var least = 1.0
  for (place, index) in order.enumerated() {
    least = min(least, pValues[index] * Double(n) / Double(n - place))
    adjusted[index] = least
  }
  return adjusted
}
