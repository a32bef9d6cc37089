/// `bundle.json`: a frozen model's identity, inputs and decision, and the hashes of its other files.
///
/// The SHA-256 of this file's bytes is the bundle's id.
public struct BundleManifest: Sendable, Equatable, Codable {
  public static let fileName = "bundle.json"
  public static let schema = "radiomicsd.model/1"

  public var schema: String
  public var name: String
  public var version: String
  /// ISO 8601, UTC.
  public var created: String
  /// A model made to demonstrate the software, not trained on patients. Every result states it.
  public var demonstration: Bool
  /// `binary-classification`, the only task so far.
  public var task: String
  /// The negative class, then the positive one.
  public var classes: [String]
  public var positiveClass: String
  /// The meaning of the positive class, for example `IHC 2+ or 3+`.
  public var labelDefinition: String
  /// Names in the order of the scaler's inputs.
  public var features: [String]
  /// SHA-256 of the names joined by line feeds.
  public var featuresSHA256: String
  public var profile: Profile
  public var steps: [Step]
  public var decision: Decision
  /// `refuse`: a missing or NaN feature withholds the prediction. `impute`: the first step replaces NaN.
  public var missingValues: String
  public var intendedUse: String
  public var notFor: [String]
  public var status: String
  /// Id of the bundle that this one replaces.
  public var supersedes: String?
  /// How it was trained: for readers, not interpreted.
  public var training: [String: BundleValue]?
  public var files: [String: File]

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
  public struct Profile: Sendable, Equatable, Codable {
    public var name: String
    public var file: String
    /// SHA-256 of the file's bytes.
    public var sha256: String
  }

  /// One step of the pipeline. Only the keys of its operation are present.
  public struct Step: Sendable, Equatable, Codable {
    public var op: String
    /// pca: whether scores are divided by their standard deviation.
    public var whiten: Bool?
    /// pca: number of components.
    public var components: Int?
    /// mlp: number of weight matrices.
    public var layers: Int?
    /// mlp: `relu`, `tanh`, `logistic` or `identity`.
    public var activation: String?
    /// mlp: `logistic`.
    public var outActivation: String?
    /// random_forest: number of trees.
    public var trees: Int?
    /// random_forest: the type to which inputs are rounded before they are compared, `float32`.
    public var inputCast: String?
    /// calibrate: `platt`.
    public var method: String?
    /// calibrate: slope on the logit, above 0.
    public var a: Double?
    /// calibrate: intercept on the logit.
    public var b: Double?

    enum CodingKeys: String, CodingKey {
      case op, whiten, components, layers, activation, trees, method, a, b
      case outActivation = "out_activation"
      case inputCast = "input_cast"
    }

    public init(
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

  public struct Decision: Sendable, Equatable, Codable {
    /// A probability of at least this is called positive, as in scikit-learn's `FixedThresholdClassifier`; within (0,
    /// 1).
    public var threshold: Double
    public var rule: String
    /// The zone around the threshold, both ends included, where the call should not be relied on; nil where there is
    /// none.
    public var indeterminate: [Double]?

    public init(threshold: Double, rule: String, indeterminate: [Double]? = nil) {
      self.threshold = threshold
      self.rule = rule
      self.indeterminate = indeterminate
    }
  }

  public struct File: Sendable, Equatable, Codable {
    public var sha256: String
    public var bytes: Int
  }

  /// A manifest under construction. `BundleContents` fills in the hashes of features, profile and files.
  public init(
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
