package import Errors
package import Imaging

/// An even stack whose positions were rounded to 0.1 mm: steps of 0.6 and 0.7 mm where the slices are 0.625 mm apart.
///
/// There must be a line of equal steps along the slices' normal from which every coordinate differs by at most the
/// rounding or truncation to one decimal, 0.05 mm, and the steps must be the two adjacent tenths that rounding gives. A
/// missing slice makes a step that is larger by a whole spacing, so that it cannot be mistaken for rounding.
struct RoundedPositions {
  /// The rounding, mm.
  static let unit = 0.1
  /// Below this spacing a missing slice would look like rounding.
  static let smallestSpacing = 0.3
  /// Limit, because every pair is compared.
  static let mostSlices = 5000
  /// Coordinates with six decimals, as most are written.
  private static let noise = 1e-5

  /// Distance between slices, mm.
  let spacing: Double
  /// Spacings that the positions allow, mm.
  let possible: ClosedRange<Double>
  /// Position of the first slice on the line.
  let origin: Vector3

  /// - Parameter images: at least three, in order along the normal.
  init?(_ images: [PlacedImage]) {
    guard images.count <= Self.mostSlices else { return nil }
    let first = images[0]
    let normal = first.normal / first.normal.length
    let main = (0..<3).max { abs(normal[$0]) < abs(normal[$1]) } ?? 2
    var range = Self.smallestSpacing...1e3
    var tolerances = Vector3(0, 0, 0)
    for axis in 0..<3 {
      let values = images.map { $0.position[axis] }
      let isRounded = values.allSatisfy { abs($0 * 10 - ($0 * 10).rounded()) < 10 * Self.noise }
      guard isRounded || axis != main else { return nil }
      if isRounded {
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        guard let least = steps.min(), let most = steps.max(), most - least <= Self.unit + 2 * Self.noise else {
          return nil
        }
      }
      tolerances[axis] = (isRounded ? Self.unit / 2 : SliceSelection.positionTolerance / 2) + Self.noise
      guard let narrower = Self.narrow(range, values, normal[axis], 2 * tolerances[axis]) else { return nil }
      range = narrower
    }
    possible = range
    // Within the spacings that rounding allows, the tags of the series decide where they are plausible.
    let acquisition = first.header.acquisition
    let tags = [acquisition.spacingBetweenSlices, acquisition.sliceThickness].compactMap { $0 }
    spacing = tags.first(where: range.contains) ?? (range.lowerBound + range.upperBound) / 2
    var origin = first.position
    for axis in 0..<3 {
      let step = spacing * normal[axis]
      let rests = images.enumerated().map { $1.position[axis] - step * Double($0) }
      let (low, high) = ((rests.max() ?? 0) - tolerances[axis], (rests.min() ?? 0) + tolerances[axis])
      origin[axis] = low > high ? (low + high) / 2 : min(max(origin[axis], low), high)
    }
    self.origin = origin
  }

  /// The spacings for which a coordinate stays within a band around its line: for every two slices the distance on
  /// the line and the stated distance differ by at most the band's width.
  private static func narrow(
    _ range: ClosedRange<Double>, _ values: [Double], _ cosine: Double, _ width: Double
  ) -> ClosedRange<Double>? {
    guard abs(cosine) > 1e-6 else {
      return (values.max() ?? 0) - (values.min() ?? 0) <= width + 1e-3 ? range : nil
    }
    var low = range.lowerBound
    var high = range.upperBound
    for i in values.indices {
      for j in (i + 1)..<max(i + 1, values.count) {
        let run = Double(j - i) * cosine
        let ends = ((values[j] - values[i] - width) / run, (values[j] - values[i] + width) / run)
        low = max(low, min(ends.0, ends.1))
        high = min(high, max(ends.0, ends.1))
      }
      if low > high { return nil }
    }
    return low...high
  }

  var note: Note {
    Note(
      code: "POSITIONS_ROUNDED",
      message:
        "the positions are rounded to \(Self.unit) mm; the slices were put on the even grid of \(rounded(spacing)) mm, which "
        + "they follow within 0.05 mm (\(rounded(possible.lowerBound)) to \(rounded(possible.upperBound)) mm would do)")
  }
}

/// How other programs read a series of rounded positions: their masks have a different grid.
struct RoundedStack: Sendable, Equatable {
  /// The series' grid with the slice spacing of the first two positions, of the last two, and of all.
  let others: [Geometry]
  /// Positions as stated in the files.
  let positions: [Vector3]

  init(_ images: [PlacedImage], _ grid: Geometry) {
    positions = images.map(\.position)
    let count = positions.count
    func shifted(to origin: Vector3, _ spacing: Double) -> Geometry {
      var other = grid
      other.origin = origin
      other.spacing.z = spacing
      return other
    }
    let first = (positions[1] - positions[0]).length
    let last = (positions[count - 1] - positions[count - 2]).length
    let mean = (positions[count - 1] - positions[0]).length / Double(count - 1)
    let back = positions[count - 1] - grid.direction[2] * (last * Double(count - 1))
    others = [shifted(to: positions[0], mean), shifted(to: positions[0], first), shifted(to: back, last)]
  }
}

extension SliceStack {
  /// The grid on which to place a label map: the series' own; or, where positions were rounded and the label map spans
  /// all slices as another program read them, that program's grid, which has the same voxels.
  package func grid(for mask: Geometry) -> (grid: Geometry, note: Note?) {
    guard let rounding, (try? checkMaskGrid(mask, on: geometry)) == nil else { return (geometry, nil) }
    for other in rounding.others {
      guard let match = try? GridMatch(mask: mask, image: other, file: nil), match.distance <= GridMatch.exact,
        !match.isSubgrid
      else { continue }
      return (
        other,
        Note(
          code: "MASK_OF_ROUNDED_POSITIONS",
          message:
            "the mask's slices are \(rounded(other.spacing.z)) mm apart, as a program reads the series that takes rounded "
            + "positions at their word; it was taken slice by slice")
      )
    }
    return (geometry, nil)
  }

  /// The position on the even grid of a slice's stated, rounded position.
  package func straightened(_ point: Vector3) -> Vector3 {
    guard let rounding else { return point }
    let normal = geometry.direction[2]
    let nearest = rounding.positions.indices.min {
      abs((point - rounding.positions[$0]).dot(normal)) < abs((point - rounding.positions[$1]).dot(normal))
    }
    guard let nearest, abs((point - rounding.positions[nearest]).dot(normal)) <= SliceSelection.positionTolerance else {
      return point
    }
    return point + geometry.point(at: Vector3(0, 0, Double(nearest))) - rounding.positions[nearest]
  }
}
