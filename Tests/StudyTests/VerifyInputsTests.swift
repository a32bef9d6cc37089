import Errors
import Foundation
import Hashing
import Study
import TestKit
import Testing

/// A private copy compared with what was copied, before any of it is read.
@Suite struct VerifyInputsTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("radiomicsd-\(UUID().uuidString)")
  private let files = ["a b": "one", "sub/c": "two", "d": String(repeating: "three", count: 200_000)]

  private var input: String { folder.path + "/input" }
  private var manifest: String { folder.path + "/manifest.json" }

  private func make() throws {
    var entries: [String] = []
    for (name, text) in files {
      let path = input + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      let encoded = name.replacingOccurrences(of: " ", with: "%20")
      entries.append(#"{"path":"\#(encoded)","sha256":"\#(sha256(Array(text.utf8)))","bytes":\#(text.utf8.count)}"#)
    }
    try #"{"schema":"radiomicsd.spool/1","job":"x","inputDigest":"y","files":[\#(entries.joined(separator: ","))]}"#
      .write(toFile: manifest, atomically: false, encoding: .utf8)
  }

  private func fault() -> StudyError? {
    do {
      try verifyInputs(in: input, against: manifest, threads: 2)
      return nil
    } catch { return error as? StudyError }
  }

  @Test("An unchanged copy verifies, one changed bit does not")
  func changedBitFailsVerification() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try make()
    #expect(fault() == nil)
    for name in files.keys {
      let url = URL(fileURLWithPath: input + "/" + name)
      let whole = try Data(contentsOf: url)
      var data = whole
      data[data.count - 1] ^= 1
      try data.write(to: url)
      #expect(fault()?.code == .inputChanged && fault()?.file == name)
      try whole.dropLast().write(to: url)
      #expect(fault()?.file == name, "cut short")
      try FileManager.default.removeItem(at: url)
      #expect(fault()?.file == name, "gone")
      try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: "/etc/passwd")
      #expect(fault()?.file == name, "a link")
      try FileManager.default.removeItem(at: url)
      try whole.write(to: url)
    }
    #expect(fault() == nil)
  }

  @Test("A damaged list of inputs is refused")
  func damagedInputListIsRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try make()
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    for damaged in ["", "{}", text.replacingOccurrences(of: "spool/1", with: "spool/2"), String(text.dropLast(3))] {
      try damaged.write(toFile: manifest, atomically: false, encoding: .utf8)
      #expect(fault()?.code == .inputChanged)
    }
    try FileManager.default.removeItem(atPath: manifest)
    #expect(fault()?.code == .inputChanged)
  }
}
