package import Errors

extension ErrorCode {
  /// A table is malformed, or a cell that the model needs is not a number.
  package static let featureTable = ErrorCode("E_FEATURE_TABLE", .badInput)
}
