internal import Model

/// A fitted pipeline. It predicts with the arithmetic that serves a frozen bundle, so evaluation and serving agree.
package struct FittedPipeline: Sendable {
  package let specification: PipelineSpecification
  /// Names of its columns, in order.
  package let features: [String]
  /// Share of the variance that each principal component explains: the whole spectrum of the training rows, of which
  /// the first `componentCount` are kept. Empty without that step.
  package let explainedVarianceRatio: [Double]
  /// 0 without principal components.
  package let componentCount: Int
  /// Loss of each epoch of a perceptron; empty for other classifiers.
  package var lossCurve: [Double] { parts.lossCurve }
  let parts: PipelineParts
  let frozen: FrozenPipeline

  init(
    specification: PipelineSpecification, parts: PipelineParts, features: [String], explainedVarianceRatio: [Double],
    componentCount: Int
  ) throws {
    self.specification = specification
    self.parts = parts
    self.features = features
    self.explainedVarianceRatio = explainedVarianceRatio
    self.componentCount = componentCount
    frozen = try FrozenPipeline(steps: parts.steps, featureCount: features.count, tensors: parts.tensors)
  }

  /// Probability of the positive class, one per row.
  ///
  /// - Precondition: the columns are `features`, in their order.
  package func probabilities(_ rows: FeatureMatrix) -> [Double] {
    precondition(rows.names == features, "the columns are those that the pipeline was fitted to")
    return (0..<rows.rowCount).map { frozen.probability(rows.row($0)) }
  }

  /// Principal component scores (before whitening), one array of `componentCount` per row; empty arrays without that
  /// step.
  package func scores(_ rows: FeatureMatrix) -> [[Double]] {
    precondition(rows.names == features, "the columns are those that the pipeline was fitted to")
    return (0..<rows.rowCount).map { frozen.scores(rows.row($0)) ?? [] }
  }

  /// The numbers of one step by its name in a bundle (`pca.components`, `mlp.0.weight`), last axis fastest; nil where
  /// the pipeline has no such tensor.
  package func tensor(_ name: String) -> [Double]? {
    switch parts.tensors.first(where: { $0.name == name })?.values {
    case .float64(let values): values
    case .int64(let values): values.map(Double.init)
    case nil: nil
    }
  }
}
