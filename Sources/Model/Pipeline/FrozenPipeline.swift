/// The computation of a bundle without its files: training evaluates the same code that serves predictions.
package struct FrozenPipeline: Sendable {
  let pipeline: PipelineArithmetic

  /// - Parameters:
  ///   - steps: as in `bundle.json`.
  ///   - tensors: each used by a step; `docs/model.md` lists them.
  /// - Throws: as loading a bundle, where steps and tensors do not match.
  package init(steps: [BundleManifest.Step], featureCount: Int, tensors: [Tensor]) throws {
    let named = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    pipeline = try PipelineArithmetic(
      steps: steps, featureCount: featureCount, weights: WeightStore(named, file: "weights.safetensors"),
      file: "weights.safetensors")
  }

  /// Probability of the positive class for one case, its features in the pipeline's order.
  package func probability(_ features: [Double]) -> Double { pipeline.run(features).probability }

  /// Principal component scores before whitening; nil without that step.
  package func scores(_ features: [Double]) -> [Double]? { pipeline.run(features).scores }

  /// Hotelling's T² (nil without principal components) and the squared residual of one case, as in
  /// `OutOfDistribution`.
  package func distances(_ features: [Double]) -> (t2: Double?, spe: Double) {
    let trace = pipeline.run(features)
    guard let pca = pipeline.pca, let scores = trace.scores else {
      return (nil, trace.standardised.reduce(0) { $0 + $1 * $1 })
    }
    return (
      pca.explainedVariance.map { zip(scores, $0).reduce(0) { $0 + $1.0 * $1.0 / $1.1 } },
      pca.residual(trace.standardised, scores: scores)
    )
  }
}

extension Tensor {
  /// Whole numbers, last axis fastest.
  package static func whole(_ name: String, _ shape: [Int], _ values: [Int]) -> Tensor {
    Tensor(name: name, shape: shape, values: .int64(values.map(Int64.init)))
  }
}
