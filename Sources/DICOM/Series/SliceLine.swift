import Errors
import Imaging

/// The line of the slices' positions: along the normal, evenly spaced, no steps to the side.
struct SliceLine {
  private(set) var geometry: Geometry
  /// Set where the line is even except for the rounding of positions.
  private(set) var rounding: RoundedStack?
  private(set) var warnings: [Note] = []

  /// - Throws: `E_GANTRY_TILT`, `E_SLICE_GAP`, `E_SLICE_SHIFT`.
  init(_ selection: SliceSelection) throws(StudyError) {
    let images = selection.images
    let first = images[0]
    let last = images[images.count - 1]
    let span = last.position - first.position
    let normal = first.normal
    let spacing = span.length / Double(images.count - 1)
    let positions = images.prefix(1000).map { "\($0.height)" }.joined(separator: " ")

    geometry = Geometry(
      size: SIMD3(first.header.columns, first.header.rows, images.count),
      spacing: Vector3(first.columnSpacing, first.rowSpacing, spacing), origin: first.position,
      direction: Self.axes(first))
    if let even = Self.roundedPositions(images) {
      geometry.spacing.z = even.spacing
      geometry.origin = even.origin
      rounding = RoundedStack(images, geometry)
      warnings = [even.note] + Self.tagWarnings(images, even.spacing)
      return
    }
    let tilt = degrees(span, normal)
    // A gap is more informative than a small slant, which the rounding of positions may cause.
    if tilt < Self.slant { try Self.requireEvenSteps(images, spacing, positions) }
    guard tilt <= SliceSelection.angleTolerance else {
      throw StudyError(
        .gantryTilt, "slices are stacked \(rounded(tilt)) degrees off their normal",
        file: last.display, slice: images.count - 1,
        hint: "a tilted gantry: have the scanner's console reconstruct the series without tilt",
        details: ["degrees": "\(tilt)", "positions": positions])
    }
    try Self.requireEvenSteps(images, spacing, positions)
    try Self.requireStraightLine(images, spacing, positions)
    warnings = Self.tagWarnings(images, spacing)
  }

  /// Degrees below which a gap is reported before a tilt.
  private static let slant = 1.0

  /// The even grid behind steps that differ by a tenth of a millimetre; nil where they do not.
  private static func roundedPositions(_ images: [PlacedImage]) -> RoundedPositions? {
    let steps = zip(images.dropFirst(), images).map { $0.height - $1.height }
    guard let least = steps.min(), let most = steps.max(), most - least > RoundedPositions.unit / 2 else { return nil }
    return RoundedPositions(images)
  }

  /// Direction cosines in a file have a few digits and are not exactly perpendicular. Orthonormal axes as ITK's
  /// GDCMImageIO makes them: the normal of both, then the row direction again, then the column direction.
  private static func axes(_ image: PlacedImage) -> Matrix3 {
    let normal = unit(image.row.cross(image.column))
    let row = unit(image.column.cross(normal))
    return Matrix3(row, normal.cross(row), normal)
  }

  private static func unit(_ vector: Vector3) -> Vector3 { vector * (1 / vector.length) }

  /// Every step within max(0.01 mm, 1 %) of the mean step.
  private static func requireEvenSteps(
    _ images: [PlacedImage], _ spacing: Double, _ positions: String
  ) throws(StudyError) {
    let steps = zip(images.dropFirst(), images).map { $0.height - $1.height }
    let tolerance = max(SliceSelection.positionTolerance, 0.01 * spacing)
    guard steps.contains(where: { abs($0 - spacing) > tolerance }) else { return }
    // The gap itself distorts the mean; the usual step is the median.
    let usual = steps.sorted()[steps.count / 2]
    let worst = steps.indices.max { abs(steps[$0] - usual) < abs(steps[$1] - usual) } ?? 0
    let missing = (steps[worst] / usual).rounded() - 1
    let guess =
      missing >= 1 && abs(steps[worst] - (missing + 1) * usual) <= 0.05 * usual
      ? "; \(Int(missing)) slice\(missing == 1 ? " is" : "s are") missing" : ""
    let isWhole = images.allSatisfy { image in (0..<3).allSatisfy { image.position[$0] == image.position[$0].rounded() }
    }
    throw StudyError(
      .sliceGap,
      "slice gap \(rounded(steps[worst])) mm where the others are \(rounded(usual)) mm, "
        + "after \(images[worst].header.label)\(guess)",
      file: images[worst + 1].display, slice: worst + 1,
      hint: isWhole
        ? "the positions are whole millimetres, so that a gap cannot be told from rounding: export the series with the "
          + "scanner's positions" : "copy the whole series, or export it evenly spaced",
      details: ["gap": "\(steps[worst])", "step": "\(usual)", "positions": positions])
  }

  /// No slice farther than a tenth of a pixel beside the line from the first to the last.
  private static func requireStraightLine(
    _ images: [PlacedImage], _ spacing: Double, _ positions: String
  ) throws(StudyError) {
    let first = images[0]
    let direction = (images[images.count - 1].position - first.position) / (spacing * Double(images.count - 1))
    let tolerance = max(SliceSelection.positionTolerance, 0.1 * min(first.rowSpacing, first.columnSpacing))
    for (index, image) in images.enumerated() {
      let offset = image.position - first.position
      let beside = (offset - direction * offset.dot(direction)).length
      if beside > tolerance {
        throw StudyError(
          .sliceShift, "lies \(rounded(beside)) mm beside the line of the other slices", file: image.display,
          slice: index,
          hint: "export the series with one field of view", details: ["beside": "\(beside)", "positions": positions])
      }
    }
  }

  /// Positions decide; tags that disagree are reported.
  private static func tagWarnings(_ images: [PlacedImage], _ spacing: Double) -> [Note] {
    var warnings: [Note] = []
    let tilts = images.compactMap(\.header.acquisition.gantryTilt)
    if let tilt = tilts.max(by: { abs($0) < abs($1) }), abs(tilt) > SliceSelection.angleTolerance {
      warnings.append(
        Note(
          code: "GANTRY_TILT_TAG",
          message:
            "Gantry/Detector Tilt says \(rounded(tilt)) degrees; the positions are those of a straight stack and decide"
        ))
    }
    let acquisition = images[0].header.acquisition
    if let tag = acquisition.spacingBetweenSlices, abs(tag - spacing) > 0.01 * spacing {
      warnings.append(
        Note(
          code: "SPACING_TAG",
          message: "Spacing Between Slices says \(rounded(tag)) mm; the positions say \(rounded(spacing)) mm and decide"
        ))
    }
    if let tag = acquisition.sliceThickness, abs(tag - spacing) > 0.01 * spacing {
      warnings.append(
        Note(
          code: "SLICE_THICKNESS",
          message: "Slice Thickness is \(rounded(tag)) mm at a spacing of \(rounded(spacing)) mm"))
    }
    return warnings
  }
}

/// A number for a message: four decimals at most.
package func rounded(_ value: Double) -> String {
  let scaled = (value * 10_000).rounded() / 10_000
  return scaled == scaled.rounded() && abs(scaled) < 1e15 ? "\(Int(scaled))" : "\(scaled)"
}
