internal import Errors
internal import Imaging

/// Image and region ready for features: normalised, resampled, checked and re-segmented.
///
/// Source: PyRadiomics `featureextractor.execute` and `loadImage`, in their order.
struct Preparation: Sendable {
  /// What columns of diagnostics describe, in their order.
  enum Stage: Int, CaseIterable { case interpolated, corrected, resegmented }

  let image: Volume
  /// The region for the texture classes.
  let mask: Mask
  let region: Region
  /// The region before re-segmentation.
  let shapeMask: Mask
  private let shapeRegion: Region
  private let settings: ExtractionSettings

  /// - Parameter original: the mask's region.
  init(
    _ image: Volume, _ mask: Mask, _ original: Region, settings: ExtractionSettings, threads: Int, memory: MemoryBudget
  ) throws {
    self.settings = settings
    var image = image
    var mask = mask
    // Mean and deviation are of the whole image; of a large one only the part around the region is then normalised.
    let normalization =
      settings.normalize
      ? try Normalization(of: image, scale: settings.normalizeScale, removeOutliers: settings.removeOutliers) : nil
    if let spacing = settings.resampledPixelSpacing {
      try Self.resample(&image, &mask, original.box, spacing, normalization, settings, threads, memory)
    } else {
      if settings.preCrop {
        let box = original.box.padded(by: settings.padDistance, within: mask.geometry.size)
        image = image.cropped(to: box)
        mask = mask.cropped(to: box)
      }
      if let normalization { image = image.normalized(by: normalization) }
    }
    var region = try Self.region(mask, settings)
    try Self.check(region, settings)
    shapeMask = mask
    shapeRegion = region
    if let range = settings.resegmentRange {
      mask = try Resegmentation.apply(image, mask, region, range: range, mode: settings.resegmentMode)
      region = try Self.region(mask, settings)
      try Self.check(region, settings)
    }
    self.image = image
    self.mask = mask
    self.region = region
  }

  /// The voxels of a mask with the border that the profile's neighbours need.
  static func region(_ mask: Mask, _ settings: ExtractionSettings) throws -> Region {
    guard let region = Region(mask, margin: max(settings.distances.max() ?? 1, 1)) else {
      throw StudyError(
        .roiVanished, "the mask has no voxel of the region", hint: "check the mask and the label that is chosen")
    }
    return region
  }

  /// The columns of a stage; none where the profile has no such stage.
  ///
  /// - Parameter isCorrected: whether `correctMask` brought the mask to the image's grid.
  func diagnostics(_ stage: Stage, isCorrected: Bool) -> [Diagnostic] {
    switch stage {
    case .interpolated:
      guard settings.resampledPixelSpacing != nil else { return [] }
      return GeneralInfo.image(image, prefix: "interpolated")
        + GeneralInfo.mask(
          shapeMask, region: shapeRegion, values: RegionValues(image, region: shapeRegion), prefix: "interpolated")
    case .corrected:
      // Before a crop PyRadiomics corrects the mask without a word.
      guard isCorrected, settings.resampledPixelSpacing == nil, !settings.preCrop else { return [] }
      return GeneralInfo.mask(
        shapeMask, region: shapeRegion, values: RegionValues(image, region: shapeRegion), prefix: "corrected")
    case .resegmented:
      guard settings.resegmentRange != nil else { return [] }
      return GeneralInfo.mask(mask, region: region, values: RegionValues(image, region: region), prefix: "resegmented")
    }
  }

  private static func resample(
    _ image: inout Volume, _ mask: inout Mask, _ box: BoundingBox, _ spacing: [Double],
    _ normalization: Normalization?, _ settings: ExtractionSettings, _ threads: Int, _ memory: MemoryBudget
  ) throws {
    let grid = try ResamplingGrid(
      image: image.geometry, mask: mask.geometry, box: box, spacing: Vector3(spacing[0], spacing[1], spacing[2]),
      padDistance: settings.padDistance)
    try memory.requireResampling(
      image, onto: grid.geometry, interpolator: settings.interpolator, normalizes: normalization != nil)
    guard
      let resampled = try grid.apply(
        to: image, mask, interpolator: settings.interpolator, padDistance: settings.padDistance,
        normalization: normalization, threads: threads)
    else {
      throw StudyError(
        .roiVanished, "no voxel of the region is left at a spacing of \(spacing) mm",
        hint: "the region is smaller than the resampled voxels: choose a profile with a finer spacing")
    }
    (image, mask) = resampled
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
    // Lengths of runs are counted in 16 bits.
    for a in 0..<3 where region.box.size[a] > Int(UInt16.max) {
      throw StudyError(
        .limit, "the region is \(region.box.size[a]) voxels long along axis \(a), at most \(UInt16.max) are computed",
        hint: "resample to a larger spacing")
    }
    if let smallest = settings.minimumROISize, region.count <= smallest {
      throw StudyError(
        .roiTooSmall, "the region has \(region.count) voxels, more than \(smallest) are wanted",
        hint: "draw the region over more voxels, or lower minimumROISize")
    }
  }
}
