internal import Errors

/// `cohort.json`: statistics of the model's training cases, to measure how far a new case lies from them.
package struct Cohort: Sendable, Equatable, Codable {
  static let schema = "radiomicsd.cohort/1"

  /// The limits that the given share of training cases stays within when scored by a model that did not see them
  /// (K-fold cross-validation; the in-sample quantiles would be far too narrow).
  package struct Limits: Sendable, Equatable, Codable {
    package var q95: Double
    package var q99: Double

    package init(q95: Double, q99: Double) {
      self.q95 = q95
      self.q99 = q99
    }
  }

  /// One number per feature, in the order of the bundle's features.
  package struct Features: Sendable, Equatable, Codable {
    package var mean: [Double]
    /// Population standard deviation.
    package var sd: [Double]
    /// Shares at which `quantiles` are given; the first is 0, the last 1: the training range.
    package var levels: [Double]
    /// One row per feature, one number per level.
    package var quantiles: [[Double]]
    /// Cases without the feature; nil where no case lacks any.
    package var missing: [Int]?

    package init(mean: [Double], sd: [Double], levels: [Double], quantiles: [[Double]], missing: [Int]? = nil) {
      self.mean = mean
      self.sd = sd
      self.levels = levels
      self.quantiles = quantiles
      self.missing = missing
    }
  }

  /// A clinical variable of the training cases, for readers: only as much as identifies no patient.
  package struct Clinical: Sendable, Equatable, Codable {
    package var name: String
    /// Number of cases for which it is known.
    package var known: Int
    /// Quartiles of a number, to three significant digits.
    package var quartiles: [Double]?
    /// Cases by level of a category; levels of fewer than five cases are merged as `other`, or left out.
    package var levels: [String: Int]?

    package init(name: String, known: Int, quartiles: [Double]? = nil, levels: [String: Int]? = nil) {
      self.name = name
      self.known = known
      self.quartiles = quartiles
      self.levels = levels
    }
  }

  /// The distribution of the model's output and leading components over the training cases, predicted by models that
  /// did not see them: the reference for later cases (`drift`).
  package struct Reference: Sendable, Equatable, Codable {
    /// Shares at which the quantiles are given; the first is 0, the last 1.
    package var levels: [Double]
    /// Of the probability, one number per level.
    package var score: [Double]
    /// Of the scores of the first components, at most five; one row per component.
    package var components: [[Double]]?
    /// How they were computed, for readers.
    package var from: String?

    package init(levels: [Double], score: [Double], components: [[Double]]? = nil, from: String? = nil) {
      self.levels = levels
      self.score = score
      self.components = components
      self.from = from
    }
  }

  package var schema: String
  /// Training cases, and how many of them were positive (absent where that is fewer than five: privacy).
  package var n: Int
  package var positive: Int?
  package var features: Features
  /// Of Hotelling's T² over the kept components; nil without principal components.
  package var t2: Limits?
  /// Of the squared residual.
  package var spe: Limits
  /// Scanners, settings and sizes of the training cases; nil where they were not recorded.
  package var acquisition: AcquisitionEnvelope?
  /// Age, sex and other columns of the table of labels; nil where there were none.
  package var clinical: [Clinical]?
  /// nil where it was not recorded.
  package var reference: Reference?
  /// How the limits were computed, for readers.
  package var limitsFrom: String?
  /// λ of the components, for a model from a file without them (`model import`).
  package var componentVariance: [Double]?

  enum CodingKeys: String, CodingKey {
    case schema, n, positive, features, t2, spe, acquisition, clinical, reference
    case componentVariance = "component_variance"
    case limitsFrom = "limits_from"
  }

  package init(
    n: Int, positive: Int?, features: Features, t2: Limits?, spe: Limits, acquisition: AcquisitionEnvelope? = nil,
    reference: Reference? = nil, limitsFrom: String? = nil
  ) {
    schema = Self.schema
    self.n = n
    self.positive = positive
    self.features = features
    self.t2 = t2
    self.spe = spe
    self.acquisition = acquisition
    self.reference = reference
    self.limitsFrom = limitsFrom
  }

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
    else { throw fault("the quantiles must run from level 0 to level 1, one number per level") }
    guard features.mean.allSatisfy(\.isFinite), features.sd.allSatisfy({ $0 >= 0 && $0.isFinite }),
      features.quantiles.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { throw fault("a statistic is not finite, or a standard deviation is negative") }
    guard hasComponents == (t2 != nil) else {
      throw fault("t2 limits belong to principal components, and only to them")
    }
    try acquisition?.check()
    if let reference { try check(reference) }
    for limits in [t2, spe].compactMap({ $0 }) {
      guard limits.q95 > 0, limits.q99 >= limits.q95, limits.q99.isFinite else {
        throw fault("the limits \(limits.q95) and \(limits.q99) are not positive and rising")
      }
    }
  }

  private func check(_ reference: Reference) throws {
    let levels = reference.levels
    guard levels.count >= 2, levels.count <= 1001, levels.first == 0, levels.last == 1,
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw fault("the reference levels must rise from 0 to 1") }
    let rows = [reference.score] + (reference.components ?? [])
    guard rows.count <= 6,
      rows.allSatisfy({ row in
        row.count == levels.count && row.allSatisfy(\.isFinite) && zip(row, row.dropFirst()).allSatisfy { $0 <= $1 }
      })
    else {
      throw fault("the reference must have one rising number per level, for the score and at most five components")
    }
  }

  private func fault(_ message: String) -> StudyError {
    StudyError(.modelSchema, "cohort.json cannot be used: \(message)", file: "cohort.json", hint: restoreHint)
  }
}

extension Cohort {
  /// Reads a separate `cohort.json`; its content is checked when its bundle is loaded.
  ///
  /// - Throws: `modelSchema`.
  package init(json bytes: [UInt8], file: String) throws {
    self = try decodeBundleJSON(Cohort.self, from: bytes, file: file)
  }
}
