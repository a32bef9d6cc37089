internal import Glibc

/// One entry of a sparse level-by-size matrix: `weight` runs, zones or dependences of `size` at grey level `level`.
struct LevelSizeEntry: Sendable {
  var level: Double
  var size: Double
  var weight: Double
}

/// The statistics that GLRLM, GLSZM and GLDM share: each is a matrix of counts by grey level (i) and size (j).
///
/// Source: the equations of PyRadiomics' `glrlm`, `glszm` and `gldm`, with N the sum of the matrix.
struct LevelSizeStatistics: Sendable {
  var total = 0.0
  /// Σ j · P(i, j): the voxels that the matrix covers.
  var voxels = 0.0
  var smallEmphasis = 0.0
  var largeEmphasis = 0.0
  var greyLevelNonUniformity = 0.0
  var greyLevelNonUniformityNormalized = 0.0
  var sizeNonUniformity = 0.0
  var sizeNonUniformityNormalized = 0.0
  var greyLevelVariance = 0.0
  var sizeVariance = 0.0
  var entropy = 0.0
  var lowGreyLevelEmphasis = 0.0
  var highGreyLevelEmphasis = 0.0
  var smallLowEmphasis = 0.0
  var smallHighEmphasis = 0.0
  var largeLowEmphasis = 0.0
  var largeHighEmphasis = 0.0

  /// - Parameter entries: sorted by level; sizes need no order. No weight may be negative.
  init(_ entries: [LevelSizeEntry]) {
    var bySize: [Double: Double] = [:]
    var byLevel: [(level: Double, weight: Double)] = []
    var sumXLog2X = 0.0
    var nonZero = 0
    XLog2X.table.withUnsafeBufferPointer { table in
      for entry in entries where entry.weight != 0 {
        let i2 = entry.level * entry.level
        let j2 = entry.size * entry.size
        let weight = entry.weight
        total += weight
        voxels += weight * entry.size
        smallEmphasis += weight / j2
        largeEmphasis += weight * j2
        lowGreyLevelEmphasis += weight / i2
        highGreyLevelEmphasis += weight * i2
        smallLowEmphasis += weight / (i2 * j2)
        smallHighEmphasis += weight * i2 / j2
        largeLowEmphasis += weight * j2 / i2
        largeHighEmphasis += weight * i2 * j2
        sumXLog2X += XLog2X.value(weight, table)
        nonZero += 1
        bySize[entry.size, default: 0] += weight
        if let last = byLevel.last, last.level == entry.level {
          byLevel[byLevel.count - 1].weight += weight
        } else {
          byLevel.append((entry.level, weight))
        }
      }
    }
    guard total > 0 else { return }
    let sizes = bySize.sorted { $0.key < $1.key }.map { (level: $0.key, weight: $0.value) }
    let levelSquares = byLevel.reduce(0) { $0 + $1.weight * $1.weight }
    let sizeSquares = sizes.reduce(0) { $0 + $1.weight * $1.weight }
    smallEmphasis /= total
    largeEmphasis /= total
    lowGreyLevelEmphasis /= total
    highGreyLevelEmphasis /= total
    smallLowEmphasis /= total
    smallHighEmphasis /= total
    largeLowEmphasis /= total
    largeHighEmphasis /= total
    greyLevelNonUniformity = levelSquares / total
    greyLevelNonUniformityNormalized = levelSquares / (total * total)
    sizeNonUniformity = sizeSquares / total
    sizeNonUniformityNormalized = sizeSquares / (total * total)
    greyLevelVariance = Self.variance(byLevel, total)
    sizeVariance = Self.variance(sizes, total)
    entropy = XLog2X.entropy(sumXLog2X: sumXLog2X, total: total, nonZero: nonZero)
  }

  private static func variance(_ marginal: [(level: Double, weight: Double)], _ total: Double) -> Double {
    let mean = marginal.reduce(0) { $0 + $1.level * ($1.weight / total) }
    return marginal.reduce(0) { $0 + ($1.weight / total) * ($1.level - mean) * ($1.level - mean) }
  }
}
