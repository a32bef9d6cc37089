internal import Glibc

/// The error function to seven digits, as ITK's Gaussian interpolation computes it (`vnl_erf`: the incomplete gamma
/// function by its series or its continued fraction, stopped at a relative change of 3e-7). An exact one gives other
/// images: where an integer image truncates fractions the last digits decide.
enum ErrorFunction {
  private static let tolerance = 3e-7
  private static let steps = 100

  static func value(_ x: Double) -> Double {
    let p = gammaP(x * x)
    return x < 0 ? -p : p
  }

  /// Normalised incomplete gamma function P(1/2, x).
  private static func gammaP(_ x: Double) -> Double {
    if x <= 0 { return 0 }
    let factor = exp(-x + 0.5 * log(x) - logGammaOfHalf)
    if x < 1.5 {
      var denominator = 0.5
      var term = 2.0
      var sum = term
      for _ in 0..<steps {
        denominator += 1
        term *= x / denominator
        sum += term
        if abs(term) < abs(sum) * tolerance { break }
      }
      return sum * factor
    }
    // Lentz's algorithm.
    let least = 1e-30
    var b = x + 1 - 0.5
    var c = 1 / least
    var d = 1 / b
    var fraction = d
    for i in 1...steps {
      let a = Double(i) * (0.5 - Double(i))
      b += 2
      d = a * d + b
      if abs(d) < least { d = least }
      c = b + a / c
      if abs(c) < least { c = least }
      d = 1 / d
      fraction *= d * c
      if abs(d * c - 1) < tolerance { break }
    }
    return 1 - factor * fraction
  }

  /// Logarithm of the gamma function at 1/2 by Lanczos' sum of six terms.
  private static let logGammaOfHalf: Double = {
    let x = 0.5
    var sum = 2.50662827563479526904
    sum += 225.525584619175212544 / x
    sum -= 268.295973841304927459 / (x + 1)
    sum += 80.9030806934622512966 / (x + 2)
    sum -= 5.00757863970517583837 / (x + 3)
    sum += 0.0114684895434781459556 / (x + 4)
    let shifted = x + 4.65
    return log(sum) + (x - 0.5) * log(shifted) - shifted
  }()
}
