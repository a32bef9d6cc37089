internal import Glibc
internal import Imaging

/// Rotation invariant local binary patterns in space (PyRadiomics `getLBP3DImage`; Banerjee et al., ACCV 2012 Workshops):
/// each voxel is compared with points of a sphere around it, and the signs are expanded in spherical harmonics.
struct SphericalPattern: Sendable {
  private let points: [SIMD3<Double>]
  private let levels: Int
  /// Harmonics of level n at point v: `harmonics[v * width + n * n ..< v * width + (n + 1) * (n + 1)]`.
  private let harmonics: [Complex]
  private let width: Int
  /// Whether no vertex lies above the sphere by rounding: otherwise its angle, and with it every level, is NaN.
  private let isDefined: Bool

  /// - Parameter radius: of the sphere, in voxels.
  init(levels: Int, radius: Double, subdivision: Int) {
    self.levels = levels
    let vertices = Icosphere.vertices(subdivisions: subdivision, radius: radius)
    // PyRadiomics adds the vertices' x, y, z to numpy's indices z, y, x.
    points = vertices.map { SIMD3($0.z, $0.y, $0.x) }
    width = levels * levels
    var harmonics: [Complex] = []
    for v in vertices {
      // The polar angle is passed where scipy expects the azimuth, as in PyRadiomics.
      let theta = acos(v.z / radius)
      let phi = atan2(v.y, v.x)
      for n in 0..<levels {
        for m in -n...n { harmonics.append(SphericalHarmonics.value(m: m, n: n, azimuth: theta, polar: phi)) }
      }
    }
    self.harmonics = harmonics
    isDefined = harmonics.allSatisfy { $0.re.isFinite && $0.im.isFinite }
  }

  /// One list of values for each level, then the kurtosis of the samples on the sphere.
  func values(_ volume: Volume, in region: Region) -> [[Double]] {
    let sampler = SplineSampler(volume)
    let isSingle = volume.pixelType == .float32
    var result = [[Double]](repeating: [], count: levels + 1)
    for i in result.indices { result[i].reserveCapacity(region.count) }
    var samples = [Double](repeating: 0, count: points.count)
    for run in region.rows {
      for x in run.x..<run.x + run.length {
        let voxel = region.box.lower &+ SIMD3(x, run.y, run.z)
        let centre = SIMD3(Double(voxel.x), Double(voxel.y), Double(voxel.z))
        for (v, point) in points.enumerated() { samples[v] = sampler.value(at: centre + point) }
        let grey = volume.voxels[volume.geometry.offset(voxel.x, voxel.y, voxel.z)]
        for (n, value) in norms(samples, grey).enumerated() { result[n].append(value) }
        result[levels].append(isSingle ? Kurtosis.value(samples.map { Float($0) }) : Kurtosis.value(samples))
      }
    }
    return result
  }

  /// Length of the expansion's part of each level over the sphere, in numpy's order.
  private func norms(_ samples: [Double], _ grey: Double) -> [Double] {
    var coefficients = [Complex](repeating: .zero, count: width)
    for (v, sample) in samples.enumerated() where sample >= grey {
      for k in 0..<width { coefficients[k] = coefficients[k] + harmonics[v * width + k] }
    }
    return (0..<levels).map { n in
      var total = Complex.zero
      for v in samples.indices {
        var sum = Complex.zero
        for k in n * n..<(n + 1) * (n + 1) {
          sum = sum + Complex.fusedProduct(coefficients[k], harmonics[v * width + k])
        }
        total = total + sum * sum
      }
      return isDefined ? total.rootReal : .nan
    }
  }
}
