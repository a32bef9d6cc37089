/// Counts, for every voxel, the neighbours whose grey level differs by no more than a tolerance.
enum DependenceCounts {
  /// The matrix as entries by grey level; the size is 1 + the number of dependent neighbours.
  static func entries(
    _ grid: LevelGrid, distances: [Int], tolerance: Int, fixedAxis: Int?
  ) -> [LevelSizeEntry] {
    let region = grid.region
    let directions = Neighbourhood(distances: distances, size: region.box.size, fixedAxis: fixedAxis).directions
    let steps = directions.map(region.paddedOffset)
    let offsets = steps + steps.map { -$0 }
    let sizes = offsets.count + 1
    var counts = [UInt32](repeating: 0, count: (grid.greyLevels.count + 1) * sizes)
    counts.withUnsafeMutableBufferPointer { counts in
      grid.levels.withUnsafeBufferPointer { levels in
        if tolerance == 0 {
          countEqual(region, levels.baseAddress!, offsets, sizes, counts)
        } else {
          countSimilar(region, levels.baseAddress!, [0] + grid.greyLevels, tolerance, offsets, sizes, counts)
        }
      }
    }
    var entries: [LevelSizeEntry] = []
    for (i, level) in grid.greyLevels.enumerated() {
      for size in 0..<sizes where counts[(i + 1) * sizes + size] != 0 {
        entries.append(
          LevelSizeEntry(
            level: Double(level), size: Double(size + 1), weight: Double(counts[(i + 1) * sizes + size])))
      }
    }
    return entries
  }

  /// Neighbours of the same level: whole rows are compared at once, which the compiler vectorises.
  private static func countEqual(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ offsets: [Int], _ sizes: Int,
    _ counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: region.box.size.x) { dependent in
      let dependent = dependent.baseAddress!
      for row in region.rows {
        let here = grid + row.padded
        for x in 0..<row.length { dependent[x] = 0 }
        for offset in offsets {
          let there = here + offset
          for x in 0..<row.length { dependent[x] &+= here[x] == there[x] ? 1 : 0 }
        }
        for x in 0..<row.length { counts[Int(here[x]) &* sizes &+ Int(dependent[x])] &+= 1 }
      }
    }
  }

  /// Neighbours whose level differs by at most `tolerance`; `greyLevels[0]` stands for outside.
  private static func countSimilar(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ greyLevels: [Int], _ tolerance: Int, _ offsets: [Int],
    _ sizes: Int, _ counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    for row in region.rows {
      for x in 0..<row.length {
        let here = grid + row.padded + x
        let level = greyLevels[Int(here[0])]
        var dependent = 0
        for offset in offsets where here[offset] != 0 {
          if abs(greyLevels[Int(here[offset])] - level) <= tolerance { dependent += 1 }
        }
        counts[Int(here[0]) * sizes + dependent] += 1
      }
    }
  }
}
