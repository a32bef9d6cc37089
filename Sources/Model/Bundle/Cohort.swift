internal import Errors

/// `cohort.json`: statistics of the cases that the model was trained on, to see how far a new case lies from them.
public struct Cohort: Sendable, Equatable, Decodable {
  static let schema = "radiomicsd.cohort/1"

  /// The limits that the given share of training cases keep when scored by a model that did not see them
  /// (K-fold cross-validation; the in-sample quantiles would be far too narrow).
  public struct Limits: Sendable, Equatable, Decodable {
    public var q95: Double
    public var q99: Double
  }

  /// One number a feature, in the order of the bundle's features.
  public struct Features: Sendable, Equatable, Decodable {
    public var mean: [Double]
    /// Population standard deviation.
    public var sd: [Double]
    /// Shares at which `quantiles` are given; the first is 0, the last 1: the training range.
    public var levels: [Double]
    /// A row a feature, a number a level.
    public var quantiles: [[Double]]
  }

  public var schema: String
  /// Training cases, and how many of them were positive (absent where that is fewer than five: privacy).
  public var n: Int
  public var positive: Int?
  public var features: Features
  /// Of Hotelling's T² over the kept components; nil without principal components.
  public var t2: Limits?
  /// Of the squared residual.
  public var spe: Limits

  func check(featureCount: Int, hasComponents: Bool) throws {
    guard schema == Self.schema else {
      throw fault("its schema is \(schema); this version reads \(Self.schema)")
    }
    guard n >= 1, (positive ?? 0) >= 0, (positive ?? 0) <= n else { throw fault("its counts contradict each other") }
    guard features.mean.count == featureCount, features.sd.count == featureCount,
      features.quantiles.count == featureCount
    else { throw fault("mean, sd and quantiles must have one entry for each of \(featureCount) features") }
    guard features.levels.count >= 2, features.levels.first == 0, features.levels.last == 1,
      features.quantiles.allSatisfy({ $0.count == features.levels.count && $0.first! <= $0.last! })
    else { throw fault("the quantiles must run from level 0 to level 1, one number a level") }
    guard features.mean.allSatisfy(\.isFinite), features.sd.allSatisfy({ $0 >= 0 && $0.isFinite }),
      features.quantiles.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { throw fault("a statistic is not finite, or a standard deviation is negative") }
    guard hasComponents == (t2 != nil) else {
      throw fault("t2 limits belong to principal components, and only to them")
    }
    for limits in [t2, spe].compactMap({ $0 }) {
      guard limits.q95 > 0, limits.q99 >= limits.q95, limits.q99.isFinite else {
        throw fault("the limits \(limits.q95) and \(limits.q99) are not positive and rising")
      }
    }
  }

  private func fault(_ message: String) -> StudyError {
    StudyError(.modelSchema, "cohort.json cannot be used: \(message)", file: "cohort.json", hint: restoreHint)
  }
}
