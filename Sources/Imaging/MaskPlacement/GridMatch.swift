package import Errors

/// How the voxels of a mask's grid map to an image's: by exchanging and flipping axes and a whole-number shift, never
/// by resampling.
package struct GridMatch: Sendable {
  /// Up to this distance (voxels of the image) two grids are the same.
  package static let exact = 0.01
  /// Up to this distance the difference is the rounding of coordinates in some file: accepted with a note.
  package static let rounded = 0.1

  /// Image axis of each mask axis.
  package let axes: SIMD3<Int>
  /// 1 or -1 for each mask axis: along or against the image axis.
  package let steps: SIMD3<Int>
  /// Image voxel of the mask's voxel (0, 0, 0).
  package let start: SIMD3<Int>
  /// The largest distance of a mask corner voxel from its image voxel, in image voxels.
  package let distance: Double
  /// The mask has fewer voxels than the image along some axis.
  package let isSubgrid: Bool

  /// - Throws: `E_GEOM_MISMATCH`.
  package init(mask: Geometry, image: Geometry, file: String?) throws {
    let sizes = "mask \(Self.text(mask.size)) voxels, image \(Self.text(image.size))"
    func mismatch(_ what: String, _ details: [String: String] = [:]) -> StudyError {
      StudyError(
        .geometryMismatch, "the mask does not lie on the image's grid: \(what) (\(sizes))", file: file,
        hint: "use the mask drawn on this series, or resample it onto the image's grid yourself", details: details)
    }
    guard let inverse = image.direction.inverse else { throw mismatch("the image's axes are degenerate") }

    var axes = SIMD3(0, 0, 0)
    var steps = SIMD3(1, 1, 1)
    for axis in 0..<3 {
      let along = inverse * mask.direction[axis]
      let best = (0..<3).max { abs(along[$0]) < abs(along[$1]) } ?? 0
      axes[axis] = best
      steps[axis] = along[best] < 0 ? -1 : 1
    }
    guard Set([axes.x, axes.y, axes.z]).count == 3 else { throw mismatch("its axes are turned against the image's") }

    guard let origin = image.index(of: mask.origin), (0..<3).allSatisfy({ abs(origin[$0]) < 1e9 }) else {
      throw mismatch("its origin is far away")
    }
    var start = SIMD3(0, 0, 0)
    for axis in 0..<3 { start[axis] = Int(origin[axis].rounded()) }

    var distance = 0.0
    for corner in mask.cornerIndices {
      guard let found = image.index(of: mask.point(at: Vector3(index: corner))) else { continue }
      var expected = start
      for axis in 0..<3 { expected[axes[axis]] += steps[axis] * corner[axis] }
      distance = max(distance, (found - Vector3(index: expected)).length)
    }
    guard distance <= Self.rounded else {
      throw mismatch(
        "a corner voxel is \(Self.text(distance)) voxels off", ["voxels": "\(distance)"])
    }

    var isSubgrid = false
    let reaches = (0..<3).map { axis -> (low: Int, high: Int) in
      let end = start[axes[axis]] + steps[axis] * (mask.size[axis] - 1)
      return (min(start[axes[axis]], end), max(start[axes[axis]], end))
    }
    if let along = (0..<3).first(where: { axes[$0] == 2 }), mask.size[along] > image.size.z,
      (0..<3).allSatisfy({ $0 == along || reaches[$0] == (0, image.size[axes[$0]] - 1) })
    {
      try Self.requireSlices(mask.size[along], reaches[along], of: image.size.z, file: file)
    }
    for axis in 0..<3 {
      let target = axes[axis]
      let (low, high) = reaches[axis]
      guard low >= 0, high < image.size[target] else {
        throw mismatch(
          "it reaches from voxel \(low) to \(high) of 0 to \(image.size[target] - 1) along image axis \(target)")
      }
      if mask.size[axis] != image.size[target] { isSubgrid = true }
    }
    self.axes = axes
    self.steps = steps
    self.start = start
    self.distance = distance
    self.isSubgrid = isSubgrid
  }

  /// A mask that covers the slices exactly and continues beyond them was drawn on more slices.
  ///
  /// - Throws: `E_SLICES_MISSING`.
  private static func requireSlices(
    _ wanted: Int, _ reach: (low: Int, high: Int), of count: Int, file: String?
  ) throws {
    let (before, after) = (max(0, -reach.low), max(0, reach.high - count + 1))
    guard before + after > 0, reach.low < count, reach.high >= 0 else { return }
    let places = [(before, "the beginning"), (after, "the end")].filter { $0.0 > 0 }
    throw StudyError(
      .slicesMissing,
      "the series has \(count) slices, the mask \(wanted): "
        + places.map { "\($0.0) slices are missing at \($0.1)" }.joined(separator: " and ")
        + "; the copy may be incomplete",
      file: file, hint: "copy the whole series; or use the mask that was drawn on these slices",
      details: ["slices": "\(count)", "wanted": "\(wanted)"])
  }

  /// Notes on the match for the reader of the result.
  package var notes: [Note] {
    var notes: [Note] = []
    if distance > Self.exact {
      notes.append(
        Note(code: "GEOM_ROUNDED", message: "the mask's grid is \(Self.text(distance)) voxels off the image's"))
    }
    if isSubgrid {
      notes.append(
        Note(
          code: "GEOM_SUBGRID",
          message: "the mask covers a part of the image and was pasted at voxel \(Self.text(start))"))
    }
    if axes != SIMD3(0, 1, 2) || steps != SIMD3(1, 1, 1) {
      notes.append(
        Note(code: "GEOM_REORDERED", message: "the mask's axes were exchanged or flipped to the image's order"))
    }
    return notes
  }

  private static func text(_ index: SIMD3<Int>) -> String { "\(index.x) x \(index.y) x \(index.z)" }

  private static func text(_ distance: Double) -> String {
    distance < 1e6 ? "\((distance * 1e4).rounded() / 1e4)" : "more than a million"
  }
}

/// Whether a mask's grid lies on an image's, up to exchanged or flipped axes and a whole-number shift, from geometry alone.
///
/// - Throws: `E_GEOM_MISMATCH`.
package func checkMaskGrid(_ mask: Geometry, on image: Geometry, file: String? = nil) throws {
  _ = try GridMatch(mask: mask, image: image, file: file)
}
