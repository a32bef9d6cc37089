internal import Glibc
internal import Imaging

/// Cubic spline interpolation between voxels as `scipy.ndimage.map_coordinates(image, order=3)` computes it: mirrored
/// coefficients, 0 outside the image, and the result in the image's type.
struct SplineSampler: Sendable {
  private let coefficients: [Double]
  private let size: SIMD3<Int>
  private let pixelType: PixelType

  /// Bytes that the coefficients of a grid take.
  static func bytes(_ grid: Geometry) -> Int { grid.count * MemoryLayout<Double>.size }

  init(_ volume: Volume) {
    size = volume.geometry.size
    pixelType = volume.pixelType
    var values = volume.voxels.doubles
    let strides = SIMD3(1, size.x, size.x * size.y)
    values.withUnsafeMutableBufferPointer { values in
      for axis in [2, 1, 0] where volume.geometry.size[axis] > 1 {
        let others = [0, 1, 2].filter { $0 != axis }
        for v in 0..<volume.geometry.size[others[1]] {
          for u in 0..<volume.geometry.size[others[0]] {
            Self.prefilter(
              values.baseAddress! + (u * strides[others[0]] + v * strides[others[1]]),
              count: volume.geometry.size[axis], stride: strides[axis])
          }
        }
      }
    }
    coefficients = values
  }

  private static func prefilter(_ c: UnsafeMutablePointer<Double>, count n: Int, stride: Int) {
    // √3 - 2 correctly rounded, as scipy writes it: the difference of the rounded root is another number, and samples on
    // a voxel would miss its value by the last bit.
    let z = -0.2679491924311227
    let gain = (1 - z) * (1 - 1 / z)
    for i in 0..<n { c[i * stride] *= gain }
    let last = pow(z, Double(n - 1))
    var zi = z
    c[0] += last * c[(n - 1) * stride]
    for i in 1..<max(n - 1, 1) {
      c[0] += zi * (c[i * stride] + last * c[(n - 1 - i) * stride])
      zi *= z
    }
    c[0] /= 1 - last * last
    for i in 1..<n { c[i * stride] += z * c[(i - 1) * stride] }
    c[(n - 1) * stride] = (z * c[(n - 2) * stride] + c[(n - 1) * stride]) * z / (z * z - 1)
    for i in Swift.stride(from: n - 2, through: 0, by: -1) {
      c[i * stride] = z * (c[(i + 1) * stride] - c[i * stride])
    }
  }

  private struct Taps {
    var index = SIMD4<Int>()
    var weight = SIMD4<Double>()

    init(_ position: Double, _ length: Int) {
      let base = position.rounded(.down)
      let y = position - base
      let z = 1 - y
      weight[1] = (y * y * (y - 2) * 3 + 4) / 6
      weight[2] = (z * z * (z - 2) * 3 + 4) / 6
      weight[0] = z * z * z / 6
      weight[3] = 1 - weight[0] - weight[1] - weight[2]
      for k in 0..<4 {
        index[k] = Self.mirrored(Int(base) - 1 + k, length)
      }
    }

    /// An index beyond the borders, reflected at the middle of the border voxels as often as necessary.
    private static func mirrored(_ index: Int, _ length: Int) -> Int {
      if length == 1 { return 0 }
      let period = 2 * length - 2
      let i = abs(index) % period
      return i < length ? i : period - i
    }
  }

  /// The value at a continuous index (x, y, z).
  func value(at p: SIMD3<Double>) -> Double {
    for a in 0..<3 where !(p[a] >= 0 && p[a] <= Double(size[a] - 1)) { return 0 }
    let (x, y, z) = (Taps(p.x, size.x), Taps(p.y, size.y), Taps(p.z, size.z))
    var sum = 0.0
    coefficients.withUnsafeBufferPointer { c in
      for k in 0..<4 {
        for j in 0..<4 {
          let row = size.x * (y.index[j] + size.y * z.index[k])
          for i in 0..<4 { sum += c[row + x.index[i]] * z.weight[k] * y.weight[j] * x.weight[i] }
        }
      }
    }
    switch pixelType {
    case .float64: return sum
    case .float32: return Double(Float(sum))
    default:
      guard let range = pixelType.integerRange else { return sum }
      let rounded = (sum > 0 ? sum + 0.5 : sum - 0.5).rounded(.towardZero)
      return min(max(rounded, range.lowerBound), range.upperBound)
    }
  }
}
