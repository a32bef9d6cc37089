internal import Imaging

/// Image and region ready for features: normalised, resampled, checked and re-segmented.
///
/// Source: PyRadiomics `featureextractor.execute` and `loadImage`, in their order.
struct Preparation: Sendable {
  /// The stages that columns of diagnostics describe, in their order.
  enum Stage: Int, CaseIterable { case interpolated, corrected, resegmented }

  let image: Volume
  /// The region as it was drawn.
  let original: Region
  /// The region for the texture classes.
  let mask: Mask
  let region: Region
  /// The region before re-segmentation.
  let shapeMask: Mask
  private let shapeRegion: Region
  private let settings: ExtractionSettings

  init(
    _ image: Volume, _ mask: Mask, settings: ExtractionSettings, threads: Int, memory: MemoryBudget
  ) throws {
    try self.init(
      image, Self.normalization(of: image, settings.normalize ? IntegerSummary(of: image) : nil, settings),
      RegionPreparation(mask, on: image.geometry, settings: settings, memory: memory), settings: settings,
      threads: threads, memory: memory)
  }

  /// - Parameter normalization: the result of `normalization(of:_:_:)`.
  init(
    _ image: Volume, _ normalization: Normalization?, _ placed: RegionPreparation, settings: ExtractionSettings,
    threads: Int, memory: MemoryBudget
  ) throws {
    self.settings = settings
    original = placed.original
    shapeMask = placed.mask
    shapeRegion = placed.region
    switch placed.step {
    case .keep: self.image = normalization.map { image.normalized(by: $0) } ?? image
    case .crop(let box):
      let cropped = image.cropped(to: box)
      self.image = normalization.map { cropped.normalized(by: $0) } ?? cropped
    case .resample(let grid, let box):
      try memory.requireResampling(
        image, onto: grid.geometry, interpolator: settings.interpolator, normalizes: normalization != nil)
      self.image = try grid.apply(
        to: image, croppedTo: box, interpolator: settings.interpolator, normalization: normalization, threads: threads)
    }
    if let range = settings.resegmentRange {
      mask = try Resegmentation.apply(
        self.image, placed.mask, placed.region, range: range, mode: settings.resegmentMode)
      region = try RegionPreparation.region(mask, settings)
      try RegionPreparation.check(region, settings)
    } else {
      mask = placed.mask
      region = placed.region
    }
  }

  /// Mean and deviation of the whole image; only the part of a large image around the region is then normalised.
  static func normalization(
    of image: Volume, _ summary: IntegerSummary?, _ settings: ExtractionSettings
  ) throws -> Normalization? {
    guard settings.normalize else { return nil }
    return try Normalization(
      of: image, summary: summary, scale: settings.normalizeScale, removeOutliers: settings.removeOutliers)
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
      // Before a crop PyRadiomics corrects the mask without a message.
      guard isCorrected, settings.resampledPixelSpacing == nil, !settings.preCrop else { return [] }
      return GeneralInfo.mask(
        shapeMask, region: shapeRegion, values: RegionValues(image, region: shapeRegion), prefix: "corrected")
    case .resegmented:
      guard settings.resegmentRange != nil else { return [] }
      return GeneralInfo.mask(mask, region: region, values: RegionValues(image, region: region), prefix: "resegmented")
    }
  }
}
