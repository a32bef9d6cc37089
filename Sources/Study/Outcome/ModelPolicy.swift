public import Configuration
public import Model

/// What a configuration says of models, beyond which one it is.
public struct ModelPolicy: Sendable {
  public var trust: SignatureTrust
  /// nil: what the kind of the model demands (`outOfDistribution(of:)`).
  public var outOfDistribution: OutOfDistributionPolicy?

  public init(trust: SignatureTrust = SignatureTrust(), outOfDistribution: OutOfDistributionPolicy? = nil) {
    self.trust = trust
    self.outOfDistribution = outOfDistribution
  }

  /// A demonstration model knows phantoms only: its probability for a patient means nothing, and none is given.
  public func outOfDistribution(of bundle: ModelBundle) -> OutOfDistributionPolicy {
    outOfDistribution ?? (bundle.manifest.demonstration ? .withhold : .flag)
  }

  /// - Throws: `E_MODEL_SIGNATURE` for a trusted key that is none.
  public init(_ configuration: Configuration) throws {
    trust = try SignatureTrust(required: configuration.requireSignature, trustedKeys: configuration.trustedKeys)
    outOfDistribution = configuration.outOfDistribution
  }
}
