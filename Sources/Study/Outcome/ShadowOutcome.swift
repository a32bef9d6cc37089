internal import Configuration
internal import Documents
internal import Errors
internal import Model
internal import Radiomics

/// The output of a second model besides the serving one, for an administrator who considers activating it. Its errors
/// are recorded in its place; it never fails a study.
struct ShadowOutcome: Sendable {
  let document: ShadowDocument

  init(
    _ path: String, trust: SignatureTrust, _ numbers: [String: Double], profile: ExtractionProfile,
    facts: AcquisitionFacts
  ) {
    var document = ShadowDocument()
    do {
      let bundle = try ModelBundle(contentsOf: path, trust: trust)
      document.model = ResultDocument.Model(bundle)
      try bundle.requireProfile(sha256: profile.sha256)
      let outcome = ModelOutcome(bundle, numbers, facts: facts, policy: .flag)
      switch outcome.prediction {
      case .value(let score):
        document.probability = score.probability
        document.positive = score.positive
      case .withheld(let reason, _): document.withheld = reason
      }
      document.outside = outcome.isOutside
    } catch let error as StudyError {
      document.withheld = "\(error.code.name): \(error.message)"
    } catch {
      document.withheld = "\(error)"
    }
    self.document = document
  }
}
