import ArgumentParser
import Documents
import Errors
import Model

extension ModelCommand {
  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a bundle's identity, inputs and decision.")

    @Argument(help: "The model bundle: a folder, or one file.")
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
        "indeterminate": manifest.decision.indeterminate.map { JSONValue($0) } ?? nil,
        "acquisitionEnvelope": .bool(model.cohort?.acquisition != nil),
        "evaluated": .bool(model.evaluation != nil), "signed": .bool(model.isSigned),
        "supersedes": JSONValue(manifest.supersedes),
        "profile": ["name": .string(manifest.profile.name), "sha256": .string(manifest.profile.sha256)],
        "trainingCases": JSONValue(model.cohort?.n),
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
      object.append("trees", ifPresent: step.trees.map(JSONValue.integer))
      object.append("method", ifPresent: step.method.map(JSONValue.string))
      return .object(object)
    }
  }
}
