internal import Errors
internal import Glibc

/// Step `calibrate`, method `platt`: p' = 1 / (1 + e^-(a logit(p) + b)). Identity at a = 1, b = 0.
///
/// p is kept at least one machine epsilon from 0 and 1, so that a forest's unanimous vote has a logit.
package struct Calibration: Sendable, Equatable {
  /// Positive: a calibration never reverses the order of cases.
  package let a: Double
  package let b: Double

  init(step: BundleManifest.Step) throws {
    guard step.method == "platt" else {
      throw StudyError(
        .modelUnsupported, "step calibrate has method = \(step.method ?? "nothing"); this version computes platt",
        file: BundleManifest.fileName)
    }
    guard let a = step.a, let b = step.b, a.isFinite, b.isFinite, a > 0 else {
      throw StudyError(
        .modelNumbers, "step calibrate needs a finite a above 0 and a finite b", file: BundleManifest.fileName,
        hint: restoreHint)
    }
    self.a = a
    self.b = b
  }

  func callAsFunction(_ probability: Double) -> Double {
    guard probability.isFinite else { return probability }
    let p = min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne)
    return logisticSigmoid(a * (log(p) - log1p(-p)) + b)
  }
}
