internal import Imaging
internal import Parallel

/// The feature classes other than shape for one image, cut into tasks of about the same length: one for each direction
/// (GLCM and GLRLM of that direction) and one for each other class.
struct TextureTasks: Sendable {
  private enum Task: Sendable {
    case direction(SIMD3<Int>)
    case firstOrder, zones, dependences, toneDifferences
  }

  private enum Outcome: Sendable {
    case direction(glcm: [Double]?, glrlm: [Double]?)
    case weighted(glcm: CooccurrenceMatrix?, glrlm: [LevelSizeEntry])
    case values(FeatureClass, [Double])
  }

  private let grid: LevelGrid
  private let values: RegionValues
  private let discretised: DiscretisedRegion
  private let settings: ExtractionSettings
  private let classes: Set<FeatureClass>
  private let needsMCC: Bool
  private let tasks: [Task]

  /// - Parameter requests: the requested classes; shape is skipped.
  init(
    _ values: RegionValues, region: Region, settings: ExtractionSettings, requests: [FeatureClassRequest],
    memory: MemoryBudget
  ) throws {
    self.values = values
    self.settings = settings
    discretised = try DiscretisedRegion(values, binning: settings.binning)
    grid = LevelGrid(discretised, region: region)
    classes = Set(requests.map(\.featureClass).filter { !$0.isShape })
    needsMCC = requests.contains { $0.featureClass == .glcm && $0.features.contains("MCC") }

    var tasks: [Task] = []
    if classes.contains(.glszm) { tasks.append(.zones) }
    if classes.contains(.ngtdm) { tasks.append(.toneDifferences) }
    if classes.contains(.glcm) || classes.contains(.glrlm) {
      try memory.requireTables(
        levels: grid.greyLevels.count, longest: max(region.box.size.x, region.box.size.y, region.box.size.z),
        directions: 13 * settings.distances.count, keepsDirections: settings.weightingNorm != nil)
      // Runs use steps to the next voxel only, whatever the distances of the pairs.
      let distances = Set((classes.contains(.glcm) ? settings.distances : []) + (classes.contains(.glrlm) ? [1] : []))
      tasks += Neighbourhood(distances: distances.sorted(), size: region.box.size, fixedAxis: settings.fixedAxis)
        .directions.map { .direction($0) }
    }
    if classes.contains(.gldm) { tasks.append(.dependences) }
    if classes.contains(.firstorder) { tasks.append(.firstOrder) }
    self.tasks = tasks
  }

  /// The tasks as work; the last task to end calls `done` with the values of each class in the order of its names.
  func work(done: @escaping @Sendable ([FeatureClass: [Double]]) -> Void) -> [Work] {
    let outcomes = Results<Outcome>(count: tasks.count)
    let left = Countdown(tasks.count)
    return tasks.indices.map { i in
      Work {
        outcomes.set(i, outcome(tasks[i]))
        if left.countDown() { done(results(outcomes.all)) }
        return []
      }
    }
  }

  private func results(_ outcomes: [Outcome]) -> [FeatureClass: [Double]] {
    var results: [FeatureClass: [Double]] = [:]
    for case .values(let featureClass, let values) in outcomes { results[featureClass] = values }
    if classes.contains(.glcm) { results[.glcm] = glcm(outcomes) }
    if classes.contains(.glrlm) { results[.glrlm] = glrlm(outcomes) }
    return results
  }

  private func outcome(_ task: Task) -> Outcome {
    switch task {
    case .direction(let step): direction(step)
    case .firstOrder:
      .values(
        .firstorder,
        FirstOrderFeatures.values(
          values, counts: discretised.counts, shift: settings.voxelArrayShift,
          voxelVolume: grid.region.spacing.x * grid.region.spacing.y * grid.region.spacing.z))
    case .zones: .values(.glszm, GLSZMFeatures.values(grid, fixedAxis: settings.fixedAxis))
    case .dependences:
      .values(
        .gldm,
        GLDMFeatures.values(
          grid, distances: settings.distances, tolerance: settings.gldmAlpha, fixedAxis: settings.fixedAxis))
    case .toneDifferences:
      .values(.ngtdm, NGTDMFeatures.values(grid, distances: settings.distances, fixedAxis: settings.fixedAxis))
    }
  }

