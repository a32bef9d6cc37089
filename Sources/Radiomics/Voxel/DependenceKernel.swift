/// GLDM features of kernels: a voxel depends on the neighbours in the kernel whose level is near its own.
final class DependenceKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let table: LevelSizeTable
  private let offsets: [Int]
  private let tolerance: Double

  /// - Parameters:
  ///   - directions: one of each pair of opposite steps.
  ///   - tolerance: PyRadiomics' `gldm_a`.
  init(_ grid: KernelGrid, directions: [SIMD3<Int>], tolerance: Int, logarithms: LogarithmTable) {
    self.grid = grid
    self.tolerance = Double(tolerance)
    let steps = grid.within(directions)
    window = KernelWindow(grid, guardWidth: steps.longest)
    let forward = steps.map(window.offset)
    offsets = forward + forward.map { -$0 }
    table = LevelSizeTable(levels: grid.kernelCount, sizes: offsets.count + 1, logarithms: logarithms)
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    let levels = window.levelCount
    table.clear(levels: levels)
    let (cube, grey) = (window.cube, window.grey)
    offsets.withUnsafeBufferPointer { offsets in
      for m in 0..<window.memberCount {
        let here = Int(window.places[Int(window.members[m])])
        let level = cube[here]
        var size = 0
        if tolerance == 0 {
          for offset in offsets { size &+= cube[here &+ offset] == level ? 1 : 0 }
        } else {
          let own = grey[Int(level) &- 1]
          for offset in offsets {
            let other = Int(cube[here &+ offset])
            if other != 0, abs(grey[other &- 1] - own) <= tolerance { size &+= 1 }
          }
        }
        table.counts[(Int(level) &- 1) &* table.sizes &+ size] += 1
      }
    }
    let s = table.statistics(levels: levels, grey: grey) ?? LevelSizeTable.none
    values[0] = s.entropy
    values[1] = s.sizeNonUniformity
    values[2] = s.sizeNonUniformityNormalized
    values[3] = s.sizeVariance
    values[4] = s.greyLevelNonUniformity
    values[5] = s.greyLevelVariance
    values[6] = s.highGreyLevelEmphasis
    values[7] = s.largeEmphasis
    values[8] = s.largeHighEmphasis
    values[9] = s.largeLowEmphasis
    values[10] = s.lowGreyLevelEmphasis
    values[11] = s.smallEmphasis
    values[12] = s.smallHighEmphasis
    values[13] = s.smallLowEmphasis
  }
}

extension [SIMD3<Int>] {
  /// The largest component of any step.
  var longest: Int { reduce(1) { Swift.max($0, abs($1.x), abs($1.y), abs($1.z)) } }
}
