internal import Foundation
internal import Statistics

/// The trend of a learning curve: the change of the validation AUC when the number of training cases doubles.
///
/// Each repeat has its own slope (least squares over log2 of the cases). Their interval is Student's with the
/// variance that Nadeau and Bengio correct for repeats that share cases (a fifth validates, the rest trains).
package struct LearningTrend: Sendable, Equatable {
  package enum Verdict: Sendable { case rises, falls, open }

  /// Training cases of the first and of the last point.
  package let from: Int
  package let to: Int
  /// Change of the AUC per doubling of the cases, with its 95 % interval.
  package let slope: Double
  package let lower: Double
  package let upper: Double

  /// nil where fewer than two sizes were repeated twice.
  package init?(_ curve: [LearningPoint]) {
    let repeats = curve.map(\.validation.count).max() ?? 0
    let points = curve.filter { $0.validation.count == repeats }
    guard repeats > 1, let first = points.first, let last = points.last, first.trainingCases < last.trainingCases else {
      return nil
    }
    let sizes = points.map { log2(Double($0.trainingCases)) }
    let middle = sizes.reduce(0, +) / Double(sizes.count)
    let spread = sizes.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    let slopes = (0..<repeats).map { index in
      zip(sizes, points).reduce(0) { $0 + ($1.0 - middle) * $1.1.validation[index] } / spread
    }
    let (mean, deviation) = meanAndDeviation(slopes)
    let error = (deviation ?? 0) * (1 / Double(repeats) + 0.25).squareRoot()
    let margin = StudentT.critical(level: 0.95, df: Double(repeats - 1)) * error
    (from, to) = (first.trainingCases, last.trainingCases)
    (slope, lower, upper) = (mean, mean - margin, mean + margin)
  }

  package var verdict: Verdict { lower > 1e-12 ? .rises : upper < -1e-12 ? .falls : .open }

  /// For the report.
  package var sentence: String {
    func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + Text.share(abs(value)) }
    let meaning =
      switch verdict {
      case .rises: "it rises, and more cases of the same kind may help"
      case .falls: "it falls with more cases: the settings do not suit more of them, or small samples were lucky"
      case .open: "the curve shows neither a rise nor a fall, and does not tell whether more cases would help"
      }
    return
      "From \(from) to \(to) training cases the validation AUC changes by \(signed(slope)) for twice the cases (95 % interval \(signed(lower)) to \(signed(upper))): \(meaning)."
  }
}
