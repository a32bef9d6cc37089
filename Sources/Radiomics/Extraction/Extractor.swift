public import Errors
public import Imaging
internal import Synchronization

extension ErrorCode {
  /// Nothing is left of the region after resampling or re-segmentation.
  public static let roiVanished = ErrorCode("E_ROI_VANISHED", .badInput)
  /// The region is not one slice, as two-dimensional shape features need it.
  public static let shape2D = ErrorCode("E_SHAPE_2D", .badInput)
  /// Image and mask are not on one grid.
  public static let gridsDiffer = ErrorCode("E_GRIDS_DIFFER", .badInput)
}

/// Computes a profile's features of a region in an image, with PyRadiomics 3.1.0's numbers.
public struct Extractor: Sendable {
  public let profile: ExtractionProfile
  /// Threads that may work; the result is the same for any number.
  public let threads: Int

  /// Bytes of memory that an extraction may take; nil: what is available when it begins.
  public let memoryLimit: Int?

  public init(profile: ExtractionProfile, threads: Int, memoryLimit: Int? = nil) {
    self.profile = profile
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }

  /// - Parameters:
  ///   - image: the image in its file's order.
  ///   - mask: the region, on the image's grid.
  ///   - uncorrected: the region on the mask's own grid, where `correctMask` brought it to the image's: for diagnostics.
  ///   - progress: called, from any thread, with the name of each derived image that is done and the share done so far.
  /// - Throws: a `StudyError` that says why no features can be computed.
  public func extract(
    image: Volume, mask: Mask, uncorrected: Mask? = nil, progress: (@Sendable (String, Double) -> Void)? = nil
  ) throws -> Extraction {
    try requireOneGrid(image, mask)
    let settings = profile.settings
    progress?("preparing", 0)
    let memory = MemoryBudget(limit: memoryLimit, threads: threads)
    let original = try Preparation.region(mask, settings)
    let columns = Results<[Diagnostic]>(count: 2 + Preparation.Stage.allCases.count)
    let shape = Results<[Feature]>(count: 2)
    let textures = Results<Results<[Feature]>>(count: 1)
    // What needs the files only is done beside the preparation, which is not all parallel.
    let preparation = Work {
      let prepared = try Preparation(image, mask, original, settings: settings, threads: threads, memory: memory)
      try memory.requireDerivedImages(prepared.image, region: prepared.region)
      let derived = DerivedImages(
        textureClasses.isEmpty ? [] : profile.imageTypes, image: prepared.image, region: prepared.region)
      let features = Results<[Feature]>(count: derived.count)
      textures.set(0, features)
      return try textureWork(derived, prepared.region, memory, features, Ended(of: derived.count, progress))
        + shapeWork(prepared) { shape.set($0, $1) }
        + diagnosticWork(prepared, isCorrected: uncorrected != nil) { columns.set(2 + $0, $1) }
    }
    let beside =
      settings.additionalInfo
      ? [
        Work {
          columns.set(0, GeneralInfo.image(image, prefix: "original"))
          return []
        },
        Work {
          columns.set(1, Self.maskColumns(mask, original, uncorrected: uncorrected))
          return []
        },
      ] : []
    try WorkQueue.run([preparation] + beside, threads: threads)
    return Extraction(
      features: shape.all.flatMap { $0 } + (textures[0]?.all ?? []).flatMap { $0 },
      diagnostics: (settings.additionalInfo ? ProfileInfo.columns(profile) : []) + columns.all.flatMap { $0 })
  }

  /// The columns of the mask as it was read: where `correctMask` applied, on its own grid.
  static func maskColumns(_ mask: Mask, _ region: Region, uncorrected: Mask?) -> [Diagnostic] {
    if let uncorrected, let own = Region(uncorrected, margin: 1) {
      return GeneralInfo.mask(uncorrected, region: own, values: nil, prefix: "original")
    }
    return GeneralInfo.mask(mask, region: region, values: nil, prefix: "original")
  }

  /// Makes the derived images one by one, each followed by its texture classes.
  private func textureWork(
    _ derived: DerivedImages, _ region: Region, _ memory: MemoryBudget, _ results: Results<[Feature]>, _ ended: Ended
  ) -> [Work] {
    derived.sources.map { source in
      Work {
        try source.make().flatMap { image in
          try tasks(image, region, memory).work { values in
            results.set(image.place, textureClasses.flatMap { features($0, image.name, values[$0.featureClass] ?? []) })
            ended.one(image.name)
          }
        }
      }
    }
  }

  private func diagnosticWork(
    _ prepared: Preparation, isCorrected: Bool, done: @escaping @Sendable (Int, [Diagnostic]) -> Void
  ) -> [Work] {
    guard profile.settings.additionalInfo else { return [] }
    return Preparation.Stage.allCases.map { stage in
      Work {
        done(stage.rawValue, prepared.diagnostics(stage, isCorrected: isCorrected))
        return []
      }
    }
  }

  private func tasks(_ image: DerivedImage, _ region: Region, _ memory: MemoryBudget) throws -> TextureTasks {
    try image.named {
      try TextureTasks(
        image.values, region: region, settings: image.settings, requests: textureClasses, memory: memory)
    }
  }

  private var textureClasses: [FeatureClassRequest] { profile.featureClasses.filter { !$0.featureClass.isShape } }

  /// The classes that describe the region alone, in space and in a plane.
  ///
  /// - Throws: `E_SHAPE_2D`.
  private func shapeWork(
    _ prepared: Preparation, done: @escaping @Sendable (Int, [Feature]) -> Void
  ) throws -> [Work] {
    let settings = profile.settings
    let mask = settings.resegmentShape ? prepared.mask : prepared.shapeMask
    let box = prepared.region.box
    var work: [Work] = []
    if let request = profile.featureClasses.first(where: { $0.featureClass == .shape }) {
      work.append(
        Work {
          done(0, features(request, "original", ShapeFeatures.values(mask, box: box)))
          return []
        })
    }
    if let request = profile.featureClasses.first(where: { $0.featureClass == .shape2D }),
      let axis = settings.fixedAxis,
      PlaneShapeFeatures.areComputed(box: box, force2Ddimension: settings.force2Ddimension)
    {
      guard box.size[axis] == 1 else {
        throw StudyError(
          .shape2D,
          "shape2D needs a region of one slice across axis \("xyz".map(String.init)[axis]), it has \(box.size[axis])",
          hint: "take shape2D out of the profile, or draw the region in one slice across force2Ddimension")
      }
      work.append(
        Work {
          done(1, features(request, "original", PlaneShapeFeatures.values(mask, box: box, across: axis)))
          return []
        })
    }
    return work
  }

  private func features(_ request: FeatureClassRequest, _ imageType: String, _ values: [Double]) -> [Feature] {
    let names = request.featureClass.names + request.featureClass.namesByRequest
    return request.features.compactMap { feature in
      guard let index = names.firstIndex(of: feature), index < values.count else { return nil }
      return Feature(name: "\(imageType)_\(request.featureClass.rawValue)_\(feature)", value: values[index])
    }
  }
}

/// Counts derived images that are done, for progress.
private final class Ended: Sendable {
  private let count: Atomic<Int>
  private let total: Int
  private let progress: (@Sendable (String, Double) -> Void)?

  init(of total: Int, _ progress: (@Sendable (String, Double) -> Void)?) {
    count = Atomic(0)
    self.total = total
    self.progress = progress
  }

  func one(_ name: String) {
    let done = count.wrappingAdd(1, ordering: .relaxed).newValue
    progress?(name, Double(done) / Double(total))
  }
}
