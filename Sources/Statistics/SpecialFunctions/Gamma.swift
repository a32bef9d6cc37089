internal import Glibc

/// ln |Γ(x)|. (`lgamma_r`: the C library's `lgamma` keeps the sign in a global variable.)
package func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

/// ln n!
package func logFactorial(_ n: Int) -> Double { logGamma(Double(n) + 1) }

/// ln of the binomial coefficient.
package func logBinomial(_ n: Int, _ k: Int) -> Double {
  logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/// The regularised incomplete gamma functions of a > 0, x >= 0.
package enum IncompleteGamma {
  /// P(a, x), from 0 at x = 0 to 1.
  package static func lower(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x.isInfinite { return 1 }
    return x < a + 1 ? series(a, x) : 1 - fraction(a, x)
  }

  /// Q(a, x) = 1 - P(a, x), without cancellation in the far tail.
  package static func upper(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x.isInfinite { return 0 }
    return x < a + 1 ? 1 - series(a, x) : fraction(a, x)
  }

  private static func factor(_ a: Double, _ x: Double) -> Double { exp(a * log(x) - x - logGamma(a)) }

  /// DLMF 8.11.4.
  private static func series(_ a: Double, _ x: Double) -> Double {
    var term = 1 / a
    var sum = term
    var n = a
    for _ in 0..<10_000 {
      n += 1
      term *= x / n
      sum += term
      if term < sum * 1e-17 { break }
    }
    return sum * factor(a, x)
  }

  /// The continued fraction DLMF 8.9.2, by Lentz' method.
  private static func fraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var h = d
    for i in 1..<10_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = an * d + b
      if abs(d) < tiny { d = tiny }
      c = b + an / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let step = d * c
      h *= step
      if abs(step - 1) < 1e-16 { break }
    }
    return h * factor(a, x)
  }
}
