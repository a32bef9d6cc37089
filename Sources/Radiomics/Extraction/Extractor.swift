package import Errors
package import Imaging
internal import Parallel
internal import Synchronization

extension ErrorCode {
  /// No voxel of the region is left after resampling or re-segmentation.
  package static let roiVanished = ErrorCode("E_ROI_VANISHED", .badInput)
  /// The region is not in one slice, as two-dimensional shape features require.
  package static let shape2D = ErrorCode("E_SHAPE_2D", .badInput)
  /// Image and mask are not on one grid.
  package static let gridsDiffer = ErrorCode("E_GRIDS_DIFFER", .badInput)
}

/// Computes a profile's features of a region in an image, with PyRadiomics 3.1.0's numbers.
package struct Extractor: Sendable {
  package let profile: ExtractionProfile
  /// Number of threads; the result is the same for any number.
  package let threads: Int

  /// Bytes of memory that an extraction may take; nil: what is available when it begins.
  package let memoryLimit: Int?

  package init(profile: ExtractionProfile, threads: Int, memoryLimit: Int? = nil) {
    self.profile = profile
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }

  /// - Parameters:
  ///   - image: the image in its file's order.
  ///   - mask: the region, on the image's grid.
  ///   - uncorrected: the region on the mask's own grid, where `correctMask` brought it to the image's: for diagnostics.
  ///   - progress: called, from any thread, with the name of each finished derived image and the share done so far.
  /// - Throws: a `StudyError` that states why no features can be computed.
  package func extract(
    image: Volume, mask: Mask, uncorrected: Mask? = nil, progress: (@Sendable (String, Double) -> Void)? = nil
  ) throws -> Extraction {
    try extract(on: image.geometry, mask: mask, uncorrected: uncorrected, progress: progress) { image }
  }

  /// The same for an image that is still being read: work that needs only the mask is done meanwhile.
  ///
  /// - Parameters:
  ///   - grid: the image's grid.
  ///   - image: returns the image; called once, from any thread.
  package func extract(
    on grid: Geometry, mask: Mask, uncorrected: Mask? = nil, progress: (@Sendable (String, Double) -> Void)? = nil,
    image: @escaping @Sendable () throws -> Volume
  ) throws -> Extraction {
    try requireOneGrid(grid, mask)
    let settings = profile.settings
    progress?("preparing", 0)
    let memory = MemoryBudget(limit: memoryLimit, threads: threads)
    let columns = Results<[Diagnostic]>(count: 2 + Preparation.Stage.allCases.count)
    let shape = Results<[Feature]>(count: 2)
    let textures = Results<Results<[Feature]>>(count: 1)
    let read = Results<Result<ImageRead, any Error>>(count: 1)
    let placed = Results<Result<RegionPreparation, any Error>>(count: 1)
    let left = Countdown(2)
    // If both fail, the image's error is reported, whichever came first.
    let together = Work {
      guard let image = try read[0]?.get(), let placed = try placed[0]?.get() else { return [] }
      let prepared = try Preparation(
        image.image, image.normalization, placed, settings: settings, threads: threads, memory: memory)
      try memory.requireDerivedImages(prepared.image, region: prepared.region)
      let derived = DerivedImages(
        textureClasses.isEmpty ? [] : profile.imageTypes, image: prepared.image, region: prepared.region)
      let features = Results<[Feature]>(count: derived.count)
      textures.set(0, features)
      let late =
        settings.resegmentRange == nil
        ? []
        : try shapeWork(settings.resegmentShape ? prepared.mask : prepared.shapeMask, prepared.region.box) {
          shape.set($0, $1)
        }
      return textureWork(derived, prepared.region, memory, features, Ended(of: derived.count, progress)) + late
        + diagnosticWork(prepared, isCorrected: uncorrected != nil) { columns.set(2 + $0, $1) }
    }
    let imageWork = Work {
      let result = Result {
        let image = try image()
        let summary = settings.normalize ? IntegerSummary(of: image) : nil
        return ImageRead(
          image: image, summary: summary,
          normalization: try Preparation.normalization(of: image, summary, settings))
      }
      read.set(0, result)
      let next = left.countDown() ? [together] : []
      guard settings.additionalInfo, let found = try? result.get() else { return next }
      return next + [
        Work {
          columns.set(0, GeneralInfo.image(found.image, prefix: "original", known: found.summary))
          return []
        }
      ]
    }
    let maskWork = Work {
      let (result, work) = self.maskWork(
        mask, on: grid, uncorrected, memory, shape: { shape.set($0, $1) }, columns: { columns.set(1, $0) })
      placed.set(0, result)
      return (left.countDown() ? [together] : []) + work
    }
    try WorkQueue.run([imageWork, maskWork], threads: threads)
    return Extraction(
      features: shape.all.flatMap { $0 } + (textures[0]?.all ?? []).flatMap { $0 },
      diagnostics: (settings.additionalInfo ? ProfileInfo.columns(profile) : []) + columns.all.flatMap { $0 })
  }

  /// Prepares the region, and returns the work that needs nothing else.
  private func maskWork(
    _ mask: Mask, on grid: Geometry, _ uncorrected: Mask?, _ memory: MemoryBudget,
    shape: @escaping @Sendable (Int, [Feature]) -> Void, columns: @escaping @Sendable ([Diagnostic]) -> Void
  ) -> (Result<RegionPreparation, any Error>, [Work]) {
    let settings = profile.settings
    do {
      let placed = try RegionPreparation(mask, on: grid, settings: settings, memory: memory)
      var work = settings.resegmentRange == nil ? try shapeWork(placed.mask, placed.region.box, done: shape) : []
      if settings.additionalInfo {
        work.append(
          Work {
            columns(Self.maskColumns(mask, placed.original, uncorrected: uncorrected))
            return []
          })
      }
      return (.success(placed), work)
    } catch {
      return (.failure(error), [])
    }
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

  /// The classes that describe only the region, in space and in a plane.
  ///
  /// - Throws: `E_SHAPE_2D`.
  private func shapeWork(
    _ mask: Mask, _ box: BoundingBox, done: @escaping @Sendable (Int, [Feature]) -> Void
  ) throws -> [Work] {
    let settings = profile.settings
    var work: [Work] = []
    if let request = profile.featureClasses.first(where: { $0.featureClass == .shape }) {
      work.append(
        Work {
          done(0, features(request, "original", ShapeFeatures.values(mask, box: box)))
          return []
        })
    }
    if let request = profile.featureClasses.first(where: { $0.featureClass == .shape2D }),
      settings.isPlane
        || settings.force2D
          && PlaneShapeFeatures.areComputed(box: box, force2Ddimension: settings.force2Ddimension)
    {
      let axis = settings.planeAxis
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

/// The image as it was read, and the statistics of the whole image.
private struct ImageRead: Sendable {
  let image: Volume
  let summary: IntegerSummary?
  let normalization: Normalization?
}

/// Counts finished derived images, for progress.
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
