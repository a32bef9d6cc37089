import ArgumentParser
import Errors
import Model
import Report

/// `radiomicsd model`: what a bundle is, and whether it is sound.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Inspect and verify frozen models.",
    subcommands: [Inspect.self, Verify.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a bundle: files, hashes, shapes, numbers, and the recomputed self-test.",
      discussion: "Ends with status 0 when the bundle may serve, else with 78 and the reason.")

    @Argument(help: "Folder of the model bundle.")
    var bundle: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() throws {
      let model = try ModelBundle(contentsOf: bundle)
      if json {
        let object: JSONValue = [
          "verified": true, "name": .string(model.manifest.name), "version": .string(model.manifest.version),
          "sha256": .string(model.id), "selfTestDifference": .number(model.selfTestDifference),
        ]
        print(object.text(.compact))
      } else {
        let name = "\(model.manifest.name) \(model.manifest.version)".escapedForLine
        print("\(name): verified, sha256 \(model.id), self-test within \(model.selfTestDifference)")
      }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what a bundle is, takes and decides.")

    @Argument(help: "Folder of the model bundle.")
    var bundle: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() throws {
      let model = try ModelBundle(contentsOf: bundle)
      let facts = Self.facts(of: model)
      if json {
        print(JSONValue.object(facts).text(.pretty))
        return
      }
      for fact in facts.members {
        guard fact.name != "features" else { continue }
        let value = if case .string(let text) = fact.value { text.escapedForLine } else { fact.value.text(.compact) }
        print("\(fact.name): \(value)")
      }
      print(model.manifest.demonstration ? Notice.demonstration : Notice.researchUse)
    }

    private static func facts(of model: ModelBundle) -> JSONObject {
      let manifest = model.manifest
      return [
        "name": .string(manifest.name), "version": .string(manifest.version), "sha256": .string(model.id),
        "created": .string(manifest.created), "demonstration": .bool(manifest.demonstration),
        "status": .string(manifest.status), "intendedUse": .string(manifest.intendedUse),
        "notFor": JSONValue(manifest.notFor), "classes": JSONValue(manifest.classes),
        "labelDefinition": .string(manifest.labelDefinition),
        "steps": .array(manifest.steps.map(Self.step)),
        "threshold": .number(manifest.decision.threshold), "thresholdRule": .string(manifest.decision.rule),
        "profile": ["name": .string(manifest.profile.name), "sha256": .string(manifest.profile.sha256)],
        "trainingCases": .integer(model.cohort?.n ?? 0),
        "featureCount": .integer(manifest.features.count), "featuresSHA256": .string(manifest.featuresSHA256),
        "features": JSONValue(manifest.features),
      ]
    }

    private static func step(_ step: BundleManifest.Step) -> JSONValue {
      var object: JSONObject = ["op": .string(step.op)]
      object.append("components", ifPresent: step.components.map(JSONValue.integer))
      object.append("whiten", ifPresent: step.whiten.map(JSONValue.bool))
      object.append("layers", ifPresent: step.layers.map(JSONValue.integer))
      object.append("activation", ifPresent: step.activation.map(JSONValue.string))
      return .object(object)
    }
  }
}
