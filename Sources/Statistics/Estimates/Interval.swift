/// A two-sided confidence interval, with the method that made it.
public struct Interval: Sendable, Hashable {
  public var lower: Double
  public var upper: Double
  /// Nominal coverage, for example 0.95.
  public var level: Double
  /// Name of the method, as a report prints it: `DeLong`, `Wilson`.
  public var method: String

  public init(lower: Double, upper: Double, level: Double, method: String) {
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  public var width: Double { upper - lower }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
