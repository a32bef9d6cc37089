import Errors
import Foundation
import Model
import TestKit
import Testing

/// A bundle as one file, the active bundle, and what two bundles do differently.
struct ArchiveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let forest = FixtureBundle.fixtures.appendingPathComponent("forest/bundle").path

  @Test("A bundle as one file is the same bundle, with the same bytes each time")
  func archiveRoundTripsWithSameBytes() throws {
    let copy = try BundleCopy(contentsOf: Self.forest)
    let archive = try copy.archive()
    #expect(try BundleCopy(contentsOf: Self.forest).archive() == archive)
    try Data(archive).write(to: URL(fileURLWithPath: folder("m.tar")))
    let bundle = try ModelBundle(contentsOf: folder("m.tar"))
    #expect(bundle.id == copy.bundle.id)
    let back = try BundleCopy(contentsOf: folder("m.tar"))
    try back.write(to: folder("m"))
    #expect(try ModelBundle(contentsOf: folder("m")).id == bundle.id)
    #expect(try folder.list() == ["m", "m.tar"])
    // There already: a bundle is never written over.
    let error = #expect(throws: StudyError.self) { try back.write(to: folder("m")) }
    #expect(error?.code == .bundleExists)
    // Another program reads it, too.
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xf", folder("m.tar"), "-C", try folder.folder("out")]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    #expect(try ModelBundle(contentsOf: folder("out")).id == bundle.id)
  }

  @Test("Compressed, truncated and unusual archives are refused")
  func unusualArchivesAreRefused() throws {
    let sound = try BundleCopy(contentsOf: Self.forest).archive()
    func refused(_ bytes: [UInt8], _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: folder("x.tar")))
      let error = #expect(throws: StudyError.self, sourceLocation: sourceLocation) {
        try ModelBundle(contentsOf: folder("x.tar"))
      }
      #expect(error?.code == .modelFiles, sourceLocation: sourceLocation)
      #expect(error?.message.contains(text) == true, "\(String(describing: error))", sourceLocation: sourceLocation)
    }
    func header(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
      var bytes = sound
      change(&bytes)
      for place in 148..<156 { bytes[place] = 32 }
      let sum = bytes[..<512].reduce(0) { $0 + Int($1) }
      let text = String(sum, radix: 8)
      bytes.replaceSubrange(148..<156, with: (String(repeating: "0", count: 6 - text.count) + text + "\0 ").utf8)
      return bytes
    }
    try refused([0x1F, 0x8B] + sound, "compressed")
    try refused(Array(sound.dropLast(512)), "empty blocks")
    try refused(Array(sound.dropLast(7)), "not a ustar")
    try refused(header { $0[156] = UInt8(ascii: "2") }, "not a regular file")
    try refused(header { $0.replaceSubrange(0..<6, with: "../a\0\0".utf8) }, "name")
    try refused(header { $0.replaceSubrange(124..<136, with: "77777777777\0".utf8) }, "size")
    try refused(header { $0[257] = 0 }, "ustar")
    var changed = sound
    changed[0] ^= 1
    try refused(changed, "checksum")
    var after = sound
    after[after.count - 1] = 1
    try refused(after, "follows")
    try refused(Array(sound[..<(sound.count - 1024)]) + sound, "twice")
    for length in stride(from: 0, to: sound.count, by: 211) {
      try Data(sound[..<length]).write(to: URL(fileURLWithPath: folder("x.tar")))
      #expect(throws: StudyError.self) { try ModelBundle(contentsOf: folder("x.tar")) }
    }
  }

  @Test("Activating a bundle replaces the active one and keeps the old bundle")
  func activatingKeepsTheOldBundle() throws {
    let copy = try BundleCopy(contentsOf: Self.forest)
    try copy.write(to: folder("one"))
    try Data(try copy.archive()).write(to: URL(fileURLWithPath: folder("two.tar")))
    #expect(try ActiveModel.activate(folder("one")).previous == nil)
    #expect(try ModelBundle(contentsOf: folder("active")).id == copy.bundle.id)
    #expect(try ActiveModel.activate(folder("two.tar")).previous == "one")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("active")) == "two.tar")
    #expect(try ModelBundle(contentsOf: folder("active")).id == copy.bundle.id)
    #expect(try folder.list() == ["active", "one", "two.tar"])
    // A broken bundle never becomes active, and neither does the pointer itself.
    try Data([0]).write(to: URL(fileURLWithPath: folder("one/card.md")))
    #expect(throws: StudyError.self) { try ActiveModel.activate(folder("one")) }
    #expect(throws: StudyError.self) { try ActiveModel.activate(folder("active")) }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("active")) == "two.tar")
  }

  @Test("Differences between two bundles are named")
  func bundleDifferencesAreNamed() throws {
    let old = try FixtureBundle().load()
    #expect(BundleDifference(old, old).facts.isEmpty)
    var changed = try FixtureBundle()
    changed.manifest["version"] = "1.1.0"
    changed.manifest["decision"] = ["threshold": 0.4, "rule": "other"] as [String: Any]
    let difference = BundleDifference(old, try changed.load())
    #expect(
      difference.facts.map(\.name) == ["id", "version", "threshold", "threshold rule", "indeterminate zone"])
    #expect(difference.largestProbabilityDifference == 0 && difference.files.isEmpty)
  }
}
