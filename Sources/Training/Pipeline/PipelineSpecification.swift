/// The pipeline to fit: impute? → standardise → principal components? → classifier → calibrate?
///
/// The names and defaults of the settings are scikit-learn's.
package struct PipelineSpecification: Sendable, Equatable {
  /// The replacement of a missing value; nil refuses missing values.
  package var imputation: Imputation?
  /// Zero mean and unit variance, feature by feature.
  package var standardise: Bool
  /// nil classifies the (standardised) features themselves.
  package var components: Components?
  package var classifier: Classifier
  package var calibration: Calibration?
  /// The seed of all random steps of fitting (initial weights, order of batches, bootstrap).
  package var seed: UInt32

  package enum Imputation: String, Sendable, CaseIterable { case mean, median }

  package enum Components: Sendable, Equatable {
    case count(Int)
    /// The smallest number that explains at least this share of the variance, within (0, 1).
    case share(Double)
  }

  package enum Calibration: String, Sendable, CaseIterable {
    /// Platt's logistic function of the logit, fitted to out-of-fold probabilities of the training rows.
    case platt
  }

  package enum Classifier: Sendable, Equatable {
    case mlp(MLPSettings)
    case logisticRegression(LogisticRegressionSettings)
    case randomForest(RandomForestSettings)

    package enum Kind: String, Sendable, CaseIterable { case mlp, lr, rf }

    package var kind: Kind {
      switch self {
      case .mlp: .mlp
      case .logisticRegression: .lr
      case .randomForest: .rf
      }
    }
  }

  package init(
    imputation: Imputation? = nil, standardise: Bool = true, components: Components? = .count(20),
    classifier: Classifier, calibration: Calibration? = nil, seed: UInt32 = 1
  ) {
    self.imputation = imputation
    self.standardise = standardise
    self.components = components
    self.classifier = classifier
    self.calibration = calibration
    self.seed = seed
  }
}

/// scikit-learn's `MLPClassifier(solver="adam")`.
package struct MLPSettings: Sendable, Equatable {
  package enum Activation: String, Sendable, CaseIterable { case relu, tanh, logistic, identity }

  /// Units of each hidden layer.
  package var hidden: [Int] = [64, 32]
  package var activation = Activation.relu
  /// Weight of the squared weights in the loss.
  package var alpha = 1e-4
  package var learningRate = 1e-3
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8
  /// nil: min(200, rows).
  package var batchSize: Int?
  /// Maximum number of epochs.
  package var maxIterations = 200
  package var tolerance = 1e-4
  /// Epochs without improvement after which it stops.
  package var patience = 10
  /// Holds out a part of the training rows and keeps the weights that performed best on them.
  package var earlyStopping = false
  package var validationFraction = 0.1

  package init() {}
}

/// scikit-learn's `LogisticRegression(penalty="l2")`, solved to the last digits by Newton's method.
package struct LogisticRegressionSettings: Sendable, Equatable {
  /// Inverse weight of the squared coefficients.
  package var c = 1.0

  package init() {}
}

/// A forest of Gini trees, each on a bootstrap sample.
package struct RandomForestSettings: Sendable, Equatable {
  package enum FeatureSubset: Sendable, Equatable {
    /// ⌊√p⌋ features are tried for a split.
    case squareRoot
    case all
    case count(Int)
  }

  package var trees = 200
  /// nil: until leaves are pure.
  package var maxDepth: Int?
  package var minSamplesLeaf = 1
  package var featureSubset = FeatureSubset.squareRoot
  package var bootstrap = true

  package init() {}
}
