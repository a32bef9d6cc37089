internal import Imaging

/// An image's grey levels around the voxels whose kernels are computed, with a border of 0, which no kernel can leave.
struct KernelGrid: Sendable {
  /// The numbers of the levels in the padded grid (`LevelGrid`).
  let levels: [UInt16]
  /// The grey levels that the numbers 1... stand for, ascending.
  let greyLevels: [Int]
  /// PyRadiomics' Ng.
  let highest: Int
  /// Offsets in the padded grid of the voxels that kernels are computed for, in storage order.
  let centres: [Int]
  /// How far a kernel reaches along x, y, z: not at all along the axis that `force2D` fixes.
  let reach: SIMD3<Int>
  /// Size of the padded grid.
  let size: SIMD3<Int>

  init(_ grid: LevelGrid, centres: [Int], reach: SIMD3<Int>) {
    levels = grid.levels
    greyLevels = grid.greyLevels
    highest = grid.highest
    size = grid.region.paddedSize
    self.centres = centres
    self.reach = reach
  }

  /// Offsets from a kernel's centre to its voxels, x fastest.
  var offsets: [Int] {
    var offsets: [Int] = []
    for z in -reach.z...reach.z {
      for y in -reach.y...reach.y {
        for x in -reach.x...reach.x { offsets.append(x + size.x * (y + size.y * z)) }
      }
    }
    return offsets
  }

  /// Voxels in a kernel.
  var kernelCount: Int { (2 * reach.x + 1) * (2 * reach.y + 1) * (2 * reach.z + 1) }

  /// The steps that lead from one voxel of a kernel to another.
  func within(_ steps: [SIMD3<Int>]) -> [SIMD3<Int>] {
    steps.filter { abs($0.x) <= 2 * reach.x && abs($0.y) <= 2 * reach.y && abs($0.z) <= 2 * reach.z }
  }
}
