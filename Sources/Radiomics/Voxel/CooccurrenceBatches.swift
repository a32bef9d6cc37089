/// Decisions that PyRadiomics takes for all kernels of a batch together.
///
/// It drops a direction along which no kernel of the batch has a pair; along one that is kept, a kernel without a pair
/// is NaN. Averages ignore NaN, with two exceptions: JointAverage becomes NaN in that kernel, and the
/// eigenvalues for MCC cannot be computed, so that MCC fails for the whole batch and keeps the maps' initial value.
struct CooccurrenceBatches: Sendable {
  struct Batch: Sendable {
    let places: Range<Int>
    /// By direction: whether some kernel, and whether every kernel, has a pair.
    var some: [Bool]
    var every: [Bool]

    /// Whether a direction that is kept is empty in some kernel.
    var hasGaps: Bool { zip(some, every).contains { $0 && !$1 } }
  }

  private(set) var batches: [Batch]
  private let size: Int

  /// - Parameters:
  ///   - size: voxels in a batch; nil: all in one.
  ///   - together: whether directions are weighted and summed before anything is decided.
  init(_ grid: KernelGrid, directions: [SIMD3<Int>], size: Int?, together: Bool, threads: Int) {
    let voxels = grid.centres.count
    self.size = min(size ?? voxels, voxels)
    let table = VoxelTable(voxels: voxels, features: together ? 1 : max(directions.count, 1), threads: threads) {
      PairTest(grid, directions: directions, together: together)
    }
    let count = together ? 1 : directions.count
    var batches: [Batch] = []
    var first = 0
    while first < voxels {
      let places = first..<min(first + self.size, voxels)
      var batch = Batch(
        places: places, some: Array(repeating: false, count: count), every: Array(repeating: true, count: count))
      for d in 0..<count {
        let column = table.feature(d)
        for place in places {
          let has = column[column.startIndex + place] != 0
          batch.some[d] = batch.some[d] || has
          batch.every[d] = batch.every[d] && has
        }
      }
      batches.append(batch)
      first = places.upperBound
    }
    self.batches = batches
  }

  func batch(of place: Int) -> Batch { batches[place / size] }
}

/// Whether a kernel has a pair of voxels along each direction: 1 or 0.
private final class PairTest: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let offsets: [Int]
  private let together: Bool

  init(_ grid: KernelGrid, directions: [SIMD3<Int>], together: Bool) {
    self.grid = grid
    self.together = together
    window = KernelWindow(grid, guardWidth: directions.longest)
    offsets = directions.map(window.offset)
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    values[0] = 0
    for (d, offset) in offsets.enumerated() {
      var has = false
      for m in 0..<window.memberCount {
        if window.cube[Int(window.places[Int(window.members[m])]) &+ offset] != 0 {
          has = true
          break
        }
      }
      if together {
        if has { values[0] = 1 }
      } else {
        values[d] = has ? 1 : 0
      }
    }
  }
}
