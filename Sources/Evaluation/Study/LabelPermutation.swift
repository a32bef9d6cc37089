internal import Training

/// Labels dealt out anew: what is left of a pipeline's skill is noise.
enum LabelPermutation {
  /// The cohort's labels with those of `rows` permuted. Cases of one patient keep their labels together: they are
  /// exchanged with those of a patient with as many cases.
  static func permute(_ cohort: LabelledCohort, rows: [Int], seed: UInt32) -> [Bool] {
    var labels = cohort.labels
    var patients: [String: [Int]] = [:]
    var order: [String] = []
    for row in rows {
      if patients[cohort.groups[row]] == nil { order.append(cohort.groups[row]) }
      patients[cohort.groups[row], default: []].append(row)
    }
    var source = MersenneTwister(seed: seed)
    for size in Set(patients.values.map(\.count)).sorted() {
      let members = order.filter { patients[$0]!.count == size }
      let from = source.permutation(members.count)
      for (index, member) in members.enumerated() {
        for (target, origin) in zip(patients[member]!, patients[members[from[index]]]!) {
          labels[target] = cohort.labels[origin]
        }
      }
    }
    return labels
  }
}
