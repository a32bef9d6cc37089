internal import Glibc

/// The regularised incomplete beta function and its inverse: the distribution function of the beta distribution.
package enum Beta {
  /// I_x(a, b) for a, b > 0.
  package static func cdf(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    return lower(x, 1 - x, a, b)
  }

  /// 1 - I_x(a, b), without cancellation where it is small.
  package static func upper(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 1 }
    if x >= 1 { return 0 }
    return lower(1 - x, x, b, a)
  }

  /// x with I_x(a, b) = p, by bisection down to adjacent doubles.
  package static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    if p <= 0 { return 0 }
    if p >= 1 { return 1 }
    var (low, high) = (0.0, 1.0)
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if cdf(middle, a, b) < p { low = middle } else { high = middle }
      if high - low < 1e-17 * high { return low + (high - low) / 2 }
    }
  }

  /// The continued fraction DLMF 8.17.22 by Lentz' method, on the side where it converges quickly.
  static func lower(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(y))
    if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
    return 1 - front * fraction(y, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var h = d
    for i in 1..<10_000 {
      let m = Double(i)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      let step = d * c
      h *= step
      if abs(step - 1) < 1e-16 { break }
    }
    return h
  }
}
