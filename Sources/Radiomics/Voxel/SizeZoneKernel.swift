/// GLSZM features of kernels: zones are grown from voxel to voxel.
final class SizeZoneKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let table: LevelSizeTable
  private let offsets: [Int]
  private let stack: KernelScratch<Int32>

  init(_ grid: KernelGrid, directions: [SIMD3<Int>], logarithms: LogarithmTable) {
    self.grid = grid
    let steps = grid.within(directions)
    window = KernelWindow(grid, guardWidth: 1)
    let forward = steps.map(window.offset)
    offsets = forward + forward.map { -$0 }
    table = LevelSizeTable(levels: grid.kernelCount, sizes: grid.kernelCount, logarithms: logarithms)
    stack = KernelScratch(count: grid.kernelCount, 0)
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    let levels = window.levelCount
    table.clear(levels: levels)
    let cube = window.cube
    let stack = stack.base
    offsets.withUnsafeBufferPointer { offsets in
      for m in 0..<window.memberCount {
        let start = Int(window.places[Int(window.members[m])])
        let level = cube[start]
        if level == 0 { continue }
        // A voxel that belongs to a zone is removed from the cube, which is reloaded for the next kernel.
        cube[start] = 0
        stack[0] = Int32(truncatingIfNeeded: start)
        var top = 1
        var size = 0
        while top > 0 {
          top &-= 1
          let voxel = Int(stack[top])
          size &+= 1
          for offset in offsets where cube[voxel &+ offset] == level {
            cube[voxel &+ offset] = 0
            stack[top] = Int32(truncatingIfNeeded: voxel &+ offset)
            top &+= 1
          }
        }
        table.counts[(Int(level) &- 1) &* table.sizes &+ size &- 1] += 1
      }
    }
    GLSZMFeatures.write(table.statistics(levels: levels, grey: window.grey) ?? LevelSizeTable.none, to: values)
  }
}

extension GLSZMFeatures {
  /// In the order of `names`.
  fileprivate static func write(_ s: LevelSizeStatistics, to values: UnsafeMutablePointer<Double>) {
    values[0] = s.greyLevelNonUniformity
    values[1] = s.greyLevelNonUniformityNormalized
    values[2] = s.greyLevelVariance
    values[3] = s.highGreyLevelEmphasis
    values[4] = s.largeEmphasis
    values[5] = s.largeHighEmphasis
    values[6] = s.largeLowEmphasis
    values[7] = s.lowGreyLevelEmphasis
    values[8] = s.sizeNonUniformity
    values[9] = s.sizeNonUniformityNormalized
    values[10] = s.smallEmphasis
    values[11] = s.smallHighEmphasis
    values[12] = s.smallLowEmphasis
    values[13] = s.entropy
    values[14] = s.total / s.voxels
    values[15] = s.sizeVariance
  }
}
