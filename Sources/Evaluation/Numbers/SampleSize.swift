internal import Glibc
package import Statistics

/// How much the number of development cases supports.
package struct SampleSize: Sendable, Equatable {
  package let cases: Int
  package let positives: Int
  package let features: Int
  package let components: Int?

  /// Cases of the rarer class per candidate feature: the literature recommends 10 or more.
  package var eventsPerVariable: Double { Double(min(positives, cases - positives)) / Double(max(1, features)) }
  package var eventsPerComponent: Double? {
    components.map { Double(min(positives, cases - positives)) / Double(max(1, $0)) }
  }

  package init(labels: [Bool], features: Int, components: Int?) {
    cases = labels.count
    positives = labels.count { $0 }
    self.features = features
    self.components = components
  }

  /// Cases that a logistic model with this number of parameters needs for an expected shrinkage of 0.9 (Riley et al.
  /// 2019, criterion 1), where it explains 15 % of the R² (Cox and Snell) that is possible at this prevalence.
  ///
  /// - Throws: `NotEstimable` for one class.
  package func rileyCases(parameters: Int) throws(NotEstimable) -> Int {
    guard positives > 0, positives < cases, parameters > 0 else { throw NotEstimable("there is one class only") }
    let share = Double(positives) / Double(cases)
    let logNull = share * log(share) + (1 - share) * log(1 - share)
    let r2 = 0.15 * (1 - exp(2 * logNull))
    let shrinkage = 0.9
    return Int((Double(parameters) / ((shrinkage - 1) * log(1 - r2 / shrinkage))).rounded(.up))
  }
}
