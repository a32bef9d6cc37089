public import Configuration
public import Model

/// The configuration of models, except for their paths.
public struct ModelPolicy: Sendable {
  public var trust: SignatureTrust
  /// nil: the rule for the kind of the model (`outOfDistribution(of:)`).
  public var outOfDistribution: OutOfDistributionPolicy?

  public init(trust: SignatureTrust = SignatureTrust(), outOfDistribution: OutOfDistributionPolicy? = nil) {
    self.trust = trust
    self.outOfDistribution = outOfDistribution
  }

  /// A demonstration model knows only phantoms: its probability for a patient means nothing, and none is given.
  public func outOfDistribution(of bundle: ModelBundle) -> OutOfDistributionPolicy {
    outOfDistribution ?? (bundle.manifest.demonstration ? .withhold : .flag)
  }

  /// - Throws: `E_MODEL_SIGNATURE` for an invalid trusted key.
  public init(_ configuration: Configuration) throws {
    trust = try SignatureTrust(required: configuration.requireSignature, trustedKeys: configuration.trustedKeys)
    outOfDistribution = configuration.outOfDistribution
  }
}
