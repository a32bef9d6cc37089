package import Errors

extension ErrorCode {
  /// A table of features or labels cannot be used: malformed, a case twice, a cell that is not a number.
  package static let trainTable = ErrorCode("E_TRAIN_TABLE", .badInput)
  /// There are too few cases or classes to fit or to split.
  package static let trainClasses = ErrorCode("E_TRAIN_CLASSES", .badInput)
  /// A feature reveals the label: a copy of it, or so close that no image can be the reason.
  package static let trainLeak = ErrorCode("E_TRAIN_LEAK", .badInput)
  /// The tables name their cases differently, or too many cases of one are not in the other.
  package static let trainUnmatched = ErrorCode("E_TRAIN_UNMATCHED", .badInput)
  /// A feature is missing in a training case, and imputation is off.
  package static let trainMissing = ErrorCode("E_TRAIN_MISSING", .badInput)
  /// More principal components are requested than the training cases have.
  package static let trainComponents = ErrorCode("E_TRAIN_COMPONENTS", .usage)
  /// A split would leave a class out of one side.
  package static let trainSplit = ErrorCode("E_TRAIN_SPLIT", .badInput)
  /// Fitting left the range of finite numbers.
  package static let trainDiverged = ErrorCode("E_TRAIN_DIVERGED", .badInput)
  /// `train.yaml`, or an option of training, is wrong.
  package static let trainConfiguration = ErrorCode("E_TRAIN_CONFIG", .configuration)
}
