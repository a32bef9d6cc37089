internal import Errors
public import Imaging

extension ErrorCode {
  /// The region is too small for features: one voxel, a line, or fewer voxels than the profile asks for.
  static let roiTooSmall = ErrorCode("E_ROI_TOO_SMALL", .badInput)
  /// Nothing is left of the region after resampling or re-segmentation.
  static let roiVanished = ErrorCode("E_ROI_VANISHED", .badInput)
  /// Image and mask are not on one grid.
  static let gridsDiffer = ErrorCode("E_GRIDS_DIFFER", .badInput)
}

/// Computes a profile's features of a region in an image, with PyRadiomics 3.1.0's numbers.
public struct Extractor: Sendable {
  public let profile: ExtractionProfile
  /// Threads that may work; the result is the same for any number.
  public let threads: Int

  public init(profile: ExtractionProfile, threads: Int) {
    self.profile = profile
    self.threads = max(1, threads)
  }

  /// - Parameters:
  ///   - image: the image in its file's order.
  ///   - mask: the region, on the image's grid.
  ///   - progress: called with the name of each image type before it is computed, and the share done before it.
  /// - Throws: a `StudyError` that says why no features can be computed.
  public func extract(
    image: Volume, mask: Mask, progress: ((String, Double) -> Void)? = nil
  ) throws -> Extraction {
    guard image.geometry.size == mask.geometry.size else {
      throw StudyError(
        .gridsDiffer, "the mask has \(mask.geometry.size) voxels and the image \(image.geometry.size)",
        hint: "image and mask must be on one grid")
    }
    let settings = profile.settings
    progress?("preparing", 0)
    var diagnostics = settings.additionalInfo ? try ProfileInfo.columns(profile) : []
    let prepared = try Preparation.run(image, mask, settings: settings, threads: threads, diagnostics: &diagnostics)

    var features: [Feature] = []
    if let request = profile.featureClasses.first(where: { $0.featureClass == .shape }) {
      let mask = settings.resegmentShape ? prepared.mask : prepared.shapeMask
      append(request, "original", ShapeFeatures.values(mask, box: prepared.region.box), to: &features)
    }
    let textures = profile.featureClasses.filter { $0.featureClass != .shape }
    guard !textures.isEmpty else { return Extraction(features: features, diagnostics: diagnostics) }

    try DerivedImages(prepared, threads: threads).forEach(profile.imageTypes) { derived, share in
      progress?(derived.name, share)
      let tasks = try TextureTasks(
        derived.values, region: prepared.region, settings: derived.settings, requests: textures)
      let results = tasks.run(threads: threads)
      for request in textures {
        append(request, derived.name, results[request.featureClass] ?? [], to: &features)
      }
    }
    return Extraction(features: features, diagnostics: diagnostics)
  }

  private func append(
    _ request: FeatureClassRequest, _ imageType: String, _ values: [Double], to features: inout [Feature]
  ) {
    let names = request.featureClass.names + request.featureClass.namesByRequest
    for feature in request.features {
      guard let index = names.firstIndex(of: feature), index < values.count else { continue }
      features.append(
        Feature(name: "\(imageType)_\(request.featureClass.rawValue)_\(feature)", value: values[index]))
    }
  }
}
