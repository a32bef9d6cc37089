extension ResultDocument {
  public enum Prediction: Sendable, Equatable, DocumentValue {
    /// `indeterminate`: whether the probability lies where the call should not be relied on; nil where the model has no
    /// such zone.
    case value(probability: Double, positive: Bool, threshold: Double, label: String, indeterminate: Bool? = nil)
    /// The reason in a sentence, and the features that caused it.
    case withheld(reason: String, features: [String], threshold: Double)

    /// A withheld prediction has the same keys with null values, and states the reason.
    public var json: JSONValue {
      switch self {
      case .value(let probability, let positive, let threshold, let label, let indeterminate):
        {
          var object: JSONObject = [
            "probability": .number(probability), "positive": .bool(positive), "threshold": .number(threshold),
            "label": .string(label),
          ]
          object.append("indeterminate", ifPresent: indeterminate.map(JSONValue.bool))
          return .object(object)
        }()
      case .withheld(let reason, let features, let threshold):
        [
          "probability": nil, "positive": nil, "threshold": .number(threshold), "label": nil,
          "withheld": ["reason": .string(reason), "features": JSONValue(features)],
        ]
      }
    }
  }

  public struct Model: Sendable, Equatable, DocumentValue {
    public var name: String
    public var version: String
    /// The bundle's id: SHA-256 of its `bundle.json`.
    public var sha256: String
    public var demonstration: Bool

    public init(name: String, version: String, sha256: String, demonstration: Bool) {
      self.name = name
      self.version = version
      self.sha256 = sha256
      self.demonstration = demonstration
    }

    public var json: JSONValue {
      [
        "name": .string(name), "version": .string(version), "sha256": .string(sha256),
        "demonstration": .bool(demonstration),
      ]
    }
  }

  public struct Profile: Sendable, Equatable, DocumentValue {
    public var name: String
    /// Of the parameter file's bytes.
    public var sha256: String

    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    public var json: JSONValue { ["name": .string(name), "sha256": .string(sha256)] }
  }

  /// How far the case lies from the training cohort.
  public struct OutOfDistribution: Sendable, Equatable, DocumentValue {
    /// Distance and the limits that 95 % and 99 % of the training cases keep.
    public struct Distance: Sendable, Equatable, DocumentValue {
      public var value: Double
      public var q95: Double
      public var q99: Double

      public init(value: Double, q95: Double, q99: Double) {
        self.value = value
        self.q95 = q95
        self.q99 = q99
      }

      public var json: JSONValue { ["value": .number(value), "q95": .number(q95), "q99": .number(q99)] }
    }

    public struct Deviation: Sendable, Equatable, DocumentValue {
      public var feature: String
      public var value: Double
      /// Infinite (null in JSON) where the feature was constant in training.
      public var z: Double
      public var minimum: Double
      public var maximum: Double

      public init(feature: String, value: Double, z: Double, minimum: Double, maximum: Double) {
        self.feature = feature
        self.value = value
        self.z = z
        self.minimum = minimum
        self.maximum = maximum
      }

      public var json: JSONValue {
        [
          "feature": .string(feature), "value": .number(value), "z": .number(z), "minimum": .number(minimum),
          "maximum": .number(maximum),
        ]
      }
    }

    /// The larger distance over its 99 % limit.
    public var score: Double
    /// Whether the score is above 1.
    public var flag: Bool
    /// Largest |z| first.
    public var worst: [Deviation]
    /// Hotelling's T²; nil without principal components.
    public var t2: Distance?
    /// Squared residual.
    public var spe: Distance
    /// Features outside their training range.
    public var outsideRange: Int
    /// The scan compared with the training cases' scans; nil where the bundle has no information on them.
    public var acquisition: Acquisition?

    /// How the scan compares with those of the training cases.
    public struct Acquisition: Sendable, Equatable, DocumentValue {
      /// Facts outside the envelope: code and sentence.
      public var outside: [Warning]
      /// Facts that the training cases have and this case does not.
      public var unknown: [String]

      public init(outside: [Warning], unknown: [String]) {
        self.outside = outside
        self.unknown = unknown
      }

      public var json: JSONValue { ["outside": .array(outside.map(\.json)), "unknown": JSONValue(unknown)] }
    }

    public init(
      score: Double, flag: Bool, worst: [Deviation], t2: Distance?, spe: Distance, outsideRange: Int,
      acquisition: Acquisition? = nil
    ) {
      self.acquisition = acquisition
      self.score = score
      self.flag = flag
      self.worst = worst
      self.t2 = t2
      self.spe = spe
      self.outsideRange = outsideRange
    }

    public var json: JSONValue {
      [
        "score": .number(score), "flag": .bool(flag), "worst": .array(worst.map(\.json)), "t2": t2?.json ?? nil,
        "spe": spe.json, "outsideRange": .integer(outsideRange), "acquisition": acquisition?.json ?? nil,
      ]
    }
  }

  /// A file that the result was computed from.
  public struct Input: Sendable, Equatable, DocumentValue {
    /// `image`, `mask`, `archive` (which contained some of them), `study.yaml`.
    public var role: String
    public var sha256: String
    public var bytes: Int

    public init(role: String, sha256: String, bytes: Int) {
      self.role = role
      self.sha256 = sha256
      self.bytes = bytes
    }

    public var json: JSONValue {
      ["role": .string(role), "sha256": .string(sha256), "bytes": .integer(bytes)]
    }
  }

  public struct Warning: Sendable, Equatable, DocumentValue {
    /// `W_` and words in capitals.
    public var code: String
    public var message: String

    public init(code: String, message: String) {
      self.code = code
      self.message = message
    }

    public var json: JSONValue { ["code": .string(code), "message": .string(message)] }
  }

  /// The published image's grid.
  public struct Grid: Sendable, Equatable, DocumentValue {
    /// Voxels along x, y and z.
    public var size: [Int]
    /// mm
    public var spacing: [Double]
    /// mm, LPS
    public var origin: [Double]
    /// Row by row.
    public var direction: [Double]

    public init(size: [Int], spacing: [Double], origin: [Double], direction: [Double]) {
      self.size = size
      self.spacing = spacing
      self.origin = origin
      self.direction = direction
    }

    public var json: JSONValue {
      [
        "size": JSONValue(size), "spacing": JSONValue(spacing), "origin": JSONValue(origin),
        "direction": JSONValue(direction),
      ]
    }
  }
}
