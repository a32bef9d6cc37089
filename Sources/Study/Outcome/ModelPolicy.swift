public import Configuration
public import Model

/// What a configuration says of models, beyond which one it is.
public struct ModelPolicy: Sendable {
  public var trust: SignatureTrust
  public var outOfDistribution: OutOfDistributionPolicy

  public init(trust: SignatureTrust = SignatureTrust(), outOfDistribution: OutOfDistributionPolicy = .flag) {
    self.trust = trust
    self.outOfDistribution = outOfDistribution
  }

  /// - Throws: `E_MODEL_SIGNATURE` for a trusted key that is none.
  public init(_ configuration: Configuration) throws {
    trust = try SignatureTrust(required: configuration.requireSignature, trustedKeys: configuration.trustedKeys)
    outOfDistribution = configuration.outOfDistribution
  }
}
