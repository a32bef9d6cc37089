/// Neighbouring grey tone difference matrix features (PyRadiomics `ngtdm`).
enum NGTDMFeatures {
  /// In PyRadiomics' order.
  static let names = ["Busyness", "Coarseness", "Complexity", "Contrast", "Strength"]

  /// Values in the order of `names`.
  static func values(_ grid: LevelGrid, distances: [Int], fixedAxis: Int?) -> [Double] {
    let rows = ToneDifferences.rows(grid, distances: distances, fixedAxis: fixedAxis)
    // Voxels without a neighbour in the region count in n but add no difference.
    let voxels = rows.reduce(0) { $0 + $1.count }
    let p = rows.map { $0.count / voxels }
    let i = rows.map(\.level)
    let s = rows.map(\.difference)
    let present = p.count(where: { $0 != 0 })
    let sumS = s.reduce(0, +)
    let weighted = zip(p, s).reduce(0) { $0 + $1.0 * $1.1 }

    var absolute = 0.0
    var complexity = 0.0
    var contrast = 0.0
    var strength = 0.0
    for a in rows.indices where p[a] != 0 {
      for b in rows.indices where p[b] != 0 {
        let step = i[a] - i[b]
        absolute += abs(i[a] * p[a] - i[b] * p[b])
        complexity += abs(step) * (p[a] * s[a] + p[b] * s[b]) / (p[a] + p[b])
        contrast += p[a] * p[b] * step * step
        strength += (p[a] + p[b]) * step * step
      }
    }
    let groups = Double(present * (present - 1))
    return [
      absolute == 0 ? 0 : weighted / absolute,
      weighted == 0 ? 1e6 : 1 / weighted,
      complexity / voxels,
      present > 1 ? contrast * sumS / voxels / groups : 0,
      sumS == 0 ? 0 : strength / sumS,
    ]
  }
}
