/// Ranks from 1; equal values share the mean of their ranks (R's `rank`, scipy's `rankdata`).
package func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var last = first
    while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
    let shared = Double(first + last) / 2 + 1
    for i in first...last { ranks[order[i]] = shared }
    first = last + 1
  }
  return ranks
}

/// Sizes of the groups of equal values that have more than one member.
func tieSizes(_ values: [Double]) -> [Int] {
  var sizes: [Int] = []
  var run = 1
  let sorted = values.sorted()
  for i in sorted.indices.dropFirst() {
    if sorted[i] == sorted[i - 1] {
      run += 1
    } else {
      if run > 1 { sizes.append(run) }
      run = 1
    }
  }
  if run > 1 { sizes.append(run) }
  return sizes
}
