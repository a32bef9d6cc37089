internal import CKernels

/// Counts, for every voxel, the neighbours whose grey level differs by no more than a tolerance.
enum DependenceCounts {
  /// Counts go to several tables in turn: equal counts that follow each other need not wait for each other.
  private static let tables = 4

  /// The matrix as entries by grey level; the size is 1 + the number of dependent neighbours.
  static func entries(
    _ grid: LevelGrid, distances: [Int], tolerance: Int, fixedAxis: Int?
  ) -> [LevelSizeEntry] {
    let region = grid.region
    let directions = Neighbourhood(distances: distances, size: region.box.size, fixedAxis: fixedAxis).directions
    let steps = directions.map(region.paddedOffset)
    let offsets = steps + steps.map { -$0 }
    let sizes = offsets.count + 1
    let entries = (grid.greyLevels.count + 1) * sizes
    var counts = [UInt32](repeating: 0, count: tables * entries)
    counts.withUnsafeMutableBufferPointer { counts in
      grid.levels.withUnsafeBufferPointer { levels in
        if tolerance == 0 {
          countEqual(region, levels.baseAddress!, offsets, sizes, counts.baseAddress!, entries)
        } else {
          countSimilar(region, levels.baseAddress!, [0] + grid.greyLevels, tolerance, offsets, sizes, counts)
        }
      }
    }
    for t in 1..<tables {
      for k in 0..<entries { counts[k] &+= counts[t * entries + k] }
    }
    var matrix: [LevelSizeEntry] = []
    for (i, level) in grid.greyLevels.enumerated() {
      for size in 0..<sizes where counts[(i + 1) * sizes + size] != 0 {
        matrix.append(
          LevelSizeEntry(
            level: Double(level), size: Double(size + 1), weight: Double(counts[(i + 1) * sizes + size])))
      }
    }
    return matrix
  }

  /// Neighbours of the same level. `counts` holds `tables` tables of `entries`, which the caller sums.
  private static func countEqual(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ offsets: [Int], _ sizes: Int,
    _ counts: UnsafeMutablePointer<UInt32>, _ entries: Int
  ) {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: region.longestRow + Kernels.overhang) { keys in
      region.spans.withUnsafeBufferPointer { spans in
        offsets.withUnsafeBufferPointer { offsets in
          // Without any direction the array is empty and may have no address.
          let first = offsets.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Int>.alignment)!
          Kernels.current.count_equal(
            spans.baseAddress!, spans.count, grid, first, offsets.count, UInt32(sizes), keys.baseAddress!, counts,
            entries, tables)
        }
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
