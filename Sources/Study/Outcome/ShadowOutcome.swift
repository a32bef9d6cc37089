internal import Configuration
internal import Errors
internal import Model
internal import Radiomics
internal import Report

/// The output of a second model besides the serving one, for an administrator who considers activating it. Its errors
/// are recorded in its place; it never fails a study.
struct ShadowOutcome: Sendable {
  static let fileName = "shadow.json"

  let json: JSONValue

  init(
    _ path: String, trust: SignatureTrust, _ numbers: [String: Double], profile: ExtractionProfile,
    facts: AcquisitionFacts
  ) {
    var object: JSONObject = ["schema": "radiomicsd.shadow/1"]
    do {
      let bundle = try ModelBundle(contentsOf: path, trust: trust)
      object.append("model", ResultDocument.Model(bundle).json)
      try bundle.requireProfile(sha256: profile.sha256)
      let outcome = ModelOutcome(bundle, numbers, facts: facts, policy: .flag)
      switch outcome.prediction {
      case .value(let score):
        object.append("probability", .number(score.probability))
        object.append("positive", .bool(score.positive))
      case .withheld(let reason, _): object.append("withheld", .string(reason))
      }
      object.append("outside", .bool(outcome.isOutside))
    } catch let error as StudyError {
      object.append("withheld", .string("\(error.code.name): \(error.message)"))
    } catch {
      object.append("withheld", .string("\(error)"))
    }
    json = .object(object)
  }
}
