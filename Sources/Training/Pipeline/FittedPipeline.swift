/// A fitted pipeline. It answers with the arithmetic that serves a frozen bundle, so what is evaluated is what is frozen.
public struct FittedPipeline: Sendable {
  public let specification: PipelineSpecification
  /// Names of the columns that it takes, in order.
  public let features: [String]
  /// Share of the variance that each principal component explains: the whole spectrum of the training rows, of which
  /// the first `componentCount` are kept. Empty without that step.
  public let explainedVarianceRatio: [Double]
  /// 0 without principal components.
  public let componentCount: Int

  /// Probability of the positive class, one a row.
  ///
  /// - Precondition: the columns are `features`, in their order.
  public func probabilities(_ rows: FeatureMatrix) -> [Double] { [] }

  /// Principal component scores (before whitening), one array of `componentCount` a row; empty arrays without that step.
  public func scores(_ rows: FeatureMatrix) -> [[Double]] { [] }
}
