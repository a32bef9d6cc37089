internal import COpenSSL

/// A message digest, computed by OpenSSL.
public enum DigestAlgorithm: Sendable {
  case sha1
  case sha256
}

/// A running digest: feed it with `update`, read it once with `finish`.
public struct Digest: ~Copyable {
  private let context: OpaquePointer

  public init(_ algorithm: DigestAlgorithm = .sha256) {
    guard let context = EVP_MD_CTX_new() else { fatalError("OpenSSL has no memory for a digest") }
    self.context = context
    let kind: OpaquePointer? = algorithm == .sha1 ? EVP_sha1() : EVP_sha256()
    guard EVP_DigestInit_ex(context, kind, nil) == 1 else { fatalError("OpenSSL refuses the digest algorithm") }
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    EVP_DigestUpdate(context, base, bytes.count)
  }

  /// The digest as lower-case hexadecimal digits.
  public consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    EVP_DigestFinal_ex(context, &digest, &length)
    return digest.prefix(Int(length)).hexadecimal
  }
}

extension Sequence<UInt8> {
  /// Two lower-case hexadecimal digits a byte.
  public var hexadecimal: String {
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
public func sha256(_ bytes: [UInt8]) -> String {
  var digest = Digest(.sha256)
  bytes.withUnsafeBytes { digest.update($0) }
  return digest.finish()
}

/// SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal digits.
public func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
