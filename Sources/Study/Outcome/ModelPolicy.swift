package import Configuration
package import Model

/// The configuration of models, except for their paths.
package struct ModelPolicy: Sendable {
  package var trust: SignatureTrust
  /// nil: the rule for the kind of the model (`outOfDistribution(of:)`).
  package var outOfDistribution: OutOfDistributionPolicy?

  package init(trust: SignatureTrust = SignatureTrust(), outOfDistribution: OutOfDistributionPolicy? = nil) {
    self.trust = trust
    self.outOfDistribution = outOfDistribution
  }

  /// A demonstration model knows only phantoms: its probability for a patient means nothing, and none is given.
  package func outOfDistribution(of bundle: ModelBundle) -> OutOfDistributionPolicy {
    outOfDistribution ?? (bundle.manifest.demonstration ? .withhold : .flag)
  }

  /// - Throws: `E_MODEL_SIGNATURE` for an invalid trusted key.
  package init(_ configuration: Configuration) throws {
    trust = try SignatureTrust(required: configuration.requireSignature, trustedKeys: configuration.trustedKeys)
    outOfDistribution = configuration.outOfDistribution
  }
}
