/// One row of the NGTDM: how many voxels have a grey level, and how far they are from the mean of their neighbours.
struct ToneDifferenceRow: Sendable {
  var level: Double
  var count: Double
  var difference: Double
}

/// Sums, by grey level, the difference between a voxel and the mean of its neighbours in the region.
enum ToneDifferences {
  static func rows(_ grid: LevelGrid, distances: [Int], fixedAxis: Int?) -> [ToneDifferenceRow] {
    let region = grid.region
    let steps = Neighbourhood(distances: distances, size: region.box.size, fixedAxis: fixedAxis).directions
      .map(region.paddedOffset)
    let offsets = steps + steps.map { -$0 }
    var counts = [Double](repeating: 0, count: grid.greyLevels.count + 1)
    var differences = counts
    // The grey level itself, not its number: unused levels leave gaps.
    let greyLevels = [0] + grid.greyLevels
    let hasGaps = grid.highest != grid.greyLevels.count
    let tones = hasGaps ? grid.levels.map { UInt16(greyLevels[Int($0)]) } : grid.levels
    tones.withUnsafeBufferPointer { tones in
      grid.levels.withUnsafeBufferPointer { levels in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * region.box.size.x) { scratch in
          let sums = scratch.baseAddress!
          let neighbours = sums + region.box.size.x
          for row in region.rows {
            let here = tones.baseAddress! + row.padded
            for x in 0..<row.length {
              sums[x] = 0
              neighbours[x] = 0
            }
            for offset in offsets {
              let there = here + offset
              for x in 0..<row.length {
                sums[x] &+= UInt32(there[x])
                neighbours[x] &+= there[x] == 0 ? 0 : 1
              }
            }
            for x in 0..<row.length {
              let level = Int(levels[row.padded &+ x])
              counts[level] += 1
              if neighbours[x] != 0 {
                differences[level] += abs(Double(here[x]) - Double(sums[x]) / Double(neighbours[x]))
              }
            }
          }
        }
      }
    }
    return grid.greyLevels.enumerated().map {
      ToneDifferenceRow(level: Double($0.element), count: counts[$0.offset + 1], difference: differences[$0.offset + 1])
    }
  }
}
