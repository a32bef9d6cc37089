internal import Configuration
internal import Foundation
internal import Hashing
internal import Jobs

/// The dependencies of a result besides its study: program, configuration, models, profile. Two runs with one digest
/// and one content give the same numbers. The whole configuration counts: a change that matters to none costs one
/// computation.
struct PipelineIdentity {
  /// Digests of files as they are now.
  let facts: [String: String]

  init(_ configuration: Configuration, software: String) {
    func digest(_ path: String?) -> String {
      path.flatMap { FileManager.default.contents(atPath: $0) }.map { sha256([UInt8]($0)) } ?? "none"
    }
    let profile = configuration.profile
    facts = [
      "software": software,
      "configuration_sha256": sha256(configuration.text),
      // A bundle's identity is the digest of its bundle.json, which holds those of its files.
      "model_sha256": digest(configuration.model.map { $0 + "/bundle.json" }),
      "shadow_model_sha256": digest(configuration.shadowModel.map { $0 + "/bundle.json" }),
      "profile": profile.map { $0.contains("/") ? digest($0) : $0 } ?? "of the model",
    ]
  }

  private var text: String { facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n") }

  var digest: String { sha256(text) }

  /// Records the versions that results are computed with, when they have changed.
  func putOnRecord(_ record: Record) throws {
    guard try record.store.value("configuration") != text else { return }
    try record.note(Note(kind: .configurationChanged, details: facts, values: ["configuration": text]))
  }
}
