/// How far probabilities lie from a smooth calibration curve, over the cases (Austin and Steyerberg 2019).
///
/// The curve is R's `loess(y ~ p)` with its defaults: at each probability a quadratic, fitted by least squares to the
/// nearest 75 % of the cases with tricube weights; evaluated directly, without interpolation.
package struct IntegratedCalibrationIndex: Sendable, Equatable {
  /// Mean, median, 90 % quantile and maximum of |curve - probability|.
  package let ici: Double
  package let e50: Double
  package let e90: Double
  package let eMax: Double
  /// The curve at each case's probability, in the order of the cases.
  package let curve: [Double]

  /// Below this number of cases a smooth curve shows mostly chance.
  package static let fewest = 100
  static let span = 0.75

  /// - Throws: `NotEstimable` below 100 cases, for one class, and for equal probabilities.
  package init(labels: [Bool], probabilities: [Double]) throws(NotEstimable) {
    precondition(labels.count == probabilities.count, "one probability a label")
    guard labels.count >= Self.fewest else {
      throw NotEstimable("\(labels.count) cases are fewer than \(Self.fewest), too few for a smooth calibration curve")
    }
    guard labels.contains(true), labels.contains(false) else { throw NotEstimable("there is one class only") }
    guard let first = probabilities.first, probabilities.contains(where: { $0 != first }) else {
      throw NotEstimable("all probabilities are the same")
    }
    let outcomes = labels.map { $0 ? 1.0 : 0 }
    var known: [Double: Double] = [:]
    curve = probabilities.map { x in
      if let value = known[x] { return value }
      let value = Self.local(x, probabilities, outcomes)
      known[x] = value
      return value
    }
    let errors = zip(curve, probabilities).map { abs($0 - $1) }
    ici = errors.reduce(0, +) / Double(errors.count)
    (e50, e90, eMax) = (quantile(errors, 0.5), quantile(errors, 0.9), errors.max()!)
  }

  /// The local quadratic at `x`, of a lower degree where the neighbours have too few different probabilities.
  private static func local(_ x: Double, _ xs: [Double], _ ys: [Double]) -> Double {
    let distances = xs.map { abs($0 - x) }
    let nearest = min(xs.count, Int(Double(xs.count) * span + 1e-5))
    let width = distances.sorted()[nearest - 1]
    guard width > 0 else {
      let same = xs.indices.filter { distances[$0] == 0 }
      return same.reduce(0) { $0 + ys[$1] } / Double(same.count)
    }
    // Moments of u = (x' - x) / width, and of u and y.
    var m = [Double](repeating: 0, count: 5)
    var t = [Double](repeating: 0, count: 3)
    for i in xs.indices where distances[i] < width {
      let u = (xs[i] - x) / width
      let r = abs(u)
      let c = 1 - r * r * r
      let w = c * c * c
      var power = w
      for k in 0..<5 {
        m[k] += power
        if k < 3 { t[k] += power * ys[i] }
        power *= u
      }
    }
    return intercept(m, t)
  }

  /// The first coefficient of the weighted polynomial: Cholesky's factors of the normal equations, one column at a
  /// time.
  private static func intercept(_ m: [Double], _ t: [Double]) -> Double {
    var l = [[Double]](repeating: [0, 0, 0], count: 3)
    var z = [0.0, 0, 0]
    var degree = 0
    for i in 0..<3 {
      for j in 0..<i { l[i][j] = (m[i + j] - (0..<j).reduce(0) { $0 + l[i][$1] * l[j][$1] }) / l[j][j] }
      let pivot = m[2 * i] - (0..<i).reduce(0) { $0 + l[i][$1] * l[i][$1] }
      guard pivot > 1e-12 * m[2 * i], pivot > 0 else { break }
      l[i][i] = pivot.squareRoot()
      z[i] = (t[i] - (0..<i).reduce(0) { $0 + l[i][$1] * z[$1] }) / l[i][i]
      degree = i
    }
    var b = [0.0, 0, 0]
    for i in (0...degree).reversed() {
      b[i] = (z[i] - ((i + 1)..<(max(i, degree) + 1)).reduce(0) { $0 + l[$1][i] * b[$1] }) / l[i][i]
    }
    return b[0]
  }
}
