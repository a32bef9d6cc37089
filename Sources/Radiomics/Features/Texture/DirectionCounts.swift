internal import CKernels

/// The counts of one pass along one direction: pairs of neighbouring levels (for the GLCM) and runs of equal levels
/// (for the GLRLM).
struct DirectionCounts: Sendable {
  /// Number of levels, without the 0 of outside voxels.
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

  /// One count per voxel serves both matrices. A voxel whose neighbour has another level is counted in the row of that
  /// level: a pair, and the start of a run. A voxel whose neighbour has its own level is counted in the row of the
  /// length that its run has reached. So pairs of equal levels are the sum over the lengths, and runs of exactly r are
  /// those that reached r minus those that reached r + 1; the end of a run is never searched for.
  private init(runsAndPairsOf grid: LevelGrid, step: SIMD3<Int>) {
    let region = grid.region
    let levels = grid.greyLevels.count
    let width = levels + 1
    let longest = max(region.box.size.x, region.box.size.y, region.box.size.z)
    let plane = region.paddedSize.x * region.paddedSize.y
    let entries = (width + longest + 1) * width
    // Small tables are cheap to clear and to sum.
    let tables = entries <= 8192 ? 4 : 2
    var table = [UInt32](repeating: 0, count: tables * entries)
    table.withUnsafeMutableBufferPointer { table in
      // Lengths of two slices in turn, then the keys of a row.
      let pitch = plane + Kernels.overhang
      withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * pitch + region.longestRow + Kernels.overhang) {
        scratch in
        scratch.initialize(repeating: 0)
        grid.levels.withUnsafeBufferPointer { levels in
          region.spans.withUnsafeBufferPointer { spans in
            Kernels.current.count_runs(
              spans.baseAddress!, spans.count, levels.baseAddress!, region.paddedOffset(step),
              step.x + region.paddedSize.x * step.y, step.z, plane, UInt32(width), scratch.baseAddress!, pitch,
              scratch.baseAddress! + 2 * pitch, table.baseAddress!, entries, tables)
          }
        }
      }
      for t in 1..<tables {
        for k in 0..<entries { table[k] &+= table[t &* entries &+ k] }
      }
    }

    // The number of voxels that made a run `length` long: runs of length 1 have another level, or the outside, before
    // them.
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
    runs = (0..<longestRun * levels).map { (place: Int) -> UInt32 in
      reached[levels + place] &- reached[2 * levels + place]
    }
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
}
