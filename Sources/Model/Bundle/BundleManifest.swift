/// `bundle.json`: a frozen model's identity, inputs and decision, and the hashes of its other files.
///
/// The SHA-256 of this file's bytes is the bundle's id.
package struct BundleManifest: Sendable, Equatable, Codable {
  package static let fileName = "bundle.json"
  package static let schema = "radiomicsd.model/1"

  package var schema: String
  package var name: String
  package var version: String
  /// ISO 8601, UTC.
  package var created: String
  /// A model made to demonstrate the software, not trained on patients. Every result states it.
  package var demonstration: Bool
  /// `binary-classification`, the only task so far.
  package var task: String
  /// The negative class, then the positive one.
  package var classes: [String]
  package var positiveClass: String
  /// The meaning of the positive class, for example `IHC 2+ or 3+`.
  package var labelDefinition: String
  /// Names in the order of the scaler's inputs.
  package var features: [String]
  /// SHA-256 of the names joined by line feeds.
  package var featuresSHA256: String
  package var profile: Profile
  package var steps: [Step]
  package var decision: Decision
  /// `refuse`: a missing or NaN feature withholds the prediction. `impute`: the first step replaces NaN.
  package var missingValues: String
  package var intendedUse: String
  package var notFor: [String]
  package var status: String
  /// Id of the bundle that this one replaces.
  package var supersedes: String?
  /// How it was trained: for readers, not interpreted.
  package var training: [String: BundleValue]?
  package var files: [String: File]

  enum CodingKeys: String, CodingKey {
    case schema, name, version, created, demonstration, task, classes, features, profile, steps, decision, status, files
    case supersedes, training
    case positiveClass = "positive_class"
    case labelDefinition = "label_definition"
    case featuresSHA256 = "features_sha256"
    case missingValues = "missing_values"
    case intendedUse = "intended_use"
    case notFor = "not_for"
  }

  /// The PyRadiomics parameter file with which the training features were extracted.
  package struct Profile: Sendable, Equatable, Codable {
    package var name: String
    package var file: String
    /// SHA-256 of the file's bytes.
    package var sha256: String
  }

  /// One step of the pipeline. Only the keys of its operation are present.
  package struct Step: Sendable, Equatable, Codable {
    package var op: String
    /// pca: whether scores are divided by their standard deviation.
    package var whiten: Bool?
    /// pca: number of components.
    package var components: Int?
    /// mlp: number of weight matrices.
    package var layers: Int?
    /// mlp: `relu`, `tanh`, `logistic` or `identity`.
    package var activation: String?
    /// mlp: `logistic`.
    package var outActivation: String?
    /// random_forest: number of trees.
    package var trees: Int?
    /// random_forest: the type to which inputs are rounded before they are compared, `float32`.
    package var inputCast: String?
    /// calibrate: `platt`.
    package var method: String?
    /// calibrate: slope on the logit, above 0.
    package var a: Double?
    /// calibrate: intercept on the logit.
    package var b: Double?

    enum CodingKeys: String, CodingKey {
      case op, whiten, components, layers, activation, trees, method, a, b
      case outActivation = "out_activation"
      case inputCast = "input_cast"
    }

    package init(
      op: String, whiten: Bool? = nil, components: Int? = nil, layers: Int? = nil, activation: String? = nil,
      outActivation: String? = nil, trees: Int? = nil, inputCast: String? = nil, method: String? = nil,
      a: Double? = nil, b: Double? = nil
    ) {
      self.op = op
      self.whiten = whiten
      self.components = components
      self.layers = layers
      self.activation = activation
      self.outActivation = outActivation
      self.trees = trees
      self.inputCast = inputCast
      self.method = method
      self.a = a
      self.b = b
    }
  }

  package struct Decision: Sendable, Equatable, Codable {
    /// A probability of at least this is called positive, as in scikit-learn's `FixedThresholdClassifier`; within (0,
    /// 1).
    package var threshold: Double
    package var rule: String
    /// The zone around the threshold, both ends included, where the call should not be relied on; nil where there is
    /// none.
    package var indeterminate: [Double]?

    package init(threshold: Double, rule: String, indeterminate: [Double]? = nil) {
      self.threshold = threshold
      self.rule = rule
      self.indeterminate = indeterminate
    }
  }

  package struct File: Sendable, Equatable, Codable {
    package var sha256: String
    package var bytes: Int
  }

  /// A manifest under construction. `BundleContents` fills in the hashes of features, profile and files.
  package init(
    name: String, version: String, created: String, demonstration: Bool, classes: [String], labelDefinition: String,
    features: [String], profileName: String, steps: [Step], decision: Decision, intendedUse: String, notFor: [String],
    supersedes: String? = nil, training: [String: BundleValue]? = nil
  ) {
    schema = Self.schema
    self.name = name
    self.version = version
    self.created = created
    self.demonstration = demonstration
    task = "binary-classification"
    self.classes = classes
    positiveClass = classes.last ?? ""
    self.labelDefinition = labelDefinition
    self.features = features
    featuresSHA256 = ""
    profile = Profile(name: profileName, file: "profile.yaml", sha256: "")
    self.steps = steps
    self.decision = decision
    missingValues = "refuse"
    self.intendedUse = intendedUse
    self.notFor = notFor
    status = "research use only"
    self.supersedes = supersedes
    self.training = training
    files = [:]
  }
}
