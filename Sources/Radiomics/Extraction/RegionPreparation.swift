internal import Errors
internal import Imaging

/// The region on the grid that features are computed on: the part of the preparation that needs only the mask and the
/// image's grid, and runs while the image is still being read.
struct RegionPreparation: Sendable {
  /// How the image is brought to the grid.
  enum Step: Sendable {
    case keep
    /// Cut to a box (`preCrop`).
    case crop(BoundingBox)
    /// Resampled; where the spacing equals the image's own, cut to a box.
    case resample(ResamplingGrid, croppedTo: BoundingBox?)
  }

  /// The region as it was drawn.
  let original: Region
  let step: Step
  /// The mask, and its region, before re-segmentation.
  let mask: Mask
  let region: Region

  /// - Parameter image: the image's grid.
  init(_ mask: Mask, on image: Geometry, settings: ExtractionSettings, memory: MemoryBudget) throws {
    original = try Self.region(mask, settings)
    if let spacing = settings.resampledPixelSpacing {
      let grid = try ResamplingGrid(
        image: image, mask: mask.geometry, box: original.box, spacing: Vector3(spacing[0], spacing[1], spacing[2]),
        padDistance: settings.padDistance)
      // The image's type is unknown here: this is the least memory that is needed.
      try memory.requireResampling(
        image, bytesPerVoxel: settings.normalize ? 8 : 4, onto: grid.geometry, interpolator: settings.interpolator)
      guard let moved = try grid.apply(to: mask, padDistance: settings.padDistance) else {
        throw StudyError(
          .roiVanished, "no voxel of the region is left at a spacing of \(spacing) mm",
          hint: "the region is smaller than the resampled voxels: choose a profile with a finer spacing")
      }
      step = .resample(grid, croppedTo: moved.crop)
      self.mask = moved.mask
    } else if settings.preCrop {
      let box = original.box.padded(by: settings.padDistance, within: mask.geometry.size)
      step = .crop(box)
      self.mask = mask.cropped(to: box)
    } else {
      step = .keep
      self.mask = mask
    }
    region = try Self.region(self.mask, settings)
    try Self.check(region, settings)
  }

  /// The voxels of a mask with the border that the profile's neighbours need.
  static func region(_ mask: Mask, _ settings: ExtractionSettings) throws -> Region {
    guard let region = Region(mask, margin: max(settings.distances.max() ?? 1, 1)) else {
      throw StudyError(
        .roiVanished, "the mask has no voxel of the region", hint: "check the mask and the label that is chosen")
    }
    return region
  }

  /// PyRadiomics' `checkMask`.
  static func check(_ region: Region, _ settings: ExtractionSettings) throws {
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
    // Run lengths are counted in 16 bits.
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
