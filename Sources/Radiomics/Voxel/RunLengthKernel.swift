/// GLRLM features of kernels, averaged over the directions that have runs, or of all directions weighted.
final class RunLengthKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let table: LevelSizeTable
  private let offsets: [Int]
  /// A direction's weight where `weightingNorm` is set.
  private let weights: [Double]?
  /// `ahead[direction * voxels + voxel]`: steps along the direction before the kernel ends.
  private let ahead: [UInt8]
  private let features = GLRLMFeatures.names.count

  /// - Parameter weights: one per direction; nil where directions are averaged.
  init(_ grid: KernelGrid, directions: [SIMD3<Int>], weights: [Double]?, logarithms: LogarithmTable) {
    self.grid = grid
    self.weights = weights
    window = KernelWindow(grid, guardWidth: 1)
    offsets = directions.map(window.offset)
    let size = window.size
    table = LevelSizeTable(
      levels: grid.kernelCount, sizes: max(size.x, size.y, size.z), logarithms: logarithms)
    var ahead: [UInt8] = []
    for step in directions {
      for z in 0..<size.z {
        for y in 0..<size.y {
          for x in 0..<size.x {
            let voxel = SIMD3(x, y, z)
            var steps = 255
            for a in 0..<3 where step[a] != 0 {
              steps = min(steps, step[a] > 0 ? size[a] - 1 - voxel[a] : voxel[a])
            }
            ahead.append(UInt8(steps))
          }
        }
      }
    }
    self.ahead = ahead
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    for f in 0..<features { values[f] = 0 }
    var directions = 0.0
    let levels = window.levelCount
    if let weights {
      table.clear(levels: levels)
      for (d, weight) in weights.enumerated() where hasLine(d) { count(d, weight) }
      if let s = table.statistics(levels: levels, grey: window.grey) {
        add(s, to: values)
        directions = 1
      }
    } else {
      for d in offsets.indices where hasLine(d) {
        table.clear(levels: levels)
        count(d, 1)
        guard let s = table.statistics(levels: levels, grey: window.grey) else { continue }
        add(s, to: values)
        directions += 1
      }
    }
    for f in 0..<features { values[f] = directions == 0 ? .nan : values[f] / directions }
  }

  /// Whether a line along the direction meets two voxels: PyRadiomics excludes a direction where none does.
  private func hasLine(_ d: Int) -> Bool {
    let (cube, places, offset) = (window.cube, window.places, offsets[d])
    return ahead.withUnsafeBufferPointer { ahead in
      for m in 0..<window.memberCount {
        let voxel = Int(window.members[m])
        var here = Int(places[voxel])
        for _ in 0..<ahead[d &* window.capacity &+ voxel] {
          here &+= offset
          if cube[here] != 0 { return true }
        }
      }
      return false
    }
  }

  private func count(_ d: Int, _ weight: Double) {
    let (cube, places, offset) = (window.cube, window.places, offsets[d])
    for m in 0..<window.memberCount {
      var here = Int(places[Int(window.members[m])])
      let level = cube[here]
      if cube[here &- offset] == level { continue }
      var length = 0
      repeat {
        length &+= 1
        here &+= offset
      } while cube[here] == level
      table.counts[(Int(level) &- 1) &* table.sizes &+ length &- 1] += weight
    }
  }

  private func add(_ s: LevelSizeStatistics, to values: UnsafeMutablePointer<Double>) {
    values[0] += s.greyLevelNonUniformity
    values[1] += s.greyLevelNonUniformityNormalized
    values[2] += s.greyLevelVariance
    values[3] += s.highGreyLevelEmphasis
    values[4] += s.largeEmphasis
    values[5] += s.largeHighEmphasis
    values[6] += s.largeLowEmphasis
    values[7] += s.lowGreyLevelEmphasis
    values[8] += s.entropy
    values[9] += s.sizeNonUniformity
    values[10] += s.sizeNonUniformityNormalized
    values[11] += s.total / s.voxels
    values[12] += s.sizeVariance
    values[13] += s.smallEmphasis
    values[14] += s.smallHighEmphasis
    values[15] += s.smallLowEmphasis
  }
}
