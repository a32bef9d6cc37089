/// NGTDM features of kernels (`ToneDifferences` and `NGTDMFeatures` for kernels).
final class ToneDifferenceKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let offsets: [Int]
  private let counts: KernelScratch<Double>
  private let differences: KernelScratch<Double>

  init(_ grid: KernelGrid, directions: [SIMD3<Int>]) {
    self.grid = grid
    let steps = grid.within(directions)
    window = KernelWindow(grid, guardWidth: steps.longest)
    let forward = steps.map(window.offset)
    offsets = forward + forward.map { -$0 }
    counts = KernelScratch(count: grid.kernelCount, 0)
    differences = KernelScratch(count: grid.kernelCount, 0)
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    let levels = window.levelCount
    let (cube, grey) = (window.cube, window.grey)
    let (p, s) = (counts.base, differences.base)
    for i in 0..<levels {
      p[i] = 0
      s[i] = 0
    }
    offsets.withUnsafeBufferPointer { offsets in
      for m in 0..<window.memberCount {
        let here = Int(window.places[Int(window.members[m])])
        let own = Int(cube[here]) &- 1
        var sum = 0.0
        var neighbours = 0.0
        for offset in offsets {
          let other = Int(cube[here &+ offset])
          if other != 0 {
            sum += grey[other &- 1]
            neighbours += 1
          }
        }
        p[own] += 1
        if neighbours > 0 { s[own] += abs(grey[own] - sum / neighbours) }
      }
    }
    let voxels = Double(window.memberCount)
    var sumS = 0.0
    var weighted = 0.0
    for i in 0..<levels {
      p[i] /= voxels
      sumS += s[i]
      weighted += p[i] * s[i]
    }
    var absolute = 0.0
    var complexity = 0.0
    var contrast = 0.0
    var strength = 0.0
    for a in 0..<levels {
      for b in 0..<levels {
        let step = grey[a] - grey[b]
        absolute += abs(grey[a] * p[a] - grey[b] * p[b])
        complexity += abs(step) * (p[a] * s[a] + p[b] * s[b]) / (p[a] + p[b])
        contrast += p[a] * p[b] * (step * step)
        strength += (p[a] + p[b]) * (step * step)
      }
    }
    let groups = Double(levels * (levels - 1))
    values[0] = absolute == 0 ? 0 : weighted / absolute
    values[1] = weighted == 0 ? 1e6 : 1 / weighted
    values[2] = complexity / voxels
    values[3] = levels > 1 ? contrast * sumS / voxels / groups : 0
    values[4] = sumS == 0 ? 0 : strength / sumS
  }
}
