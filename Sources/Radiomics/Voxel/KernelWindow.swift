/// One kernel at a time, cut out of the grid, with its grey levels renumbered from 1 so that matrices are small.
///
/// The cube has a border of 0 as wide as the longest step, so that a neighbour needs no test of bounds.
final class KernelWindow {
  /// Voxels along x, y, z.
  let size: SIMD3<Int>
  let capacity: Int
  /// Level numbers, 1... in ascending order of grey level; 0: outside.
  let cube: UnsafeMutablePointer<UInt16>
  /// Offsets in the cube of the kernel's voxels, x fastest.
  let places: UnsafeMutablePointer<Int32>
  /// Numbers (in `places`) of the voxels that have a level.
  let members: UnsafeMutablePointer<Int32>
  private(set) var memberCount = 0
  /// The grey level of each number, from 0.
  let grey: UnsafeMutablePointer<Double>
  private(set) var levelCount = 0

  private let grid: KernelGrid
  private let pitch: Int
  private let plane: Int
  private let deltas: [Int]
  private let used: KernelScratch<UInt64>
  private let numbers: KernelScratch<UInt16>
  private let raw: KernelScratch<UInt16>
  private let cubeScratch: KernelScratch<UInt16>
  private let placeScratch: KernelScratch<Int32>
  private let memberScratch: KernelScratch<Int32>
  private let greyScratch: KernelScratch<Double>

  /// - Parameter guardWidth: the longest step from a voxel of the kernel.
  init(_ grid: KernelGrid, guardWidth: Int) {
    self.grid = grid
    size = grid.reach &* 2 &+ 1
    capacity = grid.kernelCount
    deltas = grid.offsets
    pitch = size.x + guardWidth
    plane = pitch * (size.y + guardWidth)
    let lead = guardWidth * (1 + pitch + plane)
    used = KernelScratch(count: grid.greyLevels.count / 64 + 1, 0)
    numbers = KernelScratch(count: grid.greyLevels.count + 1, 0)
    raw = KernelScratch(count: capacity, 0)
    cubeScratch = KernelScratch(count: 2 * lead + plane * size.z, 0)
    placeScratch = KernelScratch(count: capacity, 0)
    memberScratch = KernelScratch(count: capacity, 0)
    greyScratch = KernelScratch(count: capacity, 0)
    cube = cubeScratch.base
    places = placeScratch.base
    members = memberScratch.base
    grey = greyScratch.base
    var i = 0
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          places[i] = Int32(lead + x + pitch * y + plane * z)
          i += 1
        }
      }
    }
  }

  /// Offset in the cube of a neighbour.
  func offset(_ step: SIMD3<Int>) -> Int { step.x + pitch * step.y + plane * step.z }

  /// Loads the kernel around a voxel of the padded grid.
  func load(_ centre: Int) {
    let (used, numbers, raw) = (used.base, numbers.base, raw.base)
    let words = grid.greyLevels.count / 64 + 1
    var count = 0
    grid.levels.withUnsafeBufferPointer { levels in
      deltas.withUnsafeBufferPointer { deltas in
        for i in 0..<capacity {
          let level = levels[centre &+ deltas[i]]
          raw[i] = level
          if level != 0 {
            used[Int(level) &>> 6] |= 1 &<< (UInt64(level) & 63)
            members[count] = Int32(truncatingIfNeeded: i)
            count &+= 1
          }
        }
      }
    }
    memberCount = count
    var k = 0
    grid.greyLevels.withUnsafeBufferPointer { greyLevels in
      for word in 0..<words where used[word] != 0 {
        var bits = used[word]
        used[word] = 0
        while bits != 0 {
          let level = word &* 64 &+ bits.trailingZeroBitCount
          bits &= bits &- 1
          grey[k] = Double(greyLevels[level &- 1])
          k &+= 1
          numbers[level] = UInt16(truncatingIfNeeded: k)
        }
      }
    }
    levelCount = k
    for i in 0..<capacity { cube[Int(places[i])] = raw[i] == 0 ? 0 : numbers[Int(raw[i])] }
  }
}
