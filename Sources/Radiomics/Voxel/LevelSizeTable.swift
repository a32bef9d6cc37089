/// A small matrix of counts by grey level and size, and the statistics that GLRLM, GLSZM and GLDM share
/// (`LevelSizeStatistics` for kernels: no allocation, every sum in PyRadiomics' terms).
final class LevelSizeTable {
  /// `counts[level * sizes + size - 1]` for level numbers from 0.
  let counts: UnsafeMutablePointer<Double>
  let sizes: Int
  private let scratch: KernelScratch<Double>
  private let byLevel: KernelScratch<Double>
  private let bySize: KernelScratch<Double>
  private let inverseSquares: [Double]
  private let logarithms: LogarithmTable

  /// - Parameters:
  ///   - levels: the largest number that occurs.
  ///   - sizes: the largest size.
  init(levels: Int, sizes: Int, logarithms: LogarithmTable) {
    self.sizes = sizes
    self.logarithms = logarithms
    scratch = KernelScratch(count: levels * sizes, 0)
    byLevel = KernelScratch(count: levels, 0)
    bySize = KernelScratch(count: sizes, 0)
    counts = scratch.base
    inverseSquares = (1...max(sizes, 1)).map { (size: Int) -> Double in 1 / Double(size * size) }
  }

  /// The statistics of an empty matrix.
  static let none = LevelSizeStatistics([])

  func clear(levels: Int) { counts.update(repeating: 0, count: levels * sizes) }

  /// - Returns: nil for a matrix without a count.
  func statistics(levels: Int, grey: UnsafeMutablePointer<Double>) -> LevelSizeStatistics? {
    var s = Self.none
    let (byLevel, bySize) = (byLevel.base, bySize.base)
    for j in 0..<sizes { bySize[j] = 0 }
    var total = 0.0
    for i in 0..<levels {
      var sum = 0.0
      let row = counts + i &* sizes
      for j in 0..<sizes {
        sum += row[j]
        bySize[j] += row[j]
      }
      byLevel[i] = sum
      total += sum
    }
    guard total > 0 else { return nil }
    let tableRow = logarithms.row(total)
    var entropy = 0.0
    var meanLevel = 0.0
    inverseSquares.withUnsafeBufferPointer { inverseSquares in
      for i in 0..<levels where byLevel[i] != 0 {
        let i2 = grey[i] * grey[i]
        let row = counts + i &* sizes
        var small = 0.0
        var large = 0.0
        for j in 0..<sizes where row[j] != 0 {
          let size = Double(j &+ 1)
          small += row[j] * inverseSquares[j]
          large += row[j] * (size * size)
          entropy -= logarithms.value(row[j], of: total, row: tableRow)
        }
        s.smallLowEmphasis += small / i2
        s.smallHighEmphasis += small * i2
        s.largeLowEmphasis += large / i2
        s.largeHighEmphasis += large * i2
        s.lowGreyLevelEmphasis += byLevel[i] / i2
        s.highGreyLevelEmphasis += byLevel[i] * i2
        s.greyLevelNonUniformity += byLevel[i] * byLevel[i]
        meanLevel += grey[i] * (byLevel[i] / total)
      }
      var meanSize = 0.0
      for j in 0..<sizes where bySize[j] != 0 {
        let size = Double(j &+ 1)
        s.voxels += bySize[j] * size
        s.smallEmphasis += bySize[j] * inverseSquares[j]
        s.largeEmphasis += bySize[j] * (size * size)
        s.sizeNonUniformity += bySize[j] * bySize[j]
        meanSize += size * (bySize[j] / total)
      }
      for j in 0..<sizes where bySize[j] != 0 {
        let d = Double(j &+ 1) - meanSize
        s.sizeVariance += (bySize[j] / total) * (d * d)
      }
    }
    for i in 0..<levels where byLevel[i] != 0 {
      let d = grey[i] - meanLevel
      s.greyLevelVariance += (byLevel[i] / total) * (d * d)
    }
    s.total = total
    s.entropy = entropy
    s.greyLevelNonUniformityNormalized = s.greyLevelNonUniformity / (total * total)
    s.sizeNonUniformityNormalized = s.sizeNonUniformity / (total * total)
    s.greyLevelNonUniformity /= total
    s.sizeNonUniformity /= total
    s.smallEmphasis /= total
    s.largeEmphasis /= total
    s.lowGreyLevelEmphasis /= total
    s.highGreyLevelEmphasis /= total
    s.smallLowEmphasis /= total
    s.smallHighEmphasis /= total
    s.largeLowEmphasis /= total
    s.largeHighEmphasis /= total
    return s
  }
}
