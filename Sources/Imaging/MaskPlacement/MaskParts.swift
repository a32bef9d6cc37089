/// The parts of a region that do not touch, neither by face nor by edge nor by corner.
public struct MaskParts: Sendable, Equatable {
  /// Voxels of each part, the largest first. None for an empty mask.
  public let sizes: [Int]

  /// A stretch of voxels along x.
  private struct Run {
    var from: Int
    var to: Int
  }

  public init(_ mask: Mask) {
    let size = mask.geometry.size
    var parent: [Int] = []
    var counts: [Int] = []
    func find(_ start: Int) -> Int {
      var node = start
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    /// Runs of the line before, and of the slice before: (index of the first, runs), line by line.
    var below: [(first: Int, runs: [Run])] = []
    var current: [(first: Int, runs: [Run])] = []
    for z in 0..<size.z {
      current.removeAll(keepingCapacity: true)
      for y in 0..<size.y {
        let runs = Self.runs(mask, line: y + size.y * z)
        let first = parent.count
        for run in runs {
          parent.append(parent.count)
          counts.append(run.to - run.from + 1)
        }
        current.append((first, runs))
        var neighbours = y > 0 ? [current[y - 1]] : []
        if z > 0, !runs.isEmpty { neighbours += below[max(0, y - 1)...min(size.y - 1, y + 1)] }
        for neighbour in neighbours {
          for (i, run) in runs.enumerated() {
            for (j, other) in neighbour.runs.enumerated() where other.from <= run.to + 1 && other.to >= run.from - 1 {
              let (a, b) = (find(first + i), find(neighbour.first + j))
              if a != b { parent[max(a, b)] = min(a, b) }
            }
          }
        }
      }
      swap(&below, &current)
    }
    var totals: [Int: Int] = [:]
    for node in parent.indices { totals[find(node), default: 0] += counts[node] }
    sizes = totals.values.sorted(by: >)
  }

  private static func runs(_ mask: Mask, line: Int) -> [Run] {
    let width = mask.geometry.size.x
    return mask.voxels.withUnsafeBufferPointer { voxels in
      let row = UnsafeBufferPointer(rebasing: voxels[line * width..<(line + 1) * width])
      var runs: [Run] = []
      var x = 0
      while x < width {
        guard row[x] != 0 else {
          x &+= 1
          continue
        }
        let from = x
        while x < width, row[x] != 0 { x &+= 1 }
        runs.append(Run(from: from, to: x - 1))
      }
      return runs
    }
  }
}
