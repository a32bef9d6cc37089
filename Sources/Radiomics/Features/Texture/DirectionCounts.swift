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
  ///
  /// Runs are counted as they grow: a voxel that makes its run r long adds one to `grown[r]`, so runs of exactly r are
  /// `grown[r] - grown[r + 1]` and no end of a run is looked for.
  init(_ grid: LevelGrid, step: SIMD3<Int>, countRuns: Bool) {
    let region = grid.region
    let levels = grid.greyLevels.count
    let width = levels + 1
    let longest = max(region.box.size.x, region.box.size.y, region.box.size.z)
    let plane = region.paddedSize.x * region.paddedSize.y
    let back = region.paddedOffset(step)

    // Neighbouring voxels often have the same levels, and an increment must wait for the one before it in the same cell:
    // voxels count in turn into copies of the tables, where these are small enough for the first cache.
    let copies = width * width * MemoryLayout<UInt32>.size <= 8192 ? 2 : 1
    let size = width * width
    let grownSize = (longest + 2) * width
    var pairs = [UInt32](repeating: 0, count: copies * size)
    var grown = [UInt32](repeating: 0, count: countRuns ? copies * grownSize : 0)
    pairs.withUnsafeMutableBufferPointer { pairs in
      grid.levels.withUnsafeBufferPointer { all in
        if !countRuns {
          Self.countPairs(region.rows, all.baseAddress!, back, width, pairs.baseAddress!)
          return
        }
        grown.withUnsafeMutableBufferPointer { grown in
          withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * plane) { lengths in
            lengths.initialize(repeating: 0)
            Self.countPairsAndRuns(
              region, all.baseAddress!, step, width, pairs.baseAddress!, (copies - 1) * size, grown.baseAddress!,
              (copies - 1) * grownSize, lengths.baseAddress!)
          }
        }
      }
    }
    if copies == 2 {
      for i in 0..<size { pairs[i] &+= pairs[size + i] }
      if countRuns { for i in 0..<grownSize { grown[i] &+= grown[grownSize + i] } }
    }
    self.init(levels: levels, padded: pairs, grown: grown, longest: longest)
  }

  /// Drops the row and column of outside voxels and turns growth into runs of exact length.
  private init(levels: Int, padded: [UInt32], grown: [UInt32], longest: Int) {
    let width = levels + 1
    self.levels = levels
    self.pairs = [UInt32](unsafeUninitializedCapacity: levels * levels) { pairs, initialized in
      for i in 0..<levels {
        for j in 0..<levels { pairs[i * levels + j] = padded[(i + 1) * width + j + 1] }
      }
      initialized = levels * levels
    }
    var used = 0
    var runs: [UInt32] = []
    if !grown.isEmpty {
      runs.reserveCapacity(levels * 8)
      for length in 1...longest {
        var any = false
        for i in 1...levels {
          let count = grown[length * width + i]
          if count != 0 { any = true }
          runs.append(count &- grown[(length + 1) * width + i])
        }
        if !any {
          runs.removeLast(levels)
          break
        }
        used = length
      }
    }
    self.runs = runs
    self.longestRun = used
  }

  private static func countPairs(
    _ rows: [RegionRow], _ grid: UnsafePointer<UInt16>, _ back: Int, _ width: Int,
    _ pairs: UnsafeMutablePointer<UInt32>
  ) {
    for row in rows {
      let here = grid + row.padded
      let there = here - back
      for x in 0..<row.length {
        pairs[Int(there[x]) &* width &+ Int(here[x])] &+= 1
      }
    }
  }

  /// `lengths` holds, for two planes in turn, the length of the run that ends at each voxel; every other voxel counts into
  /// the tables `pairsCopy` and `grownCopy` entries further on.
  private static func countPairsAndRuns(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ step: SIMD3<Int>, _ width: Int,
    _ pairs: UnsafeMutablePointer<UInt32>, _ pairsCopy: Int, _ grown: UnsafeMutablePointer<UInt32>, _ grownCopy: Int,
    _ lengths: UnsafeMutablePointer<UInt16>
  ) {
    let plane = region.paddedSize.x * region.paddedSize.y
    let back = region.paddedOffset(step)
    let backInPlane = step.x + region.paddedSize.x * step.y
    let otherPairs = pairs + pairsCopy
    let otherGrown = grown + grownCopy
    for row in region.rows {
      let here = grid + row.padded
      let there = here - back
      let z = row.padded / plane
      let inPlane = row.padded - z * plane
      let current = lengths + (z & 1) * plane + inPlane
      let previous = lengths + ((z - step.z) & 1) * plane + inPlane - backInPlane

      @inline(__always) func count(
        _ x: Int, _ pairs: UnsafeMutablePointer<UInt32>, _ grown: UnsafeMutablePointer<UInt32>
      ) {
        let level = here[x]
        let neighbour = there[x]
        pairs[Int(neighbour) &* width &+ Int(level)] &+= 1
        let length = neighbour == level ? previous[x] &+ 1 : 1
        current[x] = length
        grown[Int(length) &* width &+ Int(level)] &+= 1
      }

      var x = 0
      while x &+ 1 < row.length {
        count(x, pairs, grown)
        count(x &+ 1, otherPairs, otherGrown)
        x &+= 2
      }
      if x < row.length { count(x, pairs, grown) }
    }
  }
}
