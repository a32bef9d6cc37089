/// What one pass along one direction counts: pairs of neighbouring levels (for the GLCM) and runs of equal levels (for
/// the GLRLM).
struct DirectionCounts: Sendable {
  /// Numbers of levels, without the 0 that stands for outside.
  let levels: Int
  /// `pairs[(i - 1) * levels + (j - 1)]`: voxels of level number i whose neighbour one step on has level number j.
  let pairs: [UInt32]
  /// `runs[(length - 1) * levels + (i - 1)]`: runs of level number i with that length.
  let runs: [UInt32]
  /// Longest run.
  let longestRun: Int

  var isEmpty: Bool { pairs.allSatisfy { $0 == 0 } }
}

extension DirectionCounts {
  /// Counts pairs one `step` apart, and with `countRuns` the runs along it.
  init(_ grid: LevelGrid, step: SIMD3<Int>, countRuns: Bool) {
    if countRuns {
      self.init(runsAndPairsOf: grid, step: step)
    } else {
      self.init(pairsOf: grid, step: step)
    }
  }

  private init(pairsOf grid: LevelGrid, step: SIMD3<Int>) {
    let levels = grid.greyLevels.count
    let width = levels + 1
    let back = grid.region.paddedOffset(step)
    var table = [UInt32](repeating: 0, count: width * width)
    table.withUnsafeMutableBufferPointer { table in
      grid.levels.withUnsafeBufferPointer { all in
        for row in grid.region.rows {
          let here = all.baseAddress! + row.padded
          let there = here - back
          for x in 0..<row.length {
            table[Int(there[x]) &* width &+ Int(here[x])] &+= 1
          }
        }
      }
    }
    self.levels = levels
    pairs = Self.withoutOutside(table, levels: levels)
    runs = []
    longestRun = 0
  }

  /// One count a voxel serves both matrices. A voxel whose neighbour has another level is counted in the row of that level:
  /// a pair, and the begin of a run. One whose neighbour has its own level is counted in the row of the length that its
  /// run has reached. So pairs of equal levels are the sum over the lengths, and runs of exactly r are those that reached
  /// r less those that reached r + 1; no end of a run is looked for.
  private init(runsAndPairsOf grid: LevelGrid, step: SIMD3<Int>) {
    let region = grid.region
    let levels = grid.greyLevels.count
    let width = levels + 1
    let longest = max(region.box.size.x, region.box.size.y, region.box.size.z)
    let plane = region.paddedSize.x * region.paddedSize.y
    var table = [UInt32](repeating: 0, count: (width + longest + 1) * width)
    table.withUnsafeMutableBufferPointer { table in
      grid.levels.withUnsafeBufferPointer { all in
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * plane) { lengths in
          lengths.initialize(repeating: 0)
          Self.count(region, all.baseAddress!, step, width, table.baseAddress!, lengths.baseAddress!)
        }
      }
    }

    // How many voxels made a run `length` long: those of length 1 have another level, or the outside, behind them.
    var reached = [UInt32](repeating: 0, count: (longest + 2) * levels)
    for i in 0..<levels {
      for row in 0..<width { reached[levels + i] &+= table[row * width + i + 1] }
      var equal: UInt32 = 0
      for length in stride(from: 2, through: longest, by: 1) {
        let count = table[(width + length) * width + i + 1]
        reached[length * levels + i] = count
        equal &+= count
      }
      table[(i + 1) * width + i + 1] = equal
    }
    var longestRun = longest
    while longestRun > 1, (0..<levels).allSatisfy({ reached[longestRun * levels + $0] == 0 }) { longestRun -= 1 }
    self.levels = levels
    self.longestRun = longestRun
    pairs = Self.withoutOutside(table, levels: levels)
    runs = (0..<longestRun * levels).map { reached[levels + $0] &- reached[2 * levels + $0] }
  }

  /// The rows and columns of levels 1..., without that of outside voxels.
  private static func withoutOutside(_ table: [UInt32], levels: Int) -> [UInt32] {
    let width = levels + 1
    return [UInt32](unsafeUninitializedCapacity: levels * levels) { pairs, initialized in
      table.withUnsafeBufferPointer { table in
        for i in 0..<levels {
          for j in 0..<levels { pairs[i * levels + j] = table[(i + 1) * width + j + 1] }
        }
      }
      initialized = levels * levels
    }
  }

  /// - Parameters:
  ///   - table: `width` rows of pairs, then a row for each length from 0.
  ///   - lengths: for two planes in turn, the length of the run that ends at each voxel.
  private static func count(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ step: SIMD3<Int>, _ width: Int,
    _ table: UnsafeMutablePointer<UInt32>, _ lengths: UnsafeMutablePointer<UInt16>
  ) {
    let plane = region.paddedSize.x * region.paddedSize.y
    let back = region.paddedOffset(step)
    let backInPlane = step.x + region.paddedSize.x * step.y
    for row in region.rows {
      let here = grid + row.padded
      let there = here - back
      let z = row.padded / plane
      let inPlane = row.padded - z * plane
      let current = lengths + (z & 1) * plane + inPlane
      let previous = lengths + ((z - step.z) & 1) * plane + inPlane - backInPlane
      for x in 0..<row.length {
        let level = UInt32(here[x])
        let neighbour = UInt32(there[x])
        // 0 where the levels are equal, 1 where not, by arithmetic alone: for a choice the compiler would jump, and which
        // way is what no processor can foresee.
        let ends = ((neighbour ^ level) &+ 0xFFFF) &>> 16
        let length = (UInt32(previous[x]) &>> (ends &<< 4)) &+ 1
        current[x] = UInt16(truncatingIfNeeded: length)
        let run = UInt32(truncatingIfNeeded: width) &+ length
        let counted = neighbour ^ ((neighbour ^ run) & (ends &- 1))
        table[Int(counted) &* width &+ Int(level)] &+= 1
      }
    }
  }
}
