internal import Random
internal import Training

/// Permutes labels: the remaining skill of a pipeline is noise.
enum LabelPermutation {
  /// The cohort's labels with those of `rows` permuted. Cases of one patient keep their labels together: they are
  /// exchanged with those of a patient with the same number of cases.
  static func permute(_ cohort: LabelledCohort, rows: [Int], seed: UInt32) -> [Bool] {
    var labels = cohort.labels
    let patients = Patients.of(rows, cohort.groups)
    var source = MersenneTwister(seed: seed)
    for size in Set(patients.map(\.count)).sorted() {
      let members = patients.filter { $0.count == size }
      let from = source.permutation(members.count)
      for (index, member) in members.enumerated() {
        for (target, origin) in zip(member, members[from[index]]) { labels[target] = cohort.labels[origin] }
      }
    }
    return labels
  }
}

enum Patients {
  /// The rows of each patient, in the order of their first rows.
  static func of(_ rows: [Int], _ groups: [String]) -> [[Int]] {
    var place: [String: Int] = [:]
    var patients: [[Int]] = []
    for row in rows {
      if let index = place[groups[row]] {
        patients[index].append(row)
      } else {
        place[groups[row]] = patients.count
        patients.append([row])
      }
    }
    return patients
  }
}
