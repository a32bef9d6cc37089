/// A run of neighbouring voxels along x.
package struct VoxelRun: Sendable, Equatable {
  /// The first voxel.
  package var x: Int
  package var y: Int
  package var z: Int
  /// Number of voxels.
  package var length: Int

  package init(x: Int, y: Int, z: Int, length: Int) {
    self.x = x
    self.y = y
    self.z = z
    self.length = length
  }
}

/// The parts of a region that do not touch by a face, an edge or a corner.
package struct MaskParts: Sendable, Equatable {
  /// Voxels of each part, largest first. Empty for an empty mask.
  package let sizes: [Int]

  package init(_ mask: Mask) { self.init(Self.runs(mask), size: mask.geometry.size) }

  /// - Parameters:
  ///   - runs: the region's runs, in storage order: z, then y, then x; none touches the next of its line.
  ///   - size: voxels of the grid that they lie in.
  package init(_ runs: [VoxelRun], size: SIMD3<Int>) {
    var parent = Array(runs.indices)
    func find(_ start: Int) -> Int {
      var node = start
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    // The runs of each line (y, z), with a border of lines without runs.
    let pitch = size.y + 2
    var lines = [Range<Int>](repeating: 0..<0, count: pitch * (size.z + 1))
    var first = 0
    while first < runs.count {
      let (y, z) = (runs[first].y, runs[first].z)
      var end = first + 1
      while end < runs.count, runs[end].y == y, runs[end].z == z { end += 1 }
      for (dy, dz) in [(-1, 0), (-1, -1), (0, -1), (1, -1)] {
        // Both lines run along x: a run that ended before this one touches no later one.
        var neighbours = lines[y + 1 + dy + pitch * (z + 1 + dz)]
        for a in first..<end {
          while let b = neighbours.first, runs[b].x + runs[b].length < runs[a].x { neighbours.removeFirst() }
          for b in neighbours {
            guard runs[b].x <= runs[a].x + runs[a].length else { break }
            let (ra, rb) = (find(a), find(b))
            if ra != rb { parent[max(ra, rb)] = min(ra, rb) }
          }
        }
      }
      lines[y + 1 + pitch * (z + 1)] = first..<end
      first = end
    }
    var totals = [Int](repeating: 0, count: runs.count)
    for i in runs.indices { totals[find(i)] += runs[i].length }
    sizes = totals.filter { $0 > 0 }.sorted(by: >)
  }

  private static func runs(_ mask: Mask) -> [VoxelRun] {
    let size = mask.geometry.size
    var runs: [VoxelRun] = []
    mask.voxels.withUnsafeBufferPointer { voxels in
      for z in 0..<size.z {
        for y in 0..<size.y {
          let line = size.x * (y + size.y * z)
          var x = 0
          while x < size.x {
            guard voxels[line &+ x] != 0 else {
              x &+= 1
              continue
            }
            let from = x
            while x < size.x, voxels[line &+ x] != 0 { x &+= 1 }
            runs.append(VoxelRun(x: from, y: y, z: z, length: x - from))
          }
        }
      }
    }
    return runs
  }
}
