internal import Errors
internal import Imaging

/// Image, morphological mask and intensity mask, prepared by IBSI's rules.
struct IBSIPreparation: Sendable {
  let image: Volume
  /// Before re-segmentation; shape features use it.
  let morphologicalMask: Mask
  let intensityMask: Mask

  /// - Throws: `E_GRID_TOO_LARGE`, `E_ROI_VANISHED`.
  init(_ image: Volume, _ mask: Mask, _ settings: IBSISettings, threads: Int) throws {
    var values = Volume(geometry: image.geometry, float64: image.voxels.doubles)
    var mask = mask
    if let spacing = settings.spacing {
      let grid = try Self.grid(image.geometry, spacing: spacing)
      values = try values.resampled(onto: grid, interpolator: settings.interpolator, threads: threads)
      let shares = Volume(geometry: mask.geometry, float64: mask.voxels.map(Double.init))
      let covered = try shares.resampled(onto: grid, interpolator: .linear, threads: threads).voxels.doubles
      mask = Mask(geometry: grid, voxels: covered.map { $0 >= 0.5 ? 1 : 0 }, label: mask.label)
    }
    var intensities = values.voxels.doubles
    if settings.rounds { for i in intensities.indices { intensities[i] = intensities[i].rounded(.toNearestOrEven) } }
    self.image = Volume(geometry: values.geometry, float64: intensities)
    morphologicalMask = mask
    if let range = settings.range {
      for i in mask.voxels.indices where mask.voxels[i] != 0 && !range.contains(intensities[i]) { mask.voxels[i] = 0 }
    }
    if let deviations = settings.outlierDeviations {
      let inside = mask.voxels.indices.filter { mask.voxels[$0] != 0 }
      let n = Double(inside.count)
      let mean = inside.reduce(0) { $0 + intensities[$1] } / n
      let variance = inside.reduce(0) { $0 + (intensities[$1] - mean) * (intensities[$1] - mean) } / n
      let most = deviations * variance.squareRoot()
      for i in inside where abs(intensities[i] - mean) > most { mask.voxels[i] = 0 }
    }
    intensityMask = mask
  }

  /// IBSI's grid: as many voxels as cover the image, with the same centre as the image.
  private static func grid(_ image: Geometry, spacing: Double) throws -> Geometry {
    var size = SIMD3<Int>()
    var first = Vector3()
    var count = 1.0
    for a in 0..<3 {
      let length = (Double(image.size[a]) * image.spacing[a] / spacing).rounded(.up)
      count *= max(length, 1)
      guard length >= 1, count <= Double(ResamplingGrid.largestCount) else {
        throw StudyError(
          .gridTooLarge, "resampling to \(spacing) mm along axis \(a) gives a grid of \(length) voxels",
          hint: "choose a larger spacing")
      }
      size[a] = Int(length)
      first[a] = 0.5 * (Double(image.size[a] - 1) - (length - 1) * spacing / image.spacing[a])
    }
    return Geometry(
      size: size, spacing: Vector3(spacing, spacing, spacing), origin: image.point(at: first),
      direction: image.direction)
  }
}
