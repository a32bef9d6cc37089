public import Errors

/// The only thing that can be fitted. Every step of it sees the given rows and no other, so nothing can be learned
/// outside a training fold.
public enum Pipeline {
  /// Fits all steps on some rows of a matrix.
  ///
  /// - Parameters:
  ///   - labels: one a row of the matrix; true for the positive class.
  ///   - rows: indices of the training rows; the others are not read.
  /// - Throws: `E_TRAIN_MISSING` where a value is missing and imputation is off, `E_TRAIN_CLASSES` where the rows hold
  ///   one class alone, `E_TRAIN_COMPONENTS` where the rows have fewer principal components than asked for.
  public static func fit(
    _ specification: PipelineSpecification, _ matrix: FeatureMatrix, labels: [Bool], rows: [Int]
  ) throws -> FittedPipeline {
    throw StudyError(.internalFault, "fitting is not part of this build")
  }
}
