internal import Errors
internal import Random

/// Stratified splits that keep the cases of one patient together; all randomness comes from a seed (MT19937).
///
/// Where every case is a patient of its own, the splits are scikit-learn's `StratifiedShuffleSplit` and
/// `RepeatedStratifiedKFold` with that `random_state`. Otherwise patients are split, stratified by whether any of their
/// cases is positive.
package enum Splits {
  /// One split.
  ///
  /// - Parameter trainingShare: of the patients, within (0, 1); ⌈(1 - share) n⌉ are tested.
  /// - Throws: `E_TRAIN_SPLIT` where a class would be absent from a side.
  package static func holdOut(
    labels: [Bool], groups: [String], trainingShare: Double, seed: UInt32
  ) throws -> Split {
    let patients = Patients(labels: labels, groups: groups)
    var random = MersenneTwister(seed: seed)
    let (training, test) = try StratifiedShuffle.split(patients.labels, testShare: 1 - trainingShare, &random)
    return Split(training: patients.rows(training), test: patients.rows(test))
  }

  /// `repeats` x `folds` splits; in each repeat every row is tested once.
  ///
  /// - Throws: `E_TRAIN_SPLIT` where a class has fewer patients than there are folds.
  package static func repeatedKFold(
    labels: [Bool], groups: [String], folds: Int, repeats: Int, seed: UInt32
  ) throws -> [[Split]] {
    let patients = Patients(labels: labels, groups: groups)
    let fewest = min(patients.labels.count { $0 }, patients.labels.count { !$0 })
    guard folds >= 2, fewest >= folds else {
      throw StudyError(
        .trainSplit,
        "the smaller class has \(fewest) patient\(fewest == 1 ? "" : "s"), too few for \(folds) folds",
        hint: "give more cases, or fewer folds (at least 2)"
          + (patients.labels.count < labels.count ? "; a patient with any positive case counts as positive" : ""))
    }
    var random = MersenneTwister(seed: seed)
    return (0..<repeats).map { _ in kFold(patients, folds, &random) }
  }

  /// The largest number of folds, at most `folds`, that every class has patients for; at least 2.
  static func feasibleFolds(labels: [Bool], groups: [String], atMost folds: Int) -> Int {
    let patients = Patients(labels: labels, groups: groups)
    return max(2, min(folds, patients.labels.count { $0 }, patients.labels.count { !$0 }))
  }

  /// `StratifiedKFold(folds, shuffle=True)`.
  private static func kFold(_ patients: Patients, _ folds: Int, _ random: inout MersenneTwister) -> [Split] {
    let labels = patients.labels
    // Classes in the order of their first appearance.
    let classes = [labels[0], !labels[0]]
    let counts = classes.map { value in labels.count { $0 == value } }
    var fold = [Int](repeating: 0, count: labels.count)
    for (k, value) in classes.enumerated() {
      // Of the cases sorted by class, each fold takes every folds-th: the classes' sizes differ by at most one.
      let start = k == 0 ? 0 : counts[0]
      var places: [Int] = []
      for f in 0..<folds {
        let taken = (start..<(start + counts[k])).count { $0 % folds == f }
        places += [Int](repeating: f, count: taken)
      }
      random.shuffle(&places)
      for (place, index) in labels.indices.filter({ labels[$0] == value }).enumerated() { fold[index] = places[place] }
    }
    return (0..<folds).map { f in
      Split(
        training: patients.rows(fold.indices.filter { fold[$0] != f }),
        test: patients.rows(fold.indices.filter { fold[$0] == f }))
    }
  }
}

/// The patients of some cases, in the order of their first case.
private struct Patients {
  /// Whether any case is positive.
  private(set) var labels: [Bool] = []
  private var cases: [[Int]] = []

  init(labels: [Bool], groups: [String]) {
    precondition(labels.count == groups.count, "one group a case")
    var index: [String: Int] = [:]
    for (row, group) in groups.enumerated() {
      if let patient = index[group] {
        cases[patient].append(row)
        if labels[row] { self.labels[patient] = true }
      } else {
        index[group] = cases.count
        cases.append([row])
        self.labels.append(labels[row])
      }
    }
  }

  /// Ascending indices of the cases of some patients.
  func rows(_ patients: [Int]) -> [Int] { patients.flatMap { cases[$0] }.sorted() }
}
