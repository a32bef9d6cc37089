import Foundation

/// Texture matrices by the simplest loops, to compare the fast ones with: every voxel, every neighbour, bounds
/// tested, no shared work.
struct NaiveTexture {
  let size: SIMD3<Int>
  /// Grey level by voxel, 0 outside the region.
  let levels: [Int]

  static let directions: [SIMD3<Int>] = {
    var all: [SIMD3<Int>] = []
    for z in 0...1 {
      for y in -1...1 {
        for x in -1...1 where z > 0 || y > 0 || (y == 0 && x > 0) { all.append(SIMD3(x, y, z)) }
      }
    }
    return all
  }()

  func level(_ p: SIMD3<Int>) -> Int {
    guard p.x >= 0, p.y >= 0, p.z >= 0, p.x < size.x, p.y < size.y, p.z < size.z else { return 0 }
    return levels[p.x + size.x * (p.y + size.y * p.z)]
  }

  var voxels: [SIMD3<Int>] {
    (0..<size.x * size.y * size.z).map { SIMD3($0 % size.x, $0 / size.x % size.y, $0 / (size.x * size.y)) }
      .filter { level($0) > 0 }
  }

  /// Probabilities p(i, j) of a symmetrical matrix along one direction; empty where there is no pair.
  func cooccurrence(_ step: SIMD3<Int>) -> [SIMD2<Int>: Double] {
    var counts: [SIMD2<Int>: Double] = [:]
    for p in voxels where level(p &+ step) > 0 {
      counts[SIMD2(level(p), level(p &+ step)), default: 0] += 1
      counts[SIMD2(level(p &+ step), level(p)), default: 0] += 1
    }
    let total = counts.values.reduce(0, +)
    return counts.mapValues { $0 / total }
  }

  /// Runs by (level, length) along one direction.
  func runs(_ step: SIMD3<Int>) -> [SIMD2<Int>: Double] {
    var counts: [SIMD2<Int>: Double] = [:]
    for p in voxels where level(p &- step) != level(p) {
      var length = 1
      while level(p &+ step &* length) == level(p) { length += 1 }
      counts[SIMD2(level(p), length), default: 0] += 1
    }
    return counts
  }

  /// Zones by (level, size), grown voxel by voxel.
  func zones() -> [SIMD2<Int>: Double] {
    var seen: Set<SIMD3<Int>> = []
    var counts: [SIMD2<Int>: Double] = [:]
    let steps = Self.directions + Self.directions.map { SIMD3(0, 0, 0) &- $0 }
    for start in voxels where !seen.contains(start) {
      var stack = [start]
      var size = 0
      seen.insert(start)
      while let p = stack.popLast() {
        size += 1
        for step in steps where level(p &+ step) == level(start) && seen.insert(p &+ step).inserted {
          stack.append(p &+ step)
        }
      }
      counts[SIMD2(level(start), size), default: 0] += 1
    }
    return counts
  }

  /// Voxels by (level, 1 + neighbours whose level differs by at most `tolerance`).
  func dependences(tolerance: Int) -> [SIMD2<Int>: Double] {
    let steps = Self.directions + Self.directions.map { SIMD3(0, 0, 0) &- $0 }
    var counts: [SIMD2<Int>: Double] = [:]
    for p in voxels {
      let alike = steps.count { level(p &+ $0) > 0 && abs(level(p &+ $0) - level(p)) <= tolerance }
      counts[SIMD2(level(p), alike + 1), default: 0] += 1
    }
    return counts
  }
}

/// Entropy in bits of weights that are not normalised.
func entropy(_ weights: some Sequence<Double>) -> Double {
  let total = weights.reduce(0, +)
  return -weights.reduce(0) { $0 + $1 / total * log2($1 / total) }
}
