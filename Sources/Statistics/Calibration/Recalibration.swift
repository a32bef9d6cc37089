internal import Glibc

/// A logistic regression of the outcomes on logit(p) for probabilities p: calibration in the large and slope
/// (Cox 1958; Steyerberg). Newton's method, to machine precision.
package struct Recalibration: Sendable, Equatable {
  /// Intercept and slope of logit(y) = a + b·logit(p): 0 and 1 where calibrated; a slope below 1 means probabilities
  /// that are too extreme.
  package let intercept: Double
  package let slope: Double
  package let slopeError: Double

  /// Probabilities are kept this far from 0 and 1, where their logit is infinite.
  static let margin = 1e-9

  /// - Throws: `NotEstimable` for one class, equal probabilities, or where the probabilities separate the classes (the
  ///   slope is infinite).
  package init(labels: [Bool], probabilities: [Double]) throws(NotEstimable) {
    try Self.requireTwoClasses(labels)
    let x = probabilities.map(Self.logit)
    guard let low = x.min(), let high = x.max(), high > low else {
      throw NotEstimable("all probabilities are the same")
    }
    guard !Self.separates(labels, x) else { throw NotEstimable("the probabilities separate the classes") }
    var (a, b) = (0.0, 1.0)
    var last = Double.infinity
    for _ in 0..<200 {
      var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (label, x) in zip(labels, x) {
        let p = Self.logistic(a + b * x)
        let rest = (label ? 1 : 0) - p
        let weight = p * (1 - p)
        ga += rest
        gb += rest * x
        haa += weight
        hab += weight * x
        hbb += weight * x * x
      }
      let determinant = haa * hbb - hab * hab
      guard determinant > 0, determinant.isFinite else { throw NotEstimable("the regression does not converge") }
      var (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant)
      // Steps that lower the likelihood are halved.
      let now = Self.logLikelihood(labels, x, a, b)
      while Self.logLikelihood(labels, x, a + da, b + db) < now - 1e-12 * abs(now), abs(da) + abs(db) > 1e-14 {
        da /= 2
        db /= 2
      }
      a += da
      b += db
      let change = abs(da) + abs(db)
      if change <= 1e-14 * (abs(a) + abs(b) + 1) || (change < 1e-10 && change >= last) {
        (intercept, slope, slopeError) = (a, b, (haa / determinant).squareRoot())
        return
      }
      last = change
    }
    throw NotEstimable("the regression does not converge")
  }

  /// The intercept of logit(y) with logit(p) as an offset: above 0 where events were more frequent than predicted.
  ///
  /// - Throws: `NotEstimable` for one class.
  package static func inTheLarge(labels: [Bool], probabilities: [Double]) throws(NotEstimable) -> Double {
    try requireTwoClasses(labels)
    let x = probabilities.map(logit)
    let events = Double(labels.count { $0 })
    // Σ p(a) rises strictly with a: the root between bounds, by Newton, guarded by bisection.
    var (low, high, a) = (-60.0, 60.0, 0.0)
    for _ in 0..<300 {
      var (sum, slope) = (0.0, 0.0)
      for x in x {
        let p = logistic(a + x)
        sum += p
        slope += p * (1 - p)
      }
      if sum > events { high = a } else { low = a }
      var next = slope > 0 ? a + (events - sum) / slope : (low + high) / 2
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - a) <= 1e-15 * max(1, abs(a)) { return next }
      a = next
    }
    return a
  }

  /// Expected over observed events: above 1 where risks are too high.
  package static func expectedOverObserved(labels: [Bool], probabilities: [Double]) throws(NotEstimable) -> Double {
    let events = labels.count { $0 }
    guard events > 0 else { throw NotEstimable("no event was observed") }
    return probabilities.reduce(0, +) / Double(events)
  }

  static func logit(_ p: Double) -> Double {
    let kept = min(max(p, margin), 1 - margin)
    return log(kept) - log1p(-kept)
  }

  static func logistic(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  private static func logLikelihood(_ labels: [Bool], _ x: [Double], _ a: Double, _ b: Double) -> Double {
    zip(labels, x).reduce(0) { sum, pair in
      let t = (pair.0 ? 1 : -1) * (a + b * pair.1)
      return sum - (t > 0 ? log1p(exp(-t)) : -t + log1p(exp(t)))
    }
  }

  private static func requireTwoClasses(_ labels: [Bool]) throws(NotEstimable) {
    guard labels.contains(true), labels.contains(false) else { throw NotEstimable("there is one class only") }
  }

  /// Whether a threshold separates the classes except for ties at the threshold itself (the likelihood has no maximum
  /// then).
  private static func separates(_ labels: [Bool], _ x: [Double]) -> Bool {
    let positives = zip(labels, x).filter(\.0).map(\.1)
    let negatives = zip(labels, x).filter { !$0.0 }.map(\.1)
    return positives.min()! >= negatives.max()! || negatives.min()! >= positives.max()!
  }
}
