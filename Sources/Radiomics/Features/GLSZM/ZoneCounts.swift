internal import CKernels

/// Zones: connected voxels of one grey level (26-connected, 8-connected with a fixed axis), found by union-find.
enum ZoneCounts {
  /// Sizes up to this are counted in a table; larger sizes are rare and counted in a list.
  private static let tableSize = 256

  /// The matrix as entries by grey level.
  static func entries(_ grid: LevelGrid, fixedAxis: Int?) -> [LevelSizeEntry] {
    let zones = zones(grid, fixedAxis: fixedAxis)
    let levels = grid.greyLevels.count
    var table = [UInt32](repeating: 0, count: (levels + 1) * tableSize)
    var large: [[Int]] = Array(repeating: [], count: levels + 1)
    for zone in zones {
      if zone.size < tableSize {
        table[Int(zone.level) * tableSize + Int(zone.size)] += 1
      } else {
        large[Int(zone.level)].append(Int(zone.size))
      }
    }
    var entries: [LevelSizeEntry] = []
    for (i, greyLevel) in grid.greyLevels.enumerated() {
      for size in 1..<tableSize where table[(i + 1) * tableSize + size] != 0 {
        entries.append(
          LevelSizeEntry(
            level: Double(greyLevel), size: Double(size), weight: Double(table[(i + 1) * tableSize + size])))
      }
      for size in large[i + 1].sorted() {
        if let last = entries.last, last.level == Double(greyLevel), last.size == Double(size) {
          entries[entries.count - 1].weight += 1
        } else {
          entries.append(LevelSizeEntry(level: Double(greyLevel), size: Double(size), weight: 1))
        }
      }
    }
    return entries
  }

  private struct Zone {
    var level: UInt16
    var size: Int32
  }

  private static func zones(_ grid: LevelGrid, fixedAxis: Int?) -> [Zone] {
    let region = grid.region
    let directions = Neighbourhood(distances: [1], size: region.box.size, fixedAxis: fixedAxis).directions
    // One entry at least: an empty array may have no address.
    let earlier = directions.map { -region.paddedOffset($0) } + [0]
    let needed = NeededNeighbours.of(directions)
    // Nodes are growing zones; `parent`, `size` and `level` are by node, `node` by voxel of the padded grid.
    var zones: [Zone] = []
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: region.paddedCount + 2 * region.count) { numbers in
      withUnsafeTemporaryAllocation(
        of: UInt16.self, capacity: region.count + region.longestRow + Kernels.overhang
      ) { shorts in
        let node = numbers.baseAddress!
        let parent = node + region.paddedCount
        let size = parent + region.count
        let level = shorts.baseAddress!
        let nodes = region.spans.withUnsafeBufferPointer { spans in
          grid.levels.withUnsafeBufferPointer { levels in
            earlier.withUnsafeBufferPointer { earlier in
              needed.table.withUnsafeBufferPointer { needed in
                Kernels.current.link_zones(
                  spans.baseAddress!, spans.count, levels.baseAddress!, earlier.baseAddress!,
                  directions.count, needed.baseAddress!, level + region.count, node, parent, size, level)
              }
            }
          }
        }
        for i in 0..<Int(nodes) where parent[i] == Int32(i) { zones.append(Zone(level: level[i], size: size[i])) }
      }
    }
    return zones
  }
}

/// Which of the earlier neighbours of the same level must be joined: two that touch each other are one zone already, so
/// one of them is sufficient.
struct NeededNeighbours: Sendable {
  /// By the bits of the neighbours with the same level: the bits of those to join.
  let table: [UInt16]

  /// The table for a neighbourhood. The table of all 26 neighbours is made once.
  static func of(_ directions: [SIMD3<Int>]) -> NeededNeighbours {
    directions == allDirections ? all : NeededNeighbours(directions)
  }

  private static let allDirections = Neighbourhood(distances: [1], size: SIMD3(2, 2, 2), fixedAxis: nil).directions
  private static let all = NeededNeighbours(allDirections)

  /// - Parameter directions: steps to the later neighbours; the earlier ones are opposite.
  init(_ directions: [SIMD3<Int>]) {
    let count = directions.count
    // touching[k]: bits of the neighbours at most one voxel away from neighbour k.
    let touching: [UInt16] = directions.map { a in
      var bits: UInt16 = 0
      for (k, b) in directions.enumerated() {
        let step = a &- b
        if abs(step.x) <= 1, abs(step.y) <= 1, abs(step.z) <= 1 { bits |= 1 << UInt16(k) }
      }
      return bits
    }
    var table = [UInt16](repeating: 0, count: 1 << count)
    for bits in 1..<table.count {
      var left = UInt16(bits)
      var kept: UInt16 = 0
      while left != 0 {
        var component = left & (~left &+ 1)
        kept |= component
        // Grow the component until nothing touches it.
        while true {
          var grown = component
          var rest = component
          while rest != 0 {
            grown |= touching[rest.trailingZeroBitCount] & left
            rest &= rest &- 1
          }
          if grown == component { break }
          component = grown
        }
        left &= ~component
      }
      table[bits] = kept
    }
    self.table = table
  }
}
