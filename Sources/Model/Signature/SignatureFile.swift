internal import Errors

/// `bundle.json.minisig`: a signature that `minisign -S -l` made over the bytes of `bundle.json`.
///
/// Four lines: an untrusted comment, base64 of `Ed`, key id (8 bytes) and Ed25519 signature (64 bytes); a trusted
/// comment, and base64 of the signature over signature and trusted comment. Only the algorithm `Ed` is read: `ED` signs a
/// BLAKE2b digest. Format: https://jedisct1.github.io/minisign/
package struct SignatureFile: Sendable {
  static let name = "bundle.json.minisig"
  static let sizeLimit = 16 << 10

  /// The signer, as far as the signature itself states.
  package struct Verified: Sendable, Equatable {
    /// As minisign prints it: 16 hexadecimal digits.
    package var keyID: String
    package var trustedComment: String
  }

  let keyID: [UInt8]
  let signature: [UInt8]
  let trustedComment: [UInt8]
  let globalSignature: [UInt8]

  /// - Throws: `modelSignature` where the file is malformed.
  init(_ bytes: [UInt8]) throws {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.last == 13 ? $0.dropLast() : $0 }
    let prefix = Array("trusted comment: ".utf8)
    guard lines.count >= 4, lines[0].starts(with: "untrusted comment:".utf8), lines[2].starts(with: prefix),
      let first = decodeBase64(lines[1]), let global = decodeBase64(lines[3]), first.count == 74, global.count == 64
    else { throw SignatureTrust.fault("it is not a minisign signature", hint: "sign bundle.json with minisign -S -l") }
    if first.starts(with: "ED".utf8) {
      throw SignatureTrust.fault(
        "it is of the prehashed kind (ED), which is not read", hint: "sign again with minisign -S -l (legacy, Ed)")
    }
    guard first.starts(with: "Ed".utf8) else {
      throw SignatureTrust.fault("its algorithm is unknown", hint: "sign again with minisign -S -l")
    }
    keyID = Array(first[2..<10])
    signature = Array(first[10...])
    trustedComment = Array(lines[2].dropFirst(prefix.count))
    globalSignature = global
  }
}

/// A public key as minisign writes it: base64 of `Ed`, key id and 32 bytes.
struct SignatureKey: Sendable, Equatable {
  let id: [UInt8]
  let bytes: [UInt8]

  /// minisign shows the id as a little-endian number.
  static func text(of id: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(decoding: id.reversed().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// - Throws: `modelSignature`.
  init(_ text: String) throws {
    guard let bytes = decodeBase64(Array(text.utf8)[...]), bytes.count == 42, bytes.starts(with: "Ed".utf8) else {
      throw SignatureTrust.fault(
        "a trusted key is not a minisign public key", hint: "give the second line of minisign.pub, 56 characters")
    }
    id = Array(bytes[2..<10])
    self.bytes = Array(bytes[10...])
  }
}

/// RFC 4648 base64 with padding; nil for anything else.
func decodeBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
  let digits = text.prefix { $0 != UInt8(ascii: "=") }
  guard text.count % 4 == 0, text.count - digits.count <= 2, text[digits.endIndex...].allSatisfy({ $0 == 61 }) else {
    return nil
  }
  var out: [UInt8] = []
  var bits: UInt32 = 0
  var held = 0
  for byte in digits {
    let value: UInt8
    switch byte {
    case 65...90: value = byte - 65
    case 97...122: value = byte - 71
    case 48...57: value = byte + 4
    case 43: value = 62
    case 47: value = 63
    default: return nil
    }
    bits = bits << 6 | UInt32(value)
    held += 6
    if held >= 8 {
      held -= 8
      out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
    }
  }
  return bits & ((1 << UInt32(held)) - 1) == 0 ? out : nil
}
