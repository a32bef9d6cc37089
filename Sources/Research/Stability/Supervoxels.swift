internal import Imaging
internal import Random
internal import Statistics

/// The neighbourhood of a region divided into supervoxels: small, mostly connected patches of similar value (SLIC,
/// Achanta et al. 2012, in millimetres), along whose edges a contour might also have been drawn.
struct Supervoxels {
  /// The divided part of the grid: the region's box with a margin.
  private let low: SIMD3<Int>
  private let size: SIMD3<Int>
  /// Patch of each voxel of the part, x fastest.
  private let patch: [Int32]
  /// Voxels of each patch, and how many of them are inside the region.
  private let counts: [(all: Int, inside: Int)]

  /// Edge of a patch, mm.
  static let edge = 6.0
  /// Weight of distance against value: a patch's edge counts as much as this share of the values' spread.
  static let compactness = 0.25
  static let rounds = 5

  init(_ image: Volume, _ mask: Mask) {
    let geometry = mask.geometry
    let n = geometry.size
    var first = n
    var last = SIMD3(-1, -1, -1)
    for z in 0..<n.z {
      for y in 0..<n.y {
        for x in 0..<n.x where mask.voxels[x + n.x * (y + n.y * z)] != 0 {
          first = SIMD3(min(first.x, x), min(first.y, y), min(first.z, z))
          last = SIMD3(max(last.x, x), max(last.y, y), max(last.z, z))
        }
      }
    }
    let spacing = SIMD3(geometry.spacing.x, geometry.spacing.y, geometry.spacing.z)
    var low = SIMD3(0, 0, 0)
    var size = SIMD3(0, 0, 0)
    var step = SIMD3(1, 1, 1)
    for a in 0..<3 {
      let margin = Int((Self.edge / spacing[a]).rounded(.up))
      low[a] = max(0, first[a] - margin)
      size[a] = min(n[a] - 1, last[a] + margin) - low[a] + 1
      step[a] = max(1, Int((Self.edge / spacing[a]).rounded()))
    }
    self.low = low
    self.size = size
    let volume = size.x * size.y * size.z
    var values = [Double](repeating: 0, count: volume)
    var inside = [Bool](repeating: false, count: volume)
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          let at = (low.x + x) + n.x * ((low.y + y) + n.y * (low.z + z))
          let place = x + size.x * (y + size.y * z)
          let value = image.voxels[at]
          values[place] = value.isFinite ? value : 0
          inside[place] = mask.voxels[at] != 0
        }
      }
    }
    let spread = meanAndDeviation(values).deviation ?? 1
    patch = Self.cut(values, size: size, spacing: spacing, step: step, spread: max(spread, 1e-9))
    var counts = [(all: Int, inside: Int)](repeating: (0, 0), count: Int(patch.max() ?? 0) + 1)
    for place in 0..<volume {
      counts[Int(patch[place])].all += 1
      if inside[place] { counts[Int(patch[place])].inside += 1 }
    }
    self.counts = counts
  }

  private struct Centre {
    var value = 0.0
    var position = SIMD3<Double>()
    var weight = 0.0
  }

  /// Local k-means: each centre competes for the voxels within a step of it.
  private static func cut(
    _ values: [Double], size: SIMD3<Int>, spacing: SIMD3<Double>, step: SIMD3<Int>, spread: Double
  ) -> [Int32] {
    var centres: [Centre] = []
    for z in stride(from: min(step.z / 2, size.z - 1), to: size.z, by: step.z) {
      for y in stride(from: min(step.y / 2, size.y - 1), to: size.y, by: step.y) {
        for x in stride(from: min(step.x / 2, size.x - 1), to: size.x, by: step.x) {
          centres.append(
            Centre(
              value: values[x + size.x * (y + size.y * z)], position: SIMD3(Double(x), Double(y), Double(z)), weight: 1)
          )
        }
      }
    }
    let valueScale = 1 / (compactness * spread)
    let placeScale = spacing / edge
    var best = [Int32](repeating: 0, count: values.count)
    for _ in 0..<rounds {
      var distance = [Double](repeating: .infinity, count: values.count)
      for (index, centre) in centres.enumerated() where centre.weight > 0 {
        func range(_ a: Int) -> ClosedRange<Int> {
          let middle = Int(centre.position[a].rounded())
          return max(0, middle - 2 * step[a])...max(0, min(size[a] - 1, middle + 2 * step[a]))
        }
        for z in range(2) {
          for y in range(1) {
            for x in range(0) {
              let place = x + size.x * (y + size.y * z)
              let away = (SIMD3(Double(x), Double(y), Double(z)) - centre.position) * placeScale
              let value = (values[place] - centre.value) * valueScale
              let d = value * value + (away * away).sum()
              if d < distance[place] {
                distance[place] = d
                best[place] = Int32(index)
              }
            }
          }
        }
      }
      centres = centres.map { _ in Centre() }
      for z in 0..<size.z {
        for y in 0..<size.y {
          for x in 0..<size.x {
            let place = x + size.x * (y + size.y * z)
            centres[Int(best[place])].value += values[place]
            centres[Int(best[place])].position += SIMD3(Double(x), Double(y), Double(z))
            centres[Int(best[place])].weight += 1
          }
        }
      }
      for i in centres.indices where centres[i].weight > 0 {
        centres[i].value /= centres[i].weight
        centres[i].position /= centres[i].weight
      }
    }
    return best
  }

  /// The redrawn region: a patch that lies in it by at least 0.9 stays in, one by at most 0.2 stays out, and between
  /// the two it is in with the probability of that share.
  func redrawn(_ mask: Mask, _ random: inout SplitMix64) -> Mask {
    let chosen = counts.map { count -> Bool in
      let share = count.all > 0 ? Double(count.inside) / Double(count.all) : 0
      // Drawn for every patch, so that one patch's share does not affect the other draws.
      let draw = random.unit()
      return share >= 0.9 || (share > 0.2 && draw < share)
    }
    var out = mask
    let n = mask.geometry.size
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          let at = (low.x + x) + n.x * ((low.y + y) + n.y * (low.z + z))
          out.voxels[at] = chosen[Int(patch[x + size.x * (y + size.y * z)])] ? 1 : 0
        }
      }
    }
    return out
  }
}
