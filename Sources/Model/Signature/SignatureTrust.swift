internal import Errors
internal import Hashing

/// Which bundles may be served, by their signers.
package struct SignatureTrust: Sendable, Equatable {
  /// Whether a bundle without a signature is refused.
  package let isRequired: Bool
  private let keys: [SignatureKey]

  /// No trusted keys: signatures are not checked.
  package init() {
    isRequired = false
    keys = []
  }

  /// - Parameter trustedKeys: minisign public keys, the second line of `minisign.pub`.
  /// - Throws: `modelSignature` for a text that is not a key, or where a signature is required and no key is trusted.
  package init(required: Bool, trustedKeys: [String]) throws {
    isRequired = required
    keys = try trustedKeys.map(SignatureKey.init)
    if required, keys.isEmpty {
      throw Self.fault("a signature is required, but no key is trusted", hint: "name the key in trusted_keys")
    }
  }

  /// Checks a bundle's signature. Where keys are trusted, an existing signature must be valid and by one of them.
  ///
  /// - Throws: `modelSignature`.
  func check(_ file: [UInt8]?, of manifest: [UInt8]) throws -> SignatureFile.Verified? {
    guard !keys.isEmpty else { return nil }
    guard let file else {
      guard !isRequired else {
        throw Self.fault("there is none, and the configuration requires one", hint: "sign it with minisign -S -l")
      }
      return nil
    }
    let signature = try SignatureFile(file)
    let id = SignatureKey.text(of: signature.keyID)
    guard let key = keys.first(where: { $0.id == signature.keyID }) else {
      throw Self.fault(
        "it is by the key \(id), which is not among the trusted ones", hint: "check who released the bundle")
    }
    guard verifyEd25519(signature.signature, of: manifest, key: key.bytes) else {
      throw Self.fault("it does not belong to this bundle.json", hint: restoreHint)
    }
    guard
      verifyEd25519(
        signature.globalSignature, of: signature.signature + signature.trustedComment, key: key.bytes)
    else { throw Self.fault("its trusted comment was changed", hint: restoreHint) }
    return SignatureFile.Verified(
      keyID: id, trustedComment: String(decoding: signature.trustedComment, as: UTF8.self))
  }

  static func fault(_ message: String, hint: String) -> StudyError {
    StudyError(
      .modelSignature, "the bundle's signature cannot be accepted: \(message)", file: SignatureFile.name, hint: hint)
  }
}
