/// Rows to fit on and rows to test on; no patient is on both sides. Indices ascend.
public struct Split: Sendable, Equatable {
  public var training: [Int]
  public var test: [Int]

  public init(training: [Int], test: [Int]) {
    self.training = training
    self.test = test
  }
}

/// Stratified splits that keep the cases of one patient together; all chance comes from a seed (MT19937).
///
/// Where every case is a patient of its own the splits are scikit-learn's `StratifiedShuffleSplit` and
/// `RepeatedStratifiedKFold` with that `random_state`. Else patients are split, stratified by whether any of their cases
/// is positive.
public enum Splits {
  /// One split.
  ///
  /// - Parameter trainingShare: of the patients, within (0, 1); ⌈(1 - share) n⌉ are tested.
  /// - Throws: `E_TRAIN_SPLIT` where a class would be absent from a side.
  public static func holdOut(
    labels: [Bool], groups: [String], trainingShare: Double, seed: UInt32
  ) throws -> Split { Split(training: [], test: []) }

  /// `repeats` x `folds` splits; in each repeat every row is tested once.
  ///
  /// - Throws: `E_TRAIN_SPLIT` where a class has fewer patients than there are folds.
  public static func repeatedKFold(
    labels: [Bool], groups: [String], folds: Int, repeats: Int, seed: UInt32
  ) throws -> [[Split]] { [] }
}