  private func direction(_ step: SIMD3<Int>) -> Outcome {
    let distance = max(abs(step.x), abs(step.y), abs(step.z))
    let wantsPairs = classes.contains(.glcm) && settings.distances.contains(distance)
    let wantsRuns = classes.contains(.glrlm) && distance == 1
    let counts = DirectionCounts(grid, step: step, countRuns: wantsRuns)
    let matrix = wantsPairs ? CooccurrenceMatrix(counts, symmetrical: settings.symmetricalGLCM) : nil
    // A direction without two voxels on one line is excluded from the runs.
    let hasRuns = wantsRuns && (!counts.isEmpty || LineTest.anyLineHasTwoVoxels(grid.region, step: step))
    if let norm = settings.weightingNorm {
      var weighted = matrix
      weighted?.scale(by: norm.pairWeight(step, spacing: grid.region.spacing))
      let weight = norm.runWeight(step, spacing: grid.region.spacing)
      return .weighted(
        glcm: weighted,
        glrlm: hasRuns ? GLRLMFeatures.entries(counts, greyLevels: grid.greyLevels, weight: weight) : [])
    }
    return .direction(
      glcm: matrix.flatMap { GLCMFeatures.values($0, greyLevels: grid.greyLevels, needsMCC: needsMCC) },
      glrlm: hasRuns ? GLRLMFeatures.values(GLRLMFeatures.entries(counts, greyLevels: grid.greyLevels)) : nil)
  }

  private func glcm(_ outcomes: [Outcome]) -> [Double] {
    if settings.weightingNorm != nil {
      var sum: CooccurrenceMatrix?
      for case .weighted(let matrix?, _) in outcomes {
        if sum == nil { sum = matrix } else { sum?.add(matrix, factor: 1) }
      }
      let values = sum.flatMap { GLCMFeatures.values($0, greyLevels: grid.greyLevels, needsMCC: needsMCC) }
      return values ?? missing(GLCMFeatures.names)
    }
    var rows: [[Double]] = []
    for case .direction(let values?, _) in outcomes { rows.append(values) }
    return Self.mean(rows) ?? missing(GLCMFeatures.names)
  }

  private func glrlm(_ outcomes: [Outcome]) -> [Double] {
    if settings.weightingNorm != nil {
      var sums: [RunKey: Double] = [:]
      for case .weighted(_, let entries) in outcomes {
        for entry in entries { sums[RunKey(level: entry.level, size: entry.size), default: 0] += entry.weight }
      }
      let entries = sums.map { LevelSizeEntry(level: $0.key.level, size: $0.key.size, weight: $0.value) }
        .sorted { $0.level != $1.level ? $0.level < $1.level : $0.size < $1.size }
      return GLRLMFeatures.values(entries) ?? missing(GLRLMFeatures.names)
    }
    var rows: [[Double]] = []
    for case .direction(_, let values?) in outcomes { rows.append(values) }
    return Self.mean(rows) ?? missing(GLRLMFeatures.names)
  }

  private struct RunKey: Hashable {
    var level: Double
    var size: Double
  }

  /// Mean over directions, in the order of the directions, ignoring NaN; nil without a direction.
  private static func mean(_ rows: [[Double]]) -> [Double]? {
    guard let first = rows.first else { return nil }
    return first.indices.map { k in
      var sum = 0.0
      var n = 0.0
      for row in rows where !row[k].isNaN {
        sum += row[k]
        n += 1
      }
      return n > 0 ? sum / n : .nan
    }
  }

  /// No direction has a neighbour: the values are NaN, except those that PyRadiomics computes even then. It drops
  /// matrices without an entry where there are several, and then sets the MCC of a single grey level to 1; of one
  /// matrix (a single direction, or the sum that weights make) it keeps the empty one, and sums over none of its cells
  /// are 0.
  private func missing(_ names: [String]) -> [Double] {
    let directions = tasks.count(where: {
      if case .direction = $0 { true } else { false }
    })
    let isOne = settings.weightingNorm != nil || directions == 1
    return names.map { name in
      switch name {
      case "MCC": !isOne && grid.greyLevels.count == 1 ? 1 : .nan
      case "InverseVariance": isOne && grid.highest == 1 ? 0 : .nan
      case "RunVariance": isOne ? 0 : .nan
      case "RunEntropy": isOne ? -0.0 : .nan
      default: .nan
      }
    }
  }
}
