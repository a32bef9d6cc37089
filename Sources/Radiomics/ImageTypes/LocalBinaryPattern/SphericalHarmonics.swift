internal import Glibc

/// A complex number.
struct Complex: Sendable {
  var re: Double
  var im: Double

  static let zero = Complex(re: 0, im: 0)

  static func + (a: Complex, b: Complex) -> Complex { Complex(re: a.re + b.re, im: a.im + b.im) }
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }

  /// a · b with each part's last product and sum rounded once, as NumPy multiplies arrays where the processor supports
  /// it.
  static func fusedProduct(_ a: Complex, _ b: Complex) -> Complex {
    Complex(
      re: (-(a.im * b.im)).addingProduct(a.re, b.re), im: (a.im * b.re).addingProduct(a.re, b.im))
  }

  /// Real part of the principal square root, never below 0.
  var rootReal: Double {
    let length = hypot(re, im)
    if length == 0 { return 0 }
    // Avoids cancellation on the side of the negative axis.
    return re >= 0 ? ((length + re) * 0.5).squareRoot() : abs(im) / (2 * ((length - re) * 0.5).squareRoot())
  }
}

/// Spherical harmonics as `scipy.special.sph_harm(m, n, azimuth, polar)` defines them, with the Condon-Shortley phase, in
/// scipy's order of operations: patterns that differ only by a rotation have levels that are equal except for these
/// bits.
enum SphericalHarmonics {
  static func value(m: Int, n: Int, azimuth: Double, polar: Double) -> Complex {
    let order = abs(m)
    var size = legendre(order: order, degree: n, cos(polar))
    if m < 0 { size *= (order % 2 == 0 ? 1 : -1) * factorialRatio(n + order, n - order) }
    size *= (Double(2 * n + 1) * factorialRatio(n + m, n - m) / (4 * Double.pi)).squareRoot()
    let angle = Double(m) * azimuth
    return Complex(re: size * cos(angle), im: size * sin(angle))
  }

  /// b! / a!, one factor after the other.
  private static func factorialRatio(_ a: Int, _ b: Int) -> Double {
    var ratio = 1.0
    if a >= b {
      for factor in b..<a { ratio /= Double(factor + 1) }
    } else {
      for factor in stride(from: b, to: a, by: -1) { ratio *= Double(factor) }
    }
    return ratio
  }

  /// Associated Legendre function of the first kind (Zhang & Jin 1996): by its series up to degree 2, by recurrence in the
  /// degree above.
  private static func legendre(order m: Int, degree n: Int, _ x: Double) -> Double {
    if n <= 2 || n == m { return legendreSeries(order: m, degree: n, x) }
    var previous = legendreSeries(order: m, degree: m, x)
    var current = legendreSeries(order: m, degree: m + 1, x)
    for k in stride(from: m + 2, through: n, by: 1) {
      (previous, current) =
        (current, (Double(2 * k - 1) * x * current - Double(k - 1 + m) * previous) / Double(k - m))
    }
    return current
  }

  /// The finite hypergeometric series in 1 + x.
  private static func legendreSeries(order m: Int, degree n: Int, _ x: Double) -> Double {
    var factor = 1.0
    if m > 0 {
      var integers = Double(n * (n + m))
      for j in 1..<m { integers *= Double(n * n - j * j) }
      let sine = (1 - x * x).squareRoot()
      var power = 1.0
      for j in 1...m { power = 0.5 * power * sine / Double(j) }
      factor = power * integers
    }
    var sum = 1.0
    var term = 1.0
    for k in stride(from: 1, through: n - m, by: 1) {
      term = 0.5 * term * Double(m - n + k - 1) * Double(n + m + k) / Double(k * (k + m)) * (1 + x)
      sum += term
    }
    return (n % 2 == 0 ? 1 : -1) * factor * sum
  }
}
