/// GLCM features of kernels, averaged over directions, or of all directions weighted.
final class CooccurrenceKernel: KernelFeatures {
  private let grid: KernelGrid
  private let window: KernelWindow
  private let offsets: [Int]
  private let weights: [Double]?
  private let symmetrical: Bool
  private let batches: CooccurrenceBatches
  private let needsMCC: Bool
  private let matrix: KernelMatrix
  private let counts: KernelScratch<Double>
  private static let features = GLCMFeatures.names.count
  private static let jointAverage = GLCMFeatures.names.firstIndex(of: "JointAverage") ?? 0
  private static let mcc = GLCMFeatures.names.firstIndex(of: "MCC") ?? 0

  /// - Parameters:
  ///   - directions: steps that fit into a kernel, in PyRadiomics' order.
  ///   - weights: one per direction; nil where directions are averaged.
  init(
    _ grid: KernelGrid, directions: [SIMD3<Int>], weights: [Double]?, symmetrical: Bool, needsMCC: Bool,
    batches: CooccurrenceBatches, tables: KernelMatrix.Tables
  ) {
    self.grid = grid
    self.weights = weights
    self.symmetrical = symmetrical
    self.needsMCC = needsMCC
    self.batches = batches
    window = KernelWindow(grid, guardWidth: directions.longest)
    offsets = directions.map(window.offset)
    matrix = KernelMatrix(levels: grid.kernelCount, tables: tables)
    counts = KernelScratch(count: Self.features, 0)
  }

  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>) {
    window.load(grid.centres[place])
    let counts = counts.base
    for f in 0..<Self.features {
      values[f] = 0
      counts[f] = 0
    }
    let batch = batches.batch(of: place)
    let wantsMCC = needsMCC && !batch.hasGaps
    let levels = window.levelCount
    var isMissing = false
    if let weights {
      matrix.clear(levels: levels)
      for (d, weight) in weights.enumerated() { add(d, weight) }
      if !matrix.addFeatures(levels: levels, grey: window.grey, needsMCC: wantsMCC, to: values, counts) {
        isMissing = true
      }
    } else {
      for d in offsets.indices where batch.some[d] {
        matrix.clear(levels: levels)
        add(d, 1)
        if !matrix.addFeatures(levels: levels, grey: window.grey, needsMCC: wantsMCC, to: values, counts) {
          isMissing = true
        }
      }
    }
    for f in 0..<Self.features { values[f] = counts[f] > 0 ? values[f] / counts[f] : .nan }
    if isMissing { values[Self.jointAverage] = .nan }
    if grid.greyLevels.count == 1 { values[Self.mcc] = 1 }
  }

  private func add(_ d: Int, _ weight: Double) {
    let (cube, places, offset) = (window.cube, window.places, offsets[d])
    let levels = window.levelCount
    for m in 0..<window.memberCount {
      let here = Int(places[Int(window.members[m])])
      let other = Int(cube[here &+ offset])
      if other == 0 { continue }
      let own = Int(cube[here])
      matrix.weights[(own &- 1) &* levels &+ other &- 1] += weight
      if symmetrical { matrix.weights[(other &- 1) &* levels &+ own &- 1] += weight }
    }
  }
}
