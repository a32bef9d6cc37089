package import Imaging

/// PyRadiomics' features of an image that is prepared and discretised by IBSI's rules.
package struct IBSIExtraction: Sendable {
  /// How the matrices of the 13 directions are combined into one number.
  package enum Aggregation: String, Sendable {
    /// A feature of each direction, then their mean, as in PyRadiomics.
    case averaged
    /// One matrix of all directions, then the feature.
    case merged
  }

  /// By `<class>_<feature>`, PyRadiomics' names.
  package let averaged: [String: Double]
  /// GLCM and GLRLM only.
  package let merged: [String: Double]
  /// Voxels before re-segmentation, on the new grid.
  package let morphologicalVoxels: Int

  /// - Throws: the errors of the preparation.
  package init(image: Volume, mask: Mask, settings: IBSISettings, threads: Int) throws {
    let prepared = try IBSIPreparation(image, mask, settings, threads: threads)
    var pyradiomics = ExtractionSettings()
    pyradiomics.minimumROIDimensions = 1
    morphologicalVoxels = prepared.morphologicalMask.voxels.count { $0 != 0 }
    let shape = try RegionPreparation.region(prepared.morphologicalMask, pyradiomics)
    let region = try RegionPreparation.region(prepared.intensityMask, pyradiomics)
    let values = RegionValues(prepared.image, region: region)
    let discretised = try DiscretisedRegion(values.doubles, ibsi: settings)
    let grid = LevelGrid(discretised, region: region)

    var averaged: [String: Double] = [:]
    func add(_ featureClass: FeatureClass, _ values: [Double]) {
      for (name, value) in zip(featureClass.names + featureClass.namesByRequest, values) {
        averaged["\(featureClass.rawValue)_\(name)"] = value
      }
    }
    add(.shape, ShapeFeatures.values(prepared.morphologicalMask, box: shape.box))
    add(
      .firstorder,
      FirstOrderFeatures.values(
        values, counts: discretised.counts, shift: 0,
        voxelVolume: region.spacing.x * region.spacing.y * region.spacing.z))
    add(.glszm, GLSZMFeatures.values(grid, fixedAxis: nil))
    add(.gldm, GLDMFeatures.values(grid, distances: [1], tolerance: 0, fixedAxis: nil))
    add(.ngtdm, NGTDMFeatures.values(grid, distances: [1], fixedAxis: nil))
    let directions = Directions(grid)
    add(.glcm, directions.mean(directions.matrices.compactMap(directions.cooccurrence)))
    add(.glrlm, directions.mean(directions.runs.compactMap(GLRLMFeatures.values)))
    self.averaged = averaged

    var merged: [String: Double] = [:]
    for (name, value) in zip(GLCMFeatures.names, directions.mergedCooccurrence) { merged["glcm_\(name)"] = value }
    for (name, value) in zip(GLRLMFeatures.names, directions.mergedRuns) { merged["glrlm_\(name)"] = value }
    self.merged = merged
  }
}

/// The matrices of the directions at distance 1.
private struct Directions {
  let matrices: [CooccurrenceMatrix]
  let runs: [[LevelSizeEntry]]
  private let greyLevels: [Int]

  init(_ grid: LevelGrid) {
    greyLevels = grid.greyLevels
    var matrices: [CooccurrenceMatrix] = []
    var runs: [[LevelSizeEntry]] = []
    for step in Neighbourhood(distances: [1], size: grid.region.box.size, fixedAxis: nil).directions {
      let counts = DirectionCounts(grid, step: step, countRuns: true)
      matrices.append(CooccurrenceMatrix(counts, symmetrical: true))
      runs.append(GLRLMFeatures.entries(counts, greyLevels: grid.greyLevels))
    }
    self.matrices = matrices
    self.runs = runs
  }

  func cooccurrence(_ matrix: CooccurrenceMatrix) -> [Double]? {
    GLCMFeatures.values(matrix, greyLevels: greyLevels, needsMCC: false)
  }

  var mergedCooccurrence: [Double] {
    guard var sum = matrices.first else { return [] }
    for matrix in matrices.dropFirst() { sum.add(matrix, factor: 1) }
    return cooccurrence(sum) ?? []
  }

  var mergedRuns: [Double] {
    struct Cell: Hashable {
      let level: Double
      let size: Double
    }
    var sums: [Cell: Double] = [:]
    for entry in runs.joined() { sums[Cell(level: entry.level, size: entry.size), default: 0] += entry.weight }
    let entries = sums.map { LevelSizeEntry(level: $0.key.level, size: $0.key.size, weight: $0.value) }
      .sorted { $0.level != $1.level ? $0.level < $1.level : $0.size < $1.size }
    return GLRLMFeatures.values(entries) ?? []
  }

  func mean(_ rows: [[Double]]) -> [Double] {
    guard let first = rows.first else { return [] }
    return first.indices.map { k in rows.reduce(0) { $0 + $1[k] } / Double(rows.count) }
  }
}
