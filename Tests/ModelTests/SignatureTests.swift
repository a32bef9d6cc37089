import Errors
import Foundation
import Model
import Testing

/// Signatures that minisign 0.11 made over `Fixtures/forest/bundle/bundle.json` (`minisign -S -l -W`, keys for tests).
struct SignatureTests {
  private func key(_ name: String) throws -> String {
    String(decoding: try FixtureBundle.data("signatures/\(name).pub"), as: UTF8.self).split(separator: "\n")[1]
      .description
  }

  private func load(_ signature: String?, trust: SignatureTrust, change: (inout [UInt8]) -> Void = { _ in }) throws
    -> ModelBundle
  {
    var files = try FixtureBundle().files
    if let signature {
      var bytes = try FixtureBundle.data("signatures/\(signature).minisig")
      change(&bytes)
      files["bundle.json.minisig"] = bytes
    }
    return try ModelBundle(files: files, path: "fixture", trust: trust)
  }

  private func refusal(
    _ signature: String?, _ trust: SignatureTrust, change: (inout [UInt8]) -> Void = { _ in }
  ) -> StudyError? {
    let error = #expect(throws: StudyError.self) { try load(signature, trust: trust, change: change) }
    #expect(error?.code == .modelSignature && error?.code.exit == .configuration)
    return error
  }

  @Test("A good signature is accepted")
  func goodSignatureIsAccepted() throws {
    let trust = try SignatureTrust(required: true, trustedKeys: [try key("other"), try key("test")])
    let bundle = try load("legacy", trust: trust)
    #expect(bundle.signature?.keyID == "F1F482D67B4113FB")
    #expect(bundle.signature?.trustedComment == "oracle 1.0.0, for tests")
    #expect(bundle.isSigned)
    // Nobody asks: it is there, and not checked.
    let unchecked = try load("legacy", trust: SignatureTrust())
    #expect(unchecked.isSigned && unchecked.signature == nil)
    #expect(try !load(nil, trust: SignatureTrust()).isSigned)
  }

  @Test("Other signatures are refused")
  func otherSignaturesAreRefused() throws {
    let trust = try SignatureTrust(required: true, trustedKeys: [try key("test")])
    #expect(refusal("other", trust)?.message.contains("not among the trusted") == true)
    #expect(refusal(nil, trust)?.message.contains("there is none") == true)
    let prehashed = refusal("prehashed", trust)
    #expect(prehashed?.message.contains("ED") == true && prehashed?.hint.contains("-l") == true)
    #expect(refusal("legacy", trust) { $0[200] ^= 1 } != nil)
    #expect(refusal("legacy", trust) { $0 = Array($0.prefix(120)) } != nil)
    #expect(refusal("legacy", trust) { $0 = [] } != nil)
    // The trusted comment is signed, too.
    let comment = refusal("legacy", trust) { bytes in
      let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "for tests", with: "for ever!")
      bytes = Array(text.utf8)
    }
    #expect(comment?.message.contains("trusted comment") == true)
    // Not required, but there and wrong.
    let lenient = try SignatureTrust(required: false, trustedKeys: [try key("test")])
    #expect(refusal("other", lenient) != nil)
    #expect(try load(nil, trust: lenient).signature == nil)
  }

  @Test("A changed manifest is refused")
  func changedManifestIsRefused() throws {
    var files = try FixtureBundle().files
    files["bundle.json.minisig"] = try FixtureBundle.data("signatures/legacy.minisig")
    files["bundle.json"]!.append(UInt8(ascii: " "))
    let trust = try SignatureTrust(required: true, trustedKeys: [try key("test")])
    let error = #expect(throws: StudyError.self) { try ModelBundle(files: files, path: "x", trust: trust) }
    #expect(error?.code == .modelSignature && error?.message.contains("does not belong") == true)
  }

  @Test("Invalid keys are refused")
  func invalidKeysAreRefused() {
    for text in ["", "RWQ", "not base64!", String(repeating: "A", count: 56)] {
      #expect(throws: StudyError.self) { try SignatureTrust(required: false, trustedKeys: [text]) }
    }
    #expect(throws: StudyError.self) { try SignatureTrust(required: true, trustedKeys: []) }
  }
}
