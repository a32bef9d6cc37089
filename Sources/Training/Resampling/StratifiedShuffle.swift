internal import Errors
internal import Random

/// scikit-learn's `StratifiedShuffleSplit(n_splits=1)`, draw by draw.
enum StratifiedShuffle {
  /// - Parameter testShare: ⌈share n⌉ cases are tested.
  /// - Returns: indices in the order in which scikit-learn returns them.
  /// - Throws: `trainSplit` where a class would be absent from a side.
  static func split(
    _ labels: [Bool], testShare: Double, _ random: inout MersenneTwister
  ) throws -> (training: [Int], test: [Int]) {
    // A product such as 0.3 x 10 may be slightly above the intended whole number by rounding.
    let wanted = testShare * Double(labels.count)
    let test = Int((wanted - 1e-9 * max(1, wanted)).rounded(.up))
    return try split(labels, testCount: test, &random)
  }

  static func split(
    _ labels: [Bool], testCount: Int, _ random: inout MersenneTwister
  ) throws -> (training: [Int], test: [Int]) {
    let classes = [false, true].map { value in labels.indices.filter { labels[$0] == value } }
      .filter { !$0.isEmpty }
    let trainingCount = labels.count - testCount
    guard classes.allSatisfy({ $0.count >= 2 }), testCount >= classes.count, trainingCount >= classes.count else {
      throw StudyError(
        .trainSplit,
        "\(labels.count) cases (\(labels.count { $0 }) positive) cannot be split into \(trainingCount) and \(testCount)"
          + " with both classes on both sides", hint: "give more cases, or another share")
    }
    let sizes = classes.map(\.count)
    let trainingSizes = allocate(sizes, trainingCount, &random)
    let testSizes = allocate(zip(sizes, trainingSizes).map { $0 - $1 }, testCount, &random)
    var training: [Int] = []
    var test: [Int] = []
    for (k, members) in classes.enumerated() {
      let shuffled = random.permutation(members.count).map { members[$0] }
      training += shuffled[0..<trainingSizes[k]]
      test += shuffled[trainingSizes[k]..<(trainingSizes[k] + testSizes[k])]
    }
    random.shuffle(&training)
    random.shuffle(&test)
    return (training, test)
  }

  /// The number of cases of each class among `draws` (`_approximate_mode`): in proportion, the rest to the largest
  /// remainders.
  private static func allocate(_ sizes: [Int], _ draws: Int, _ random: inout MersenneTwister) -> [Int] {
    let total = Double(sizes.reduce(0, +))
    guard total > 0 else { return sizes }
    let exact = sizes.map { Double($0) / total * Double(draws) }
    var out = exact.map { Int($0.rounded(.down)) }
    var need = draws - out.reduce(0, +)
    let remainders = zip(exact, out).map { $0 - Double($1) }
    for value in Set(remainders).sorted(by: >) where need > 0 {
      let places = remainders.indices.filter { remainders[$0] == value }
      let chosen = random.permutation(places.count).prefix(need)
      for place in chosen { out[places[place]] += 1 }
      need -= chosen.count
    }
    return out
  }
}
