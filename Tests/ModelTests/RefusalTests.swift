import Errors
import Foundation
import Model
import Testing

/// Every way in which a bundle is refused has a code and a reason of its own.
struct RefusalTests {
  /// One damaged tensor of a small model.
  private func withTensor(_ name: String, _ change: (inout GoldenCase.TensorValues) -> Void) throws -> BundleDraft {
    var golden = Goldens.named("whitened")
    change(&golden.tensors[name]!)
    return try BundleDraft(golden)
  }

  private func draft(_ change: (inout BundleDraft) -> Void = { _ in }) throws -> BundleDraft {
    var draft = try BundleDraft(Goldens.named("whitened"))
    change(&draft)
    return draft
  }

  /// Expects that loading is refused with this code, exit status 78, and a message that holds the text.
  private func expectRefusal(
    _ code: ErrorCode, _ text: String, _ draft: BundleDraft, damage: (URL) throws -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try draft.withFolder { folder in
      try damage(folder)
      do {
        _ = try ModelBundle(contentsOf: folder.path)
        Issue.record("the bundle was loaded", sourceLocation: sourceLocation)
      } catch let error as StudyError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(error.code.exit == .configuration, sourceLocation: sourceLocation)
        #expect(error.message.contains(text), "\(error)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test("An undamaged bundle loads")
  func undamagedBundleLoads() throws {
    try draft { $0.extra["evaluation.json"] = Array("{}".utf8) }.withFolder { folder in
      let bundle = try ModelBundle(contentsOf: folder.path)
      #expect(bundle.manifest.features.count == 24)
      #expect(bundle.id.count == 64)
      #expect(bundle.card == "# A card\n")
    }
  }

  @Test("A missing folder or manifest is refused")
  func missingFolderOrManifestIsRefused() throws {
    let error = #expect(throws: StudyError.self) { try ModelBundle(contentsOf: "/nonexistent/bundle") }
    #expect(error?.code == .modelMissing && error?.code.exit == .configuration)
    try expectRefusal(.modelMissing, "bundle.json", draft()) {
      try FileManager.default.removeItem(at: $0.appendingPathComponent("bundle.json"))
    }
  }

  @Test(
    "One changed byte is refused",
    arguments: ["weights.safetensors", "profile.yaml", "selftest.json", "cohort.json", "card.md"])
  func oneChangedByteIsRefused(file: String) throws {
    try expectRefusal(.modelHash, file, draft()) { folder in
      let url = folder.appendingPathComponent(file)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: url)
    }
  }

  @Test(
    "A missing file is refused",
    arguments: ["weights.safetensors", "profile.yaml", "selftest.json", "cohort.json", "card.md"])
  func missingFileIsRefused(file: String) throws {
    try expectRefusal(.modelFiles, file, draft()) {
      try FileManager.default.removeItem(at: $0.appendingPathComponent(file))
    }
  }

  @Test("Unlisted files, links and folders are refused")
  func unlistedEntriesAreRefused() throws {
    try expectRefusal(.modelFiles, "notes.txt", draft()) {
      try Data("x".utf8).write(to: $0.appendingPathComponent("notes.txt"))
    }
    try expectRefusal(.modelFiles, "symbolic link", draft()) { folder in
      let card = folder.appendingPathComponent("card.md")
      let elsewhere = folder.deletingLastPathComponent().appendingPathComponent("card-\(UUID().uuidString)")
      try FileManager.default.moveItem(at: card, to: elsewhere)
      try FileManager.default.createSymbolicLink(at: card, withDestinationURL: elsewhere)
    }
    try expectRefusal(.modelFiles, "not a regular file", draft()) { folder in
      let card = folder.appendingPathComponent("card.md")
      try FileManager.default.removeItem(at: card)
      try FileManager.default.createDirectory(at: card, withIntermediateDirectories: false)
    }
  }

  @Test(
    "A file name that leads out of the bundle is refused",
    arguments: ["../card.md", "a/card.md", "..", ".", "", "card\u{0}.md", "bundle.json"])
  func escapingFileNameIsRefused(name: String) throws {
    try expectRefusal(
      .modelFiles, "not the name of a file beside it",
      draft { $0.manifest["files"] = [name: ["sha256": "00", "bytes": 1] as [String: Any]] })
  }

  @Test("The list must contain every required file")
  func requiredFilesMustBeListed() throws {
    try expectRefusal(.modelFiles, "does not list card.md", draft { $0.manifest["files"] = [String: Any]() })
  }

  @Test(
    "A manifest that contradicts itself is refused",
    arguments: [
      ("schema", "radiomicsd.model/9", "schema"), ("task", "regression", "two classes"),
      ("missing_values", "impute", "missing_values"), ("features_sha256", "00", "features_sha256"),
      ("positive_class", "negative", "two classes"), ("name", "", "name must be"), ("name", "a/b", "name must be"),
      ("name", "..", "name must be"),
      ("name", "a..b", "name must be"), ("version", "1.2", "three numbers"), ("version", "1.2.3/..", "three numbers"),
      ("demonstration", "yes", "demonstration"),
    ])
  func contradictingManifestIsRefused(key: String, value: String, reason: String) throws {
    try expectRefusal(.modelSchema, reason, draft { $0.manifest[key] = value })
  }

  @Test("A threshold outside the unit interval is refused", arguments: [0.0, 1.0, -3.0, 7.0])
  func thresholdOutsideUnitIntervalIsRefused(threshold: Double) throws {
    try expectRefusal(
      .modelSchema, "threshold",
      draft { $0.manifest["decision"] = ["threshold": threshold, "rule": "x"] as [String: Any] })
  }

  @Test("A malformed manifest is refused")
  func malformedManifestIsRefused() throws {
    try expectRefusal(.modelSchema, "bundle.json", draft()) {
      try Data("{\"schema\": ".utf8).write(to: $0.appendingPathComponent("bundle.json"))
    }
    try expectRefusal(.modelSchema, "label_definition", draft { $0.manifest["label_definition"] = nil })
    try expectRefusal(
      .modelSchema, "twice",
      draft { $0.manifest["features"] = Array(repeating: "same", count: 24) })
    try expectRefusal(
      .modelSchema, "profile",
      draft {
        $0.manifest["profile"] = ["name": "x", "file": "profile.yaml", "sha256": "00"]
      })
  }

  @Test("Unknown steps and activations are refused")
  func unknownStepsAndActivationsAreRefused() throws {
    let scaler = ["op": "standard_scaler"]
    try expectRefusal(
      .modelUnsupported, "gradient_boosting",
      draft { $0.manifest["steps"] = [scaler, ["op": "gradient_boosting"]] })
    try expectRefusal(.modelSchema, "trees", draft { $0.manifest["steps"] = [scaler, ["op": "random_forest"]] })
    try expectRefusal(.modelUnsupported, "no classifier", draft { $0.manifest["steps"] = [scaler] })
    try expectRefusal(
      .modelUnsupported, "softmax",
      draft {
        $0.manifest["steps"] = [
          scaler, ["op": "mlp", "layers": 2, "activation": "relu", "out_activation": "softmax"] as [String: Any],
        ]
      })
    try expectRefusal(
      .modelUnsupported, "swish",
      draft {
        $0.manifest["steps"] = [
          scaler, ["op": "mlp", "layers": 2, "activation": "swish", "out_activation": "logistic"] as [String: Any],
        ]
      })
  }

  @Test("Impossible numbers are refused")
  func impossibleNumbersAreRefused() throws {
    try expectRefusal(.modelNumbers, "mlp.0.weight", withTensor("mlp.0.weight") { $0.values[7] = .nan })
    try expectRefusal(.modelNumbers, "pca.components", withTensor("pca.components") { $0.values[0] = .infinity })
    try expectRefusal(.modelNumbers, "scaler.scale", withTensor("scaler.scale") { $0.values[2] = 0 })
    try expectRefusal(.modelNumbers, "scaler.scale", withTensor("scaler.scale") { $0.values[2] *= -1 })
    try expectRefusal(
      .modelNumbers, "explained_variance", withTensor("pca.explained_variance") { $0.values[0] = 0 })
  }

  @Test("Shapes of steps that do not fit each other are refused")
  func mismatchedShapesAreRefused() throws {
    try expectRefusal(
      .modelShape, "scaler.mean",
      withTensor("scaler.mean") {
        $0.values.removeLast()
        $0.shape[0] -= 1
      })
    try expectRefusal(.modelShape, "mlp.0.weight", withTensor("mlp.0.weight") { $0.shape.reverse() })
    try expectRefusal(.modelShape, "mlp.1.weight", withTensor("mlp.1.weight") { $0.shape = [$0.values.count] })
  }

  @Test("A bundle whose self-test is not reproduced is refused")
  func failedSelfTestIsRefused() throws {
    try expectRefusal(
      .modelSelfTest, "row 2", draft { $0.selftest.rows[2].probability += 2e-9 })
    try expectRefusal(
      .modelSelfTest, "component scores", draft { $0.selftest.rows[1].scores![0] += 1e-6 })
    try expectRefusal(.modelSchema, "rows", draft { $0.selftest.rows.removeLast() })
    try expectRefusal(.modelShape, "23 features", draft { $0.selftest.rows[0].features.removeLast() })
    // A weight that changed with all hashes made to match is found by the self-test alone.
    try expectRefusal(.modelSelfTest, "row", withTensor("mlp.1.bias") { $0.values[0] += 1e-3 })
  }

  @Test("A cohort that does not fit the model is refused")
  func mismatchedCohortIsRefused() throws {
    try expectRefusal(.modelSchema, "cohort.json", draft { $0.cohort.schema = "x" })
    try expectRefusal(.modelSchema, "mean, sd", draft { $0.cohort.features.mean.removeLast() })
    try expectRefusal(.modelSchema, "t2", draft { $0.cohort.t2 = nil })
    try expectRefusal(.modelSchema, "limits", draft { $0.cohort.spe.q95 = 0 })
    try expectRefusal(.modelSchema, "negative", draft { $0.cohort.features.sd[0] = -1 })
  }

  @Test("A bundle of another profile is refused")
  func otherProfileIsRefused() throws {
    let bundle = try draft().withFolder { try ModelBundle(contentsOf: $0.path) }
    try bundle.requireProfile(sha256: bundle.manifest.profile.sha256)
    let error = #expect(throws: StudyError.self) { try bundle.requireProfile(sha256: "00") }
    #expect(error?.code == .modelProfile)
  }
}
