/// A two-sided confidence interval, with the method that made it.
package struct Interval: Sendable, Hashable {
  package var lower: Double
  package var upper: Double
  /// Nominal coverage, for example 0.95.
  package var level: Double
  /// Name of the method, as a report prints it: `DeLong`, `Wilson`.
  package var method: String

  package init(lower: Double, upper: Double, level: Double, method: String) {
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  package var width: Double { upper - lower }

  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
