/// Zones: connected voxels of one grey level (26-connected, 8-connected with a fixed axis), found by union-find.
enum ZoneCounts {
  /// Sizes up to this are counted in a table, larger ones, of which there are few, in a list.
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
    let earlier = directions.map { -region.paddedOffset($0) }
    let needed = NeededNeighbours(directions)
    // Nodes are zones in the making; `parent` and `size` by node, `node` by voxel of the padded grid.
    var zones: [Zone] = []
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: region.paddedCount) { node in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: region.count) { parent in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: region.count) { size in
          withUnsafeTemporaryAllocation(of: UInt16.self, capacity: region.box.size.x) { equal in
            grid.levels.withUnsafeBufferPointer { levels in
              zones = link(
                region, levels.baseAddress!, earlier, needed, node.baseAddress!, parent.baseAddress!,
                size.baseAddress!, equal.baseAddress!)
            }
          }
        }
      }
    }
    return zones
  }

  private static func link(
    _ region: Region, _ grid: UnsafePointer<UInt16>, _ earlier: [Int], _ needed: NeededNeighbours,
    _ node: UnsafeMutablePointer<Int32>, _ parent: UnsafeMutablePointer<Int32>, _ size: UnsafeMutablePointer<Int32>,
    _ equal: UnsafeMutablePointer<UInt16>
  ) -> [Zone] {
    var nodes: Int32 = 0
    var nodeLevel: [UInt16] = []
    nodeLevel.reserveCapacity(region.count / 4)
    earlier.withUnsafeBufferPointer { earlier in
      needed.table.withUnsafeBufferPointer { table in
        for row in region.rows {
          let here = grid + row.padded
          let ids = node + row.padded
          // Bit k: the k-th earlier neighbour has the same level. Whole rows at once.
          for x in 0..<row.length { equal[x] = 0 }
          for k in 0..<earlier.count {
            let there = here + earlier[k]
            let bit = UInt16(1) << UInt16(k)
            for x in 0..<row.length { equal[x] |= here[x] == there[x] ? bit : 0 }
          }
          for x in 0..<row.length {
            var mask = table[Int(equal[x])]
            if mask == 0 {
              parent[Int(nodes)] = nodes
              size[Int(nodes)] = 1
              nodeLevel.append(here[x])
              ids[x] = nodes
              nodes &+= 1
              continue
            }
            var root = find(parent, ids[x &+ earlier[mask.trailingZeroBitCount]])
            mask &= mask &- 1
            while mask != 0 {
              let other = find(parent, ids[x &+ earlier[mask.trailingZeroBitCount]])
              mask &= mask &- 1
              if other != root {
                let (kept, joined) = root < other ? (root, other) : (other, root)
                parent[Int(joined)] = kept
                size[Int(kept)] &+= size[Int(joined)]
                root = kept
              }
            }
            size[Int(root)] &+= 1
            ids[x] = root
          }
        }
      }
    }
    var zones: [Zone] = []
    for i in 0..<Int(nodes) where parent[i] == Int32(i) { zones.append(Zone(level: nodeLevel[i], size: size[i])) }
    return zones
  }

  @inline(__always)
  private static func find(_ parent: UnsafeMutablePointer<Int32>, _ start: Int32) -> Int32 {
    var node = start
    while parent[Int(node)] != node {
      let next = parent[Int(parent[Int(node)])]
      parent[Int(node)] = next
      node = next
    }
    return node
  }
}

/// Which of the earlier neighbours of the same level must be joined: two that touch each other are one zone already, so
/// one of them is enough.
struct NeededNeighbours: Sendable {
  /// By the bits of the neighbours with the same level, the bits of those to join.
  let table: [UInt16]

  /// - Parameter directions: steps to the later neighbours; the earlier ones are opposite.
  init(_ directions: [SIMD3<Int>]) {
    let count = directions.count
    // touching[k]: bits of the neighbours one voxel or less away from neighbour k.
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
