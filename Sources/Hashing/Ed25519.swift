internal import COpenSSL

/// Whether an Ed25519 signature (RFC 8032, 64 bytes) of a message is by the holder of a public key (32 bytes).
package func verifyEd25519(_ signature: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
  guard signature.count == 64, key.count == 32,
    let holder = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, key, key.count)
  else { return false }
  defer { EVP_PKEY_free(holder) }
  guard let context = EVP_MD_CTX_new() else { return false }
  defer { EVP_MD_CTX_free(context) }
  guard EVP_DigestVerifyInit(context, nil, nil, nil, holder) == 1 else { return false }
  return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
}
