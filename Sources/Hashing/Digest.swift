internal import COpenSSL

/// A message digest, computed by OpenSSL.
package enum DigestAlgorithm: Sendable {
  case sha1
  case sha256
}

/// A running digest: feed it with `update`, read it once with `finish`.
package struct Digest: ~Copyable {
  private enum State {
    case sha1(UnsafeMutablePointer<SHA_CTX>)
    case sha256(UnsafeMutablePointer<SHA256_CTX>)
  }

  private let state: State

  package init(_ algorithm: DigestAlgorithm = .sha256) {
    switch algorithm {
    case .sha1:
      let context = UnsafeMutablePointer<SHA_CTX>.allocate(capacity: 1)
      SHA1_Init(context)
      state = .sha1(context)
    case .sha256:
      let context = UnsafeMutablePointer<SHA256_CTX>.allocate(capacity: 1)
      SHA256_Init(context)
      state = .sha256(context)
    }
  }

  deinit {
    switch state {
    case .sha1(let context): context.deallocate()
    case .sha256(let context): context.deallocate()
    }
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    switch state {
    case .sha1(let context): SHA1_Update(context, base, bytes.count)
    case .sha256(let context): SHA256_Update(context, base, bytes.count)
    }
  }

  /// The digest as lower-case hexadecimal digits.
  package consuming func finish() -> String {
    switch state {
    case .sha1(let context):
      var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
      SHA1_Final(&digest, context)
      return digest.hexadecimal
    case .sha256(let context):
      var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
      SHA256_Final(&digest, context)
      return digest.hexadecimal
    }
  }
}

extension Sequence<UInt8> {
  /// Two lower-case hexadecimal digits a byte.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for byte in self {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// SHA-256 of bytes in memory, in lower-case hexadecimal digits.
package func sha256(_ bytes: [UInt8]) -> String {
  var digest = Digest(.sha256)
  bytes.withUnsafeBytes { digest.update($0) }
  return digest.finish()
}

/// SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal digits.
package func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
