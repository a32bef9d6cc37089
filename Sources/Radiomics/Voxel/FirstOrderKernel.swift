internal import Glibc

/// First-order features of kernels, in numpy's order of sums: for a flat kernel of real numbers skewness and kurtosis
/// depend on the last bit of the mean.
final class FirstOrderKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  /// The image in the padded grid, NaN where no kernel reads it.
  private let image: [Double]
  /// Offsets of a kernel's voxels as PyRadiomics lists them: descending, the centre last.
  private let offsets: [Int]
  private let shift: Double
  private let voxelVolume: Double
  private let logarithms: LogarithmTable
  private let values: KernelScratch<Double>
  private let terms: KernelScratch<Double>
  private let sorted: KernelScratch<Double>
  private let counts: KernelScratch<Double>

  /// - Parameters:
  ///   - extent: voxels along x, y, z that kernels read; every offset is shorter.
  ///   - shift: `voxelArrayShift`.
  ///   - voxelVolume: mm³.
  init(
    _ grid: KernelGrid, image: [Double], extent: SIMD3<Int>, shift: Double, voxelVolume: Double,
    logarithms: LogarithmTable
  ) {
    self.grid = grid
    self.image = image
    self.shift = shift
    self.voxelVolume = voxelVolume
    self.logarithms = logarithms
    window = KernelWindow(grid, guardWidth: 1)
    var offsets: [Int] = []
    let reach = grid.reach
    for z in stride(from: reach.z, through: -reach.z, by: -1) where abs(z) < extent.z {
      for y in stride(from: reach.y, through: -reach.y, by: -1) where abs(y) < extent.y {
        for x in stride(from: reach.x, through: -reach.x, by: -1) where abs(x) < extent.x {
          if x != 0 || y != 0 || z != 0 { offsets.append(x + grid.size.x * (y + grid.size.y * z)) }
        }
      }
    }
    self.offsets = offsets + [0]
    values = KernelScratch(count: self.offsets.count, 0)
    terms = KernelScratch(count: self.offsets.count, 0)
    sorted = KernelScratch(count: self.offsets.count, 0)
    counts = KernelScratch(count: grid.kernelCount, 0)
  }

  func compute(_ place: Int, into out: UnsafeMutablePointer<Double>) {
    let centre = grid.centres[place]
    let (values, sorted) = (values.base, sorted.base)
    let all = offsets.count
    var n = 0
    image.withUnsafeBufferPointer { image in
      for i in 0..<all {
        let value = image[centre &+ offsets[i]]
        values[i] = value
        if !value.isNaN {
          sorted[n] = value
          n &+= 1
        }
      }
    }
    var ascending = UnsafeMutableBufferPointer(start: sorted, count: n)
    ascending.sort()
    let count = Double(n)
    let mean = sum { $0 } / count
    let energy = sum { ($0 + self.shift) * ($0 + self.shift) }
    let m2 = sum { ($0 - mean) * ($0 - mean) } / count
    let m3 = sum { pow($0 - mean, 3) } / count
    let m4 = sum { ($0 - mean) * ($0 - mean) * (($0 - mean) * ($0 - mean)) } / count
    let scale = m2 == 0 ? 1 : m2
    let deviation = sum { abs($0 - mean) } / count
    let (p10, p90) = (percentile(10, n), percentile(90, n))
    var inside = 0.0
    for i in 0..<all {
      let value = values[i]
      let isInside = !value.isNaN && value >= p10 && value <= p90
      values[i] = isInside ? value : .nan
      inside += isInside ? 1 : 0
    }
    let robustMean = sum { $0 } / inside
    let robust = sum { abs($0 - robustMean) } / inside

    window.load(centre)
    let levels = window.levelCount
    let counts = counts.base
    for i in 0..<levels { counts[i] = 0 }
    for m in 0..<window.memberCount { counts[Int(window.cube[Int(window.places[Int(window.members[m])])]) &- 1] += 1 }
    let row = logarithms.row(count)
    var entropy = 0.0
    var uniformity = 0.0
    for i in 0..<levels {
      entropy -= logarithms.value(counts[i], of: count, row: row)
      uniformity += (counts[i] / count) * (counts[i] / count)
    }
    let deviationRoot = m2.squareRoot()

    out[0] = p10
    out[1] = p90
    out[2] = energy
    out[3] = entropy
    out[4] = percentile(75, n) - percentile(25, n)
    out[5] = m4 / (scale * scale)
    out[6] = sorted[n - 1]
    out[7] = deviation
    out[8] = mean
    out[9] = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
    out[10] = sorted[0]
    out[11] = sorted[n - 1] - sorted[0]
    out[12] = robust
    out[13] = (energy / count).squareRoot()
    out[14] = m3 / pow(scale, 1.5)
    out[15] = energy * voxelVolume
    out[16] = uniformity
    out[17] = deviationRoot * deviationRoot
    out[18] = deviationRoot
  }

  /// numpy's `nansum` of a term of each value.
  @inline(__always)
  private func sum(_ term: (Double) -> Double) -> Double {
    let (values, terms) = (values.base, terms.base)
    for i in 0..<offsets.count { terms[i] = values[i].isNaN ? 0 : term(values[i]) }
    return Self.pairwise(terms, offsets.count)
  }

  /// numpy's sum of neighbouring numbers: eight sums side by side, in halves above 128.
  private static func pairwise(_ x: UnsafeMutablePointer<Double>, _ n: Int) -> Double {
    if n < 8 {
      var sum = 0.0
      for i in 0..<n { sum += x[i] }
      return sum
    }
    if n > 128 {
      let half = n / 2 - (n / 2) % 8
      return pairwise(x, half) + pairwise(x + half, n - half)
    }
    var lanes = SIMD8<Double>(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])
    var i = 8
    while i < n - n % 8 {
      lanes += SIMD8<Double>(x[i], x[i + 1], x[i + 2], x[i + 3], x[i + 4], x[i + 5], x[i + 6], x[i + 7])
      i += 8
    }
    var sum =
      ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while i < n {
      sum += x[i]
      i += 1
    }
    return sum
  }

  /// Linear between the neighbours in rank, in numpy's arithmetic (`ValueDistribution.percentiles`).
  private func percentile(_ percent: Double, _ n: Int) -> Double {
    let position = Double(n - 1) * (percent / 100)
    let below = Int(position)
    let fraction = position - Double(below)
    let (low, high) = (sorted.base[below], sorted.base[min(below + 1, n - 1)])
    return fraction >= 0.5 ? high - (high - low) * (1 - fraction) : low + (high - low) * fraction
  }
}
