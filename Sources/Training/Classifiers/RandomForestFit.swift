internal import Random

/// A forest of classification trees by Gini impurity (Breiman 2001). Inputs are rounded to single precision, as
/// scikit-learn rounds them, and a threshold lies half-way between two values. Every tree has a random generator of its
/// own, so the forest does not depend on the order in which trees are grown.
///
/// It does not equal scikit-learn's forest number by number: scikit-learn's draws change from version to version. A
/// single tree over all features is the same tree except for ties.
struct RandomForestFit: Sendable {
  /// Index of each tree's root.
  private(set) var roots: [Int] = []
  /// -1 in a leaf.
  private(set) var feature: [Int] = []
  private(set) var threshold: [Double] = []
  /// -1 in a leaf.
  private(set) var left: [Int] = []
  private(set) var right: [Int] = []
  /// Share of positive cases in a leaf; 0 in an inner node.
  private(set) var value: [Double] = []

  /// - Parameter x: rows x columns, columns fastest.
  init(_ x: [Double], labels: [Bool], columns: Int, settings: RandomForestSettings, seed: UInt32) {
    let rows = labels.count
    // By column: a split reads one column of many rows.
    var table = [Double](repeating: 0, count: x.count)
    for row in 0..<rows {
      for j in 0..<columns { table[j * rows + row] = Double(Float(x[row * columns + j])) }
    }
    var seeds = MersenneTwister(seed: seed)
    let subset =
      switch settings.featureSubset {
      case .all: columns
      case .squareRoot: max(1, Int(Double(columns).squareRoot()))
      case .count(let count): min(count, columns)
      }
    for _ in 0..<settings.trees {
      var random = MersenneTwister(seed: seeds.next())
      let sample =
        settings.bootstrap
        ? (0..<rows).map { _ in Int(random.integer(upTo: UInt32(rows - 1))) } : Array(0..<rows)
      roots.append(feature.count)
      var grower = TreeGrower(
        table: table, labels: labels, columns: columns, subset: subset, settings: settings, random: random)
      grower.grow(sample, depth: 0)
      append(grower)
    }
  }

  private mutating func append(_ tree: TreeGrower) {
    let start = feature.count
    feature += tree.feature
    threshold += tree.threshold
    left += tree.left.map { $0 < 0 ? -1 : $0 + start }
    right += tree.right.map { $0 < 0 ? -1 : $0 + start }
    value += tree.value
  }
}

/// One tree, depth first, the left child next to its parent.
private struct TreeGrower {
  let table: [Double]
  let labels: [Bool]
  let columns: Int
  let subset: Int
  let settings: RandomForestSettings
  var random: MersenneTwister

  var feature: [Int] = []
  var threshold: [Double] = []
  var left: [Int] = []
  var right: [Int] = []
  var value: [Double] = []

  init(
    table: [Double], labels: [Bool], columns: Int, subset: Int, settings: RandomForestSettings,
    random: MersenneTwister
  ) {
    self.table = table
    self.labels = labels
    self.columns = columns
    self.subset = subset
    self.settings = settings
    self.random = random
  }

  struct Cut {
    var feature: Int
    var threshold: Double
    var gain: Double
  }

  @discardableResult
  mutating func grow(_ rows: [Int], depth: Int) -> Int {
    let node = feature.count
    let positive = rows.count { labels[$0] }
    feature.append(-1)
    threshold.append(0)
    left.append(-1)
    right.append(-1)
    value.append(Double(positive) / Double(rows.count))
    let mayGrow =
      positive > 0 && positive < rows.count && rows.count >= 2 * settings.minSamplesLeaf
      && depth < settings.maxDepth ?? .max
    guard mayGrow, let cut = bestCut(rows) else { return node }
    let start = cut.feature * labels.count
    let below = rows.filter { table[start + $0] <= cut.threshold }
    let above = rows.filter { table[start + $0] > cut.threshold }
    feature[node] = cut.feature
    threshold[node] = cut.threshold
    value[node] = 0
    left[node] = grow(below, depth: depth + 1)
    right[node] = grow(above, depth: depth + 1)
    return node
  }

  /// Tries `subset` features that vary in the node, drawn without replacement; all of them in order where all are
  /// requested.
  private mutating func bestCut(_ rows: [Int]) -> Cut? {
    var candidates = Array(0..<columns)
    var best: Cut?
    var looked = 0
    for i in 0..<columns {
      if looked == subset { break }
      if subset < columns {
        candidates.swapAt(i, i + Int(random.integer(upTo: UInt32(columns - 1 - i))))
      }
      let cut = bestCut(rows, of: candidates[i])
      guard cut.varies else { continue }
      looked += 1
      if let found = cut.cut, found.gain > best?.gain ?? -.infinity { best = found }
    }
    return best
  }

  /// The threshold with the purest children: the largest Σ (p² + q²) / n of both.
  private func bestCut(_ rows: [Int], of column: Int) -> (varies: Bool, cut: Cut?) {
    let start = column * labels.count
    var cells = rows.map { (value: table[start + $0], positive: labels[$0]) }
    cells.sort { $0.value < $1.value }
    let n = cells.count
    // Values closer than this count as one, as in scikit-learn.
    let resolution = 1e-7
    guard cells[n - 1].value > cells[0].value + resolution else { return (false, nil) }
    let positive = Double(cells.count { $0.positive })
    var below = 0.0
    var best: Cut?
    for i in 1..<n {
      if cells[i - 1].positive { below += 1 }
      guard cells[i].value > cells[i - 1].value + resolution,
        i >= settings.minSamplesLeaf, n - i >= settings.minSamplesLeaf
      else { continue }
      let (nl, nr) = (Double(i), Double(n - i))
      let above = positive - below
      let gain =
        (below * below + (nl - below) * (nl - below)) / nl + (above * above + (nr - above) * (nr - above)) / nr
      if gain > best?.gain ?? -.infinity {
        var middle = cells[i - 1].value / 2 + cells[i].value / 2
        if middle == cells[i].value || !middle.isFinite { middle = cells[i - 1].value }
        best = Cut(feature: column, threshold: middle, gain: gain)
      }
    }
    return (true, best)
  }
}
