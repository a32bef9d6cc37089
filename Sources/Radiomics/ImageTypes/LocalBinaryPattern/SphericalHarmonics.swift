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

  /// Real part of the principal square root, never below 0.
  var rootReal: Double {
    let length = hypot(re, im)
    if length == 0 { return 0 }
    // Without cancellation on the side of the negative axis.
    return re >= 0 ? ((length + re) / 2).squareRoot() : abs(im) / (2 * (length - re)).squareRoot() * 2.0.squareRoot()
  }
}

/// Spherical harmonics as `scipy.special.sph_harm(m, n, azimuth, polar)` defines them, with the Condon-Shortley phase.
enum SphericalHarmonics {
  static func value(m: Int, n: Int, azimuth: Double, polar: Double) -> Complex {
    let order = abs(m)
    var factor = Double(2 * n + 1) / (4 * Double.pi)
    for k in stride(from: n - order + 1, through: n + order, by: 1) { factor /= Double(k) }
    let size = factor.squareRoot() * legendre(order: order, degree: n, cos(polar))
    let angle = Double(order) * azimuth
    if m >= 0 { return Complex(re: size * cos(angle), im: size * sin(angle)) }
    // Y(-m) is the conjugate of Y(m) with the sign of m's parity.
    let sign = order % 2 == 0 ? 1.0 : -1.0
    return Complex(re: sign * size * cos(angle), im: -sign * size * sin(angle))
  }

  /// Associated Legendre function of the first kind.
  private static func legendre(order m: Int, degree n: Int, _ x: Double) -> Double {
    var diagonal = 1.0
    let sine = max(0, (1 - x) * (1 + x)).squareRoot()
    for k in 0..<m { diagonal *= -Double(2 * k + 1) * sine }
    if n == m { return diagonal }
    var previous = diagonal
    var current = x * Double(2 * m + 1) * diagonal
    for k in stride(from: m + 2, through: n, by: 1) {
      (previous, current) =
        (current, (x * Double(2 * k - 1) * current - Double(k + m - 1) * previous) / Double(k - m))
    }
    return current
  }
}
