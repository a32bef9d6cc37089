import Configuration
import Errors
import Foundation
import TestKit
import Testing

@Suite struct ConfigurationTests {
  private func message(_ text: String) -> String {
    let error = #expect(throws: StudyError.self) { try Configuration.parse(text, path: "/etc/x/radiomicsd.yaml") }
    #expect(error?.code.name == "E_CONFIG" && error?.code.exit == .configuration)
    return error?.description ?? ""
  }

  @Test("Paths are relative to the configuration file")
  func pathsAreRelativeToTheFile() throws {
    let configuration = try Configuration.parse(
      "inbox: ../in\nmodel: bundle\nprofile: jiao2024\nstate: /var/lib/x\n", path: "/etc/x/radiomicsd.yaml")
    #expect(configuration.inbox == "/etc/in")
    #expect(configuration.model == "/etc/x/bundle")
    #expect(configuration.profile == "jiao2024")
    #expect(configuration.state == "/var/lib/x")
    #expect(try Configuration.parse("profile: own.yaml", path: "/etc/x/y").profile == "/etc/x/own.yaml")
  }

  @Test("model is a path or has keys of its own")
  func modelIsAPathOrAMapping() throws {
    let text = """
      model:
        bundle: models/active
        shadow: models/next
        out_of_distribution: withhold
        require_signature: true
        trusted_keys: [RWT7E0F71oL08cqr4d3rJDkT+3ezzUIUBWADKbWlp997WIMFWvCwHkHl]
      """
    let configuration = try Configuration.parse(text, path: "/etc/x/y.yaml")
    #expect(configuration.model == "/etc/x/models/active" && configuration.shadowModel == "/etc/x/models/next")
    #expect(configuration.outOfDistribution == .withhold && configuration.requireSignature)
    #expect(configuration.trustedKeys.count == 1)
    let plain = try Configuration.parse("model: bundle", path: "/etc/x/y.yaml")
    #expect(plain.outOfDistribution == nil && !plain.requireSignature && plain.shadowModel == nil)
    #expect(message("model: {bundel: x}").contains("model.bundel"))
    #expect(message("model: {out_of_distribution: hide}").contains("flag, withhold"))
    #expect(message("model: {require_signature: 3}").contains("true or false"))
  }

  @Test("window is a preset, or level and width in HU")
  func windowIsAPresetOrNumbers() throws {
    #expect(try Configuration.parse("window: ctu", path: "x").window == .excretory)
    #expect(
      try Configuration.parse("window: {level: 60, width: 350}", path: "x").window == .custom(level: 60, width: 350))
    for text in [
      "window: bone", "window: {level: 60}", "window: {level: 60, width: 0}", "window: {level: 1, width: 2, x: 3}",
    ] {
      #expect(message(text).contains("window"))
    }
  }

  @Test("Omitted keys have their defaults")
  func omittedKeysHaveDefaults() throws {
    let configuration = try Configuration.parse("settle_seconds: 0.5\nmodel: null\n", path: "x")
    #expect(configuration.settle == 0.5 && configuration.incomplete == 6 && configuration.model == nil)
    #expect(configuration.retry == [30, 120] && configuration.maxAttempts == 3 && configuration.originals == .move)
    #expect(try Configuration.parse("", path: "x").settle == 10)
    #expect(throws: StudyError.self) { try configuration.folders() }
  }

  @Test("An unknown key is an error with its line")
  func unknownKeyIsAnErrorWithLine() {
    let text = message("max_jobs: 2\nsettel_seconds: 3\n")
    #expect(text.contains("settel_seconds") && text.contains("line 2"))
    #expect(message("roi:\n  names: [a]\n  lable: 2\n").contains("roi.lable"))
  }

  @Test(
    "Impossible values are refused",
    arguments: [
      "max_jobs: 0", "max_jobs: 257", "max_jobs: two", "settle_seconds: -1", "settle_seconds: .nan", "originals: burn",
      "roi: {label: 0}", "roi: {labels: all}", "roi: {names: GTV}", "retry_seconds: []", "retry_seconds: 3",
      "memory_limit_mb: -1", "time_limit_seconds: 0", "max_jobs: 1\nmax_jobs: 2", "- a list", "inbox: [a]", "a: b: c",
      "log_level: loud", "inbox: ''",
    ])
  func impossibleValuesAreRefused(text: String) {
    #expect(message(text).hasPrefix("E_CONFIG"))
  }

  @Test(
    "Folders inside each other are refused",
    arguments: [
      "inbox: a\noutbox: a/b", "inbox: a/b\nstate: a", "done: a\nfailed: ./a", "inbox: a\nstatus: b/../a/c",
    ])
  func nestedFoldersAreRefused(text: String) {
    #expect(message(text).hasPrefix("E_CONFIG"))
  }

  @Test("A link does not hide that folders are inside each other")
  func linkedNestedFoldersAreRefused() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("folders-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: root + "/in")
    #expect(throws: StudyError.self) { try Configuration.parse("inbox: in\noutbox: link/out", path: root + "/c.yaml") }
    #expect(throws: Never.self) { try Configuration.parse("inbox: in\noutbox: in2", path: root + "/c.yaml") }
  }

  @Test("The shipped configuration is valid and names every key")
  func shippedFileNamesEveryKey() throws {
    let path = SharedData.checkout.appendingPathComponent("etc/radiomicsd.yaml").path
    let configuration = try Configuration.load(path)
    #expect(try configuration.folders().inbox == SharedData.checkout.appendingPathComponent("spool/inbox").path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for key in Configuration.keys {
      #expect(text.contains("\n\(key):") || text.contains("\n# \(key):"), "\(key) is not documented")
    }
  }
}
