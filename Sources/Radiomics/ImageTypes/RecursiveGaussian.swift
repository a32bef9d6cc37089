import Glibc

/// Coefficients of Deriche's recursive approximation of a Gaussian or its second derivative, fourth order, with the
/// constants of Farnebäck and Westin 2006, table 3 (`itk::RecursiveGaussianImageFilter`).
struct RecursiveGaussian: Sendable {
  enum Order: Sendable {
    case smoothing
    /// Second derivative, multiplied by sigma squared so that responses of different sigmas are comparable
    /// (`NormalizeAcrossScale`).
    case secondDerivative
  }

  /// Causal weights of samples n, n-1, n-2, n-3.
  private(set) var n: SIMD4<Double>
  /// Weights of the four results before, of both directions.
  let d: SIMD4<Double>
  /// Anticausal weights of samples n+1 … n+4.
  let m: SIMD4<Double>
  /// Weights of the first sample, which is repeated infinitely, in place of results before the line.
  let causalBorder: SIMD4<Double>
  /// The same at the end of the line.
  let anticausalBorder: SIMD4<Double>

  /// - Parameters:
  ///   - sigma: in mm, positive.
  ///   - spacing: of the line's samples in mm, positive.
  init(_ order: Order, sigma: Double, spacing: Double) {
    let scaled = sigma / spacing
    let common = Common(scaled)
    let d = common.d
    let sd = 1.0 + d[0] + d[1] + d[2] + d[3]
    switch order {
    case .smoothing:
      var n = common.numerator(Self.zeroth)
      let sn = n[0] + n[1] + n[2] + n[3]
      let alpha = 2 * sn / sd - n[0]
      n *= 1.0 / alpha
      self.n = n
    case .secondDerivative:
      let dd = d[0] + 2 * d[1] + 3 * d[2] + 4 * d[3]
      let ed = d[0] + 4 * d[1] + 9 * d[2] + 16 * d[3]
      let n0 = common.numerator(Self.zeroth)
      let n2 = common.numerator(Self.second)
      let sums0 = Self.sums(n0)
      let sums2 = Self.sums(n2)
      let beta = -(2 * sums2[0] - sd * n2[0]) / (2 * sums0[0] - sd * n0[0])
      var n = n2 + beta * n0
      let sn = sums2[0] + beta * sums0[0]
      let dn = sums2[1] + beta * sums0[1]
      let en = sums2[2] + beta * sums0[2]
      var alpha = en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn
      alpha /= sd * sd * sd
      n *= sigma * sigma / alpha
      self.n = n
    }
    self.d = d
    m = SIMD4(n[1] - d[0] * n[0], n[2] - d[1] * n[0], n[3] - d[2] * n[0], -d[3] * n[0])
    let sn = n[0] + n[1] + n[2] + n[3]
    let sm = m[0] + m[1] + m[2] + m[3]
    causalBorder = SIMD4(d[0] * sn / sd, d[1] * sn / sd, d[2] * sn / sd, d[3] * sn / sd)
    anticausalBorder = SIMD4(d[0] * sm / sd, d[1] * sm / sd, d[2] * sm / sd, d[3] * sm / sd)
  }

  /// Amplitudes of the two damped cosines (a) and sines (b) that make up the kernel.
  private struct Series {
    let a1: Double
    let b1: Double
    let a2: Double
    let b2: Double
  }

  private static let zeroth = Series(a1: 1.3530, b1: 1.8151, a2: -0.3531, b2: 0.0902)
  private static let second = Series(a1: -1.3563, b1: 5.2318, a2: 0.3446, b2: -2.2355)

  private static func sums(_ n: SIMD4<Double>) -> SIMD3<Double> {
    SIMD3(n[0] + n[1] + n[2] + n[3], n[1] + 2 * n[2] + 3 * n[3], n[1] + 4 * n[2] + 9 * n[3])
  }

  /// Frequencies and dampings, the same for every derivative.
  private struct Common {
    let sin1: Double
    let sin2: Double
    let cos1: Double
    let cos2: Double
    let exp1: Double
    let exp2: Double

    init(_ sigma: Double) {
      sin1 = sin(0.6681 / sigma)
      sin2 = sin(2.0787 / sigma)
      cos1 = cos(0.6681 / sigma)
      cos2 = cos(2.0787 / sigma)
      exp1 = exp(-1.3932 / sigma)
      exp2 = exp(-1.3732 / sigma)
    }

    var d: SIMD4<Double> {
      let d4 = exp1 * exp1 * exp2 * exp2
      var d3 = -2 * cos1 * exp1 * exp2 * exp2
      d3 += -2 * cos2 * exp2 * exp1 * exp1
      var d2 = 4 * cos2 * cos1 * exp1 * exp2
      d2 += exp1 * exp1 + exp2 * exp2
      let d1 = -2 * (exp2 * cos2 + exp1 * cos1)
      return SIMD4(d1, d2, d3, d4)
    }

    func numerator(_ s: Series) -> SIMD4<Double> {
      let n0 = s.a1 + s.a2
      var n1 = exp2 * (s.b2 * sin2 - (s.a2 + 2 * s.a1) * cos2)
      n1 += exp1 * (s.b1 * sin1 - (s.a1 + 2 * s.a2) * cos1)
      var n2 = (s.a1 + s.a2) * cos2 * cos1
      n2 -= s.b1 * cos2 * sin1 + s.b2 * cos1 * sin2
      n2 *= 2 * exp1 * exp2
      n2 += s.a2 * exp1 * exp1 + s.a1 * exp2 * exp2
      var n3 = exp2 * exp1 * exp1 * (s.b2 * sin2 - s.a2 * cos2)
      n3 += exp1 * exp2 * exp2 * (s.b1 * sin1 - s.a1 * cos1)
      return SIMD4(n0, n1, n2, n3)
    }
  }
}
