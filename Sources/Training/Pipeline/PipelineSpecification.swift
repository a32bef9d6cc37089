/// The pipeline to fit: impute? → standardise → principal components? → classifier → calibrate?
///
/// The names and defaults of the settings are scikit-learn's.
public struct PipelineSpecification: Sendable, Equatable {
  /// The replacement of a missing value; nil refuses missing values.
  public var imputation: Imputation?
  /// Zero mean and unit variance, feature by feature.
  public var standardise: Bool
  /// nil classifies the (standardised) features themselves.
  public var components: Components?
  public var classifier: Classifier
  public var calibration: Calibration?
  /// The seed of all random steps of fitting (initial weights, order of batches, bootstrap).
  public var seed: UInt32

  public enum Imputation: String, Sendable, CaseIterable { case mean, median }

  public enum Components: Sendable, Equatable {
    case count(Int)
    /// The smallest number that explains at least this share of the variance, within (0, 1).
    case share(Double)
  }

  public enum Calibration: String, Sendable, CaseIterable {
    /// Platt's logistic function of the logit, fitted to out-of-fold probabilities of the training rows.
    case platt
  }

  public enum Classifier: Sendable, Equatable {
    case mlp(MLPSettings)
    case logisticRegression(LogisticRegressionSettings)
    case randomForest(RandomForestSettings)

    public enum Kind: String, Sendable, CaseIterable { case mlp, lr, rf }

    public var kind: Kind {
      switch self {
      case .mlp: .mlp
      case .logisticRegression: .lr
      case .randomForest: .rf
      }
    }
  }

  public init(
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
public struct MLPSettings: Sendable, Equatable {
  public enum Activation: String, Sendable, CaseIterable { case relu, tanh, logistic, identity }

  /// Units of each hidden layer.
  public var hidden: [Int] = [64, 32]
  public var activation = Activation.relu
  /// Weight of the squared weights in the loss.
  public var alpha = 1e-4
  public var learningRate = 1e-3
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  /// nil: min(200, rows).
  public var batchSize: Int?
  /// Maximum number of epochs.
  public var maxIterations = 200
  public var tolerance = 1e-4
  /// Epochs without improvement after which it stops.
  public var patience = 10
  /// Holds out a part of the training rows and keeps the weights that performed best on them.
  public var earlyStopping = false
  public var validationFraction = 0.1

  public init() {}
}

/// scikit-learn's `LogisticRegression(penalty="l2")`, solved to the last digits by Newton's method.
public struct LogisticRegressionSettings: Sendable, Equatable {
  /// Inverse weight of the squared coefficients.
  public var c = 1.0

  public init() {}
}

/// A forest of Gini trees, each on a bootstrap sample.
public struct RandomForestSettings: Sendable, Equatable {
  public enum FeatureSubset: Sendable, Equatable {
    /// ⌊√p⌋ features are tried for a split.
    case squareRoot
    case all
    case count(Int)
  }

  public var trees = 200
  /// nil: until leaves are pure.
  public var maxDepth: Int?
  public var minSamplesLeaf = 1
  public var featureSubset = FeatureSubset.squareRoot
  public var bootstrap = true

  public init() {}
}
