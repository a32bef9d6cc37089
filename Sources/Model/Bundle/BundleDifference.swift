/// The differences between two bundles, for a decision to replace one by the other.
package struct BundleDifference: Sendable, Equatable {
  /// One fact that differs, as text of each bundle; empty where it is absent.
  package struct Fact: Sendable, Equatable {
    package var name: String
    package var old: String
    package var new: String
  }

  package let facts: [Fact]
  /// Features that only one of them uses.
  package let removedFeatures: [String]
  package let addedFeatures: [String]
  /// Largest difference of the probability over both bundles' self-test rows; nil where their features differ.
  package let largestProbabilityDifference: Double?
  /// Files whose bytes differ, or that only one of them has.
  package let files: [String]

  package init(_ old: ModelBundle, _ new: ModelBundle) {
    let (a, b) = (old.manifest, new.manifest)
    func steps(_ manifest: BundleManifest) -> String {
      manifest.steps.map { step in
        let sizes = [step.components, step.layers, step.trees].compactMap { $0 }.map(String.init)
        return ([step.op] + sizes + [step.activation].compactMap { $0 }).joined(separator: " ")
      }.joined(separator: ", ")
    }
    let pairs: [(String, String, String)] = [
      ("id", old.id, new.id), ("name", a.name, b.name), ("version", a.version, b.version),
      ("created", a.created, b.created), ("demonstration", "\(a.demonstration)", "\(b.demonstration)"),
      ("classes", a.classes.joined(separator: ", "), b.classes.joined(separator: ", ")),
      ("label definition", a.labelDefinition, b.labelDefinition),
      ("profile", "\(a.profile.name) \(a.profile.sha256)", "\(b.profile.name) \(b.profile.sha256)"),
      ("steps", steps(a), steps(b)), ("threshold", "\(a.decision.threshold)", "\(b.decision.threshold)"),
      ("threshold rule", a.decision.rule, b.decision.rule),
      (
        "indeterminate zone", a.decision.indeterminate.map { "\($0)" } ?? "",
        b.decision.indeterminate.map { "\($0)" } ?? ""
      ),
      ("features", "\(a.features.count)", "\(b.features.count)"),
      ("feature order", a.featuresSHA256, b.featuresSHA256),
      ("training cases", old.cohort.map { "\($0.n)" } ?? "", new.cohort.map { "\($0.n)" } ?? ""),
      ("intended use", a.intendedUse, b.intendedUse), ("signed", "\(old.isSigned)", "\(new.isSigned)"),
    ]
    facts = pairs.filter { $0.1 != $0.2 }.map { Fact(name: $0.0, old: $0.1, new: $0.2) }
    let (first, second) = (Set(a.features), Set(b.features))
    removedFeatures = a.features.filter { !second.contains($0) }
    addedFeatures = b.features.filter { !first.contains($0) }
    files = Set(a.files.keys).union(b.files.keys).filter { a.files[$0] != b.files[$0] }.sorted()
    if a.features == b.features {
      largestProbabilityDifference = (old.selfTestRows + new.selfTestRows).map {
        abs(old.pipeline.run($0).probability - new.pipeline.run($0).probability)
      }.max()
    } else {
      largestProbabilityDifference = nil
    }
  }
}
