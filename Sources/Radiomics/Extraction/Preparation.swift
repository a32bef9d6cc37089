internal import Errors
internal import Imaging

/// Image and region ready for features: normalised, resampled, checked and re-segmented.
///
/// Source: PyRadiomics `featureextractor.execute` and `loadImage`, in their order.
struct Preparation: Sendable {
  let image: Volume
  /// The region for the texture classes.
  let mask: Mask
  /// The region before re-segmentation.
  let shapeMask: Mask
  let region: Region

  static func run(
    _ image: Volume, _ mask: Mask, settings: ExtractionSettings, threads: Int, diagnostics: inout [Diagnostic]
  ) throws -> Preparation {
    let margin = max(settings.distances.max() ?? 1, 1)
    let original = try region(mask, margin: margin)
    if settings.additionalInfo {
      diagnostics += GeneralInfo.image(image, prefix: "original")
      diagnostics += GeneralInfo.mask(mask, region: original, values: nil, prefix: "original")
    }
    var image = image
    var mask = mask
    if settings.normalize {
      image = try image.normalized(scale: settings.normalizeScale, removeOutliers: settings.removeOutliers)
    }
    if let spacing = settings.resampledPixelSpacing {
      try resample(&image, &mask, original.box, spacing, settings, threads)
      if settings.additionalInfo {
        let resampled = try region(mask, margin: margin)
        diagnostics += GeneralInfo.image(image, prefix: "interpolated")
        diagnostics += GeneralInfo.mask(
          mask, region: resampled, values: RegionValues(image, region: resampled), prefix: "interpolated")
      }
    } else if settings.preCrop {
      let box = original.box.padded(by: settings.padDistance, within: mask.geometry.size)
      image = image.cropped(to: box)
      mask = mask.cropped(to: box)
    }

    var region = try region(mask, margin: margin)
    try check(region, settings)
    let shapeMask = mask
    if let range = settings.resegmentRange {
      mask = try Resegmentation.apply(image, mask, region, range: range, mode: settings.resegmentMode)
      region = try Self.region(mask, margin: margin)
      try check(region, settings)
      if settings.additionalInfo {
        diagnostics += GeneralInfo.mask(
          mask, region: region, values: RegionValues(image, region: region), prefix: "resegmented")
      }
    }
    return Preparation(image: image, mask: mask, shapeMask: shapeMask, region: region)
  }

  private static func resample(
    _ image: inout Volume, _ mask: inout Mask, _ box: BoundingBox, _ spacing: [Double], _ settings: ExtractionSettings,
    _ threads: Int
  ) throws {
    let grid = try ResamplingGrid(
      image: image.geometry, mask: mask.geometry, box: box, spacing: Vector3(spacing[0], spacing[1], spacing[2]),
      padDistance: settings.padDistance)
    guard
      let resampled = try grid.apply(
        to: image, mask, interpolator: settings.interpolator, padDistance: settings.padDistance, threads: threads)
    else {
      throw StudyError(
        .roiVanished, "no voxel of the region is left at a spacing of \(spacing) mm",
        hint: "the region is smaller than the resampled voxels: choose a profile with a finer spacing")
    }
    (image, mask) = resampled
  }

  private static func region(_ mask: Mask, margin: Int) throws -> Region {
    guard let region = Region(mask, margin: margin) else {
      throw StudyError(
        .roiVanished, "the mask has no voxel of the region", hint: "check the mask and the label that is chosen")
    }
    return region
  }

  /// PyRadiomics' `checkMask`.
  private static func check(_ region: Region, _ settings: ExtractionSettings) throws {
    let dimensions = region.box.dimensions
    if dimensions == 0 {
      throw StudyError(.roiTooSmall, "the region is a single voxel", hint: "draw the region over more voxels")
    }
    if dimensions < settings.minimumROIDimensions {
      throw StudyError(
        .roiTooSmall,
        "the region extends in \(dimensions) dimensions of at least \(settings.minimumROIDimensions) wanted",
        hint: "draw the region over more rows or slices")
    }
    if let smallest = settings.minimumROISize, region.count <= smallest {
      throw StudyError(
        .roiTooSmall, "the region has \(region.count) voxels, more than \(smallest) are wanted",
        hint: "draw the region over more voxels, or lower minimumROISize")
    }
  }
}
