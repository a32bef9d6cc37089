internal import Imaging

/// The tables of features by voxel of one derived image.
struct ClassTables: Sendable {
  private let image: DerivedImage
  private let field: KernelField
  private let grid: KernelGrid
  private let settings: ExtractionSettings
  private let threads: Int
  private let logarithms: LogarithmTable

  /// - Throws: `E_GREY_LEVELS`, `E_NOT_FINITE`.
  init(_ image: DerivedImage, _ field: KernelField, threads: Int, memory: MemoryBudget) throws {
    self.image = image
    self.field = field
    self.threads = threads
    settings = image.settings
    grid = try Self.grid(image.values, image, field)
    logarithms = LogarithmTable(total: 2 * grid.kernelCount)
  }

  private static func grid(_ values: RegionValues, _ image: DerivedImage, _ field: KernelField) throws -> KernelGrid {
    let discretised = try image.named { try DiscretisedRegion(values, binning: image.settings.binning) }
    return KernelGrid(LevelGrid(discretised, region: field.region), centres: field.centres, reach: field.reach)
  }

  /// - Returns: the features of a class by voxel, and the names of those that fail for some voxels as in PyRadiomics.
  func table(_ request: FeatureClassRequest) throws -> (VoxelTable, failed: Set<String>) {
    switch request.featureClass {
    case .firstorder: return (try firstOrder(), [])
    case .glcm: return cooccurrence(needsMCC: request.features.contains("MCC"))
    case .glrlm: return (runLengths(), [])
    case .glszm:
      let directions = directions([1])
      return (table(.glszm) { SizeZoneKernel(grid, directions: directions, logarithms: logarithms) }, [])
    case .gldm:
      let directions = directions(settings.distances)
      let tolerance = settings.gldmAlpha
      return (
        table(.gldm) {
          DependenceKernel(grid, directions: directions, tolerance: tolerance, logarithms: logarithms)
        }, []
      )
    case .ngtdm:
      let directions = directions(settings.distances)
      return (table(.ngtdm) { ToneDifferenceKernel(grid, directions: directions) }, [])
    case .shape, .shape2D: return (VoxelTable(voxels: 0, features: 0, threads: 1) { NoFeatures() }, [])
    }
  }

  private func table(_ featureClass: FeatureClass, _ make: @Sendable () -> any KernelFeatures) -> VoxelTable {
    let features = featureClass.names.count + featureClass.namesByRequest.count
    return VoxelTable(voxels: grid.centres.count, features: features, threads: threads, make: make)
  }

  private func directions(_ distances: [Int]) -> [SIMD3<Int>] {
    grid.within(
      Neighbourhood(distances: distances, size: field.geometry.size, fixedAxis: settings.fixedAxis).directions)
  }

  private func firstOrder() throws -> VoxelTable {
    // PyRadiomics has converted the image to float64 by now, so the edges of a bin count are not rounded to float32.
    var own = grid
    if case .reals(let values, single: true) = image.values, case .count = settings.binning {
      own = try Self.grid(.reals(values, single: false), image, field)
    }
    let region = field.region
    var values = [Double](repeating: .nan, count: region.paddedCount)
    let doubles = image.values.doubles
    for row in region.rows {
      for x in 0..<row.length { values[row.padded + x] = doubles[row.first + x] }
    }
    let (grid, shift) = (own, settings.voxelArrayShift)
    let volume = region.spacing.x * region.spacing.y * region.spacing.z
    let padded = values
    return table(.firstorder) {
      FirstOrderKernel(
        grid, image: padded, extent: region.box.size, shift: shift, voxelVolume: volume, logarithms: logarithms)
    }
  }

  private func runLengths() -> VoxelTable {
    let directions = directions([1])
    let weights = settings.weightingNorm.map { norm in
      directions.map { norm.runWeight($0, spacing: field.region.spacing) }
    }
    return table(.glrlm) {
      RunLengthKernel(grid, directions: directions, weights: weights, logarithms: logarithms)
    }
  }

  private func cooccurrence(needsMCC: Bool) -> (VoxelTable, Set<String>) {
    let directions = directions(settings.distances)
    let weights = settings.weightingNorm.map { norm in
      directions.map { norm.pairWeight($0, spacing: field.region.spacing) }
    }
    let batches = CooccurrenceBatches(
      grid, directions: directions, size: settings.voxel.voxelBatch, together: weights != nil, threads: threads)
    let tables = KernelMatrix.Tables(grid, logarithms: logarithms)
    let symmetrical = settings.symmetricalGLCM
    var table = table(.glcm) {
      CooccurrenceKernel(
        grid, directions: directions, weights: weights, symmetrical: symmetrical, needsMCC: needsMCC, batches: batches,
        tables: tables)
    }
    let failed = batches.batches.filter(\.hasGaps)
    guard needsMCC, !failed.isEmpty, let mcc = GLCMFeatures.names.firstIndex(of: "MCC") else { return (table, []) }
    for batch in failed { table.fill(mcc, batch.places, with: field.initValue) }
    return (table, ["MCC"])
  }
}

/// Shape has no kernels.
private final class NoFeatures: KernelFeatures {
  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {}
}
