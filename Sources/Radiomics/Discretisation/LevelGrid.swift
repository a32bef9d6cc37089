/// Grey levels laid out in the region's padded grid: 0 outside the region, so that a neighbour needs no bounds test.
struct LevelGrid: Sendable {
  let region: Region
  /// `region.paddedCount` numbers, and some more 0 for the kernels; inside the region as `DiscretisedRegion.levels`,
  /// outside 0.
  let levels: [UInt16]
  /// The grey levels that the numbers 1... stand for, ascending.
  let greyLevels: [Int]
  let highest: Int

  init(_ discretised: DiscretisedRegion, region: Region) {
    self.region = region
    self.greyLevels = discretised.greyLevels
    self.highest = discretised.highest
    let count = region.paddedCount + Kernels.overhang
    levels = [UInt16](unsafeUninitializedCapacity: count) { grid, initialized in
      grid.initialize(repeating: 0)
      discretised.levels.withUnsafeBufferPointer { source in
        for row in region.rows {
          for x in 0..<row.length { grid[row.padded &+ x] = source[row.first &+ x] }
        }
      }
      initialized = count
    }
  }
}
