/// Pearson's chi-squared distribution.
package enum ChiSquared {
  /// P(X > x) with `df` degrees of freedom.
  package static func upper(_ x: Double, df: Double) -> Double { IncompleteGamma.upper(df / 2, x / 2) }
}

/// Student's t distribution.
package enum StudentT {
  /// P(|T| >= |t|).
  package static func twoSided(_ t: Double, df: Double) -> Double { Beta.cdf(df / (df + t * t), df / 2, 0.5) }

  /// P(T > t).
  package static func upper(_ t: Double, df: Double) -> Double {
    let tail = twoSided(t, df: df) / 2
    return t >= 0 ? tail : 1 - tail
  }

  /// t > 0 with P(|T| <= t) = level: the factor of a two-sided interval.
  package static func critical(level: Double, df: Double) -> Double {
    let x = Beta.quantile(1 - level, df / 2, 0.5)
    return (df * (1 - x) / x).squareRoot()
  }
}

/// Fisher's F distribution.
package enum FisherF {
  /// P(F > f).
  package static func upper(_ f: Double, _ df1: Double, _ df2: Double) -> Double {
    if f <= 0 { return 1 }
    return Beta.cdf(df2 / (df2 + df1 * f), df2 / 2, df1 / 2)
  }

  /// f with P(F <= f) = p; the degrees of freedom may be fractions.
  package static func quantile(_ p: Double, _ df1: Double, _ df2: Double) -> Double {
    // The smaller tail is inverted, where the numbers have more precision.
    if p > 0.5 {
      let x = Beta.quantile(1 - p, df2 / 2, df1 / 2)
      return df2 * (1 - x) / (df1 * x)
    }
    let x = Beta.quantile(p, df1 / 2, df2 / 2)
    return df2 * x / (df1 * (1 - x))
  }
}
