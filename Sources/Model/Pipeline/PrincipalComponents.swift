internal import Errors

/// scikit-learn's `PCA.transform`: scores x Vᵀ - mean Vᵀ, divided by their standard deviation where whitening.
package struct PrincipalComponents: Sendable, Equatable {
  package let features: Int
  package let mean: [Double]
  /// Component c is row c: `count` x `features`, features fastest.
  package let components: [Double]
  /// λ of each component, with n - 1; positive. nil where it was not recorded: there is no Hotelling's T² then.
  package let explainedVariance: [Double]?
  package let whiten: Bool
  /// mean Vᵀ, the score of the origin.
  private let meanScores: [Double]

  package var count: Int { meanScores.count }

  init(from weights: inout WeightStore, features: Int, step: BundleManifest.Step, file: String) throws {
    self.features = features
    let matrix = try weights.doubles("pca.components", [step.components, features])
    components = matrix.values
    mean = try weights.doubles("pca.mean", [features]).values
    whiten = step.whiten ?? false
    let variance =
      whiten || weights.has("pca.explained_variance")
      ? try weights.doubles("pca.explained_variance", [matrix.shape[0]]).values : nil
    explainedVariance = variance
    if let variance, let bad = variance.firstIndex(where: { $0 <= 0 }) {
      throw StudyError(
        .modelNumbers,
        "element \(bad) of tensor pca.explained_variance is \(variance[bad]); it must be positive",
        file: file, hint: "train with fewer components")
    }
    meanScores = Self.project(mean, on: components, count: matrix.shape[0])
  }

  /// Scores before whitening.
  func scores(_ x: [Double]) -> [Double] {
    var out = Self.project(x, on: components, count: count)
    for c in out.indices { out[c] -= meanScores[c] }
    return out
  }

  /// The input of the next step.
  func transform(scores: [Double]) -> [Double] {
    guard whiten, let explainedVariance else { return scores }
    // scikit-learn divides by at least one machine epsilon.
    return zip(scores, explainedVariance).map { $0 / max($1.squareRoot(), Double.ulpOfOne) }
  }

  /// ||z - V Vᵀ z||² of the centred input z: the part of a case that the kept components do not explain.
  func residual(_ x: [Double], scores: [Double]) -> Double {
    var rest = x
    for i in rest.indices { rest[i] -= mean[i] }
    components.withUnsafeBufferPointer { matrix in
      rest.withUnsafeMutableBufferPointer { rest in
        for (c, score) in scores.enumerated() {
          let row = c * features
          for i in 0..<features { rest[i] -= score * matrix[row &+ i] }
        }
      }
    }
    return rest.reduce(0) { $0 + $1 * $1 }
  }

  private static func project(_ x: [Double], on components: [Double], count: Int) -> [Double] {
    let features = x.count
    var out = [Double](repeating: 0, count: count)
    components.withUnsafeBufferPointer { matrix in
      x.withUnsafeBufferPointer { x in
        for c in 0..<count {
          let row = c * features
          var sum = 0.0
          for i in 0..<features { sum += x[i] * matrix[row &+ i] }
          out[c] = sum
        }
      }
    }
    return out
  }
}
