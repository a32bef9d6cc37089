/// The settings among which training may choose, by cross-validation within the training cases: every combination of
/// the listed settings is a candidate. A list of one leaves no choice.
package struct SearchSpace: Sendable, Equatable {
  /// `nil` in it classifies the features without principal components. Empty: 10 and 20, as far as there are that many.
  package var components: [PipelineSpecification.Components?] = []
  package var standardise = true
  package var imputation: PipelineSpecification.Imputation?
  package var calibration: PipelineSpecification.Calibration?

  /// Hidden layers, penalties and numbers of epochs of the perceptron; its other settings.
  package var mlp: MLPSettings = {
    var settings = MLPSettings()
    settings.learningRate = 0.01
    return settings
  }()
  package var hidden = [[16, 8]]
  package var alpha = [30.0, 10, 1]
  package var epochs = [100]
  /// Inverse penalties of the logistic regression.
  package var c = [0.01, 0.1, 1]
  /// The forest; its least leaves.
  package var forest = RandomForestSettings()
  package var leaves = [5, 1]

  package init() {}

  /// The candidates of one kind, the simplest first: fewer components, then smaller networks and stronger penalties as
  /// they are listed.
  ///
  /// - Parameter fewestRows: rows of the smallest training fold, which limits the components where none are listed.
  package func candidates(
    _ kind: PipelineSpecification.Classifier.Kind, seed: UInt32, fewestRows: Int
  ) -> [PipelineSpecification] {
    let listed = components.isEmpty ? Self.usualComponents(fewestRows) : components
    return listed.flatMap { components in
      classifiers(kind).map {
        PipelineSpecification(
          imputation: imputation, standardise: standardise, components: components, classifier: $0,
          calibration: calibration, seed: seed)
      }
    }
  }

  private static func usualComponents(_ fewestRows: Int) -> [PipelineSpecification.Components?] {
    let feasible = [10, 20].filter { $0 < fewestRows }
    return (feasible.isEmpty ? [max(1, fewestRows - 2)] : feasible).map { .count($0) }
  }

  private func classifiers(
    _ kind: PipelineSpecification.Classifier.Kind
  ) -> [PipelineSpecification.Classifier] {
    switch kind {
    case .mlp:
      return hidden.flatMap { hidden in
        alpha.flatMap { alpha in
          epochs.map { epochs in
            var settings = mlp
            (settings.hidden, settings.alpha, settings.maxIterations) = (hidden, alpha, epochs)
            return .mlp(settings)
          }
        }
      }
    case .lr:
      return c.map {
        var settings = LogisticRegressionSettings()
        settings.c = $0
        return .logisticRegression(settings)
      }
    case .rf:
      return leaves.map {
        var settings = forest
        settings.minSamplesLeaf = $0
        return .randomForest(settings)
      }
    }
  }
}
