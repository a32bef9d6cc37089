internal import Glibc

/// Windows that end the sinc kernel five voxels from its centre, as SimpleITK uses them
/// (`itk::Function::HammingWindowFunction` and its neighbours, radius 5).
enum SincWindow: Sendable {
  case hamming, cosine, welch, lanczos, blackman

  /// Voxels on each side.
  static let radius = 5

  private func factor(_ x: Double) -> Double {
    let radius = Double(Self.radius)
    switch self {
    case .hamming: return 0.54 + 0.46 * cos(x * (Double.pi / radius))
    case .cosine: return cos(x * (Double.pi / (2 * radius)))
    case .welch: return 1 - x * (1 / (radius * radius)) * x
    case .lanczos:
      if x == 0 { return 1 }
      let z = Double.pi / radius * x
      return sin(z) / z
    case .blackman: return 0.42 + 0.5 * cos(x * (Double.pi / radius)) + 0.08 * cos(x * (2 * Double.pi / radius))
    }
  }

  /// The ten weights at a position along one axis and the voxels they belong to, kept in the line.
  func taps(at position: Double, length: Int) -> InterpolationTaps {
    let base = position.rounded(.down)
    let distance = position - base
    var weights: [Double] = []
    if distance == 0 {
      return InterpolationTaps(first: Int(base), weights: [1], length: length)
    }
    var x = distance + Double(Self.radius)
    for _ in 0..<2 * Self.radius {
      x -= 1
      let px = Double.pi * x
      weights.append(factor(x) * (x == 0 ? 1 : sin(px) / px))
    }
    return InterpolationTaps(first: Int(base) - Self.radius + 1, weights: weights, length: length)
  }
}

/// Neighbouring voxels along one axis and their weights.
struct InterpolationTaps: Sendable {
  /// Voxels, the outermost one repeated beyond the border.
  let indices: [Int]
  let weights: [Double]

  init(first: Int, weights: [Double], length: Int) {
    indices = weights.indices.map { min(max(first + $0, 0), length - 1) }
    self.weights = weights
  }
}
