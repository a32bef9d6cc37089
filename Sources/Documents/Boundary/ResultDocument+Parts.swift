extension ResultDocument {
  package enum Prediction: Sendable, Equatable, DocumentValue {
    /// `indeterminate`: whether the probability lies where the call should not be relied on; nil where the model has no
    /// such zone.
    case value(probability: Double, positive: Bool, threshold: Double, label: String, indeterminate: Bool? = nil)
    /// The reason in a sentence, and the features that caused it.
    case withheld(reason: String, features: [String], threshold: Double)

    /// A withheld prediction has the same keys with null values, and states the reason.
    package var json: JSONValue {
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

  package struct Model: Sendable, Equatable, DocumentValue {
    package var name: String
    package var version: String
    /// The bundle's id: SHA-256 of its `bundle.json`.
    package var sha256: String
    package var demonstration: Bool

    package init(name: String, version: String, sha256: String, demonstration: Bool) {
      self.name = name
      self.version = version
      self.sha256 = sha256
      self.demonstration = demonstration
    }

    package var json: JSONValue {
      [
        "name": .string(name), "version": .string(version), "sha256": .string(sha256),
        "demonstration": .bool(demonstration),
      ]
    }
  }

  package struct Profile: Sendable, Equatable, DocumentValue {
    package var name: String
    /// Of the parameter file's bytes.
    package var sha256: String

    package init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    package var json: JSONValue { ["name": .string(name), "sha256": .string(sha256)] }
  }

  /// How far the case lies from the training cohort.
  package struct OutOfDistribution: Sendable, Equatable, DocumentValue {
    /// Distance and the limits that 95 % and 99 % of the training cases keep.
    package struct Distance: Sendable, Equatable, DocumentValue {
      package var value: Double
      package var q95: Double
      package var q99: Double

      package init(value: Double, q95: Double, q99: Double) {
        self.value = value
        self.q95 = q95
        self.q99 = q99
      }

      package var json: JSONValue { ["value": .number(value), "q95": .number(q95), "q99": .number(q99)] }
    }

    package struct Deviation: Sendable, Equatable, DocumentValue {
      package var feature: String
      package var value: Double
      /// Infinite (null in JSON) where the feature was constant in training.
      package var z: Double
      package var minimum: Double
      package var maximum: Double

      package init(feature: String, value: Double, z: Double, minimum: Double, maximum: Double) {
        self.feature = feature
        self.value = value
        self.z = z
        self.minimum = minimum
        self.maximum = maximum
      }

      package var json: JSONValue {
        [
          "feature": .string(feature), "value": .number(value), "z": .number(z), "minimum": .number(minimum),
          "maximum": .number(maximum),
        ]
      }
    }

    /// The larger distance over its 99 % limit.
    package var score: Double
    /// Whether the score is above 1.
    package var flag: Bool
    /// Largest |z| first.
    package var worst: [Deviation]
    /// Hotelling's T²; nil without principal components.
    package var t2: Distance?
    /// Squared residual.
    package var spe: Distance
    /// Features outside their training range.
    package var outsideRange: Int
    /// The scan compared with the training cases' scans; nil where the bundle has no information on them.
    package var acquisition: Acquisition?

    /// How the scan compares with those of the training cases.
    package struct Acquisition: Sendable, Equatable, DocumentValue {
      /// Facts outside the envelope: code and sentence.
      package var outside: [Warning]
      /// Facts that the training cases have and this case does not.
      package var unknown: [String]

      package init(outside: [Warning], unknown: [String]) {
        self.outside = outside
        self.unknown = unknown
      }

      package var json: JSONValue { ["outside": .array(outside.map(\.json)), "unknown": JSONValue(unknown)] }
    }

    package init(
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

    package var json: JSONValue {
      [
        "score": .number(score), "flag": .bool(flag), "worst": .array(worst.map(\.json)), "t2": t2?.json ?? nil,
        "spe": spe.json, "outsideRange": .integer(outsideRange), "acquisition": acquisition?.json ?? nil,
      ]
    }
  }

  /// A file that the result was computed from.
  package struct Input: Sendable, Equatable, DocumentValue {
    /// `image`, `mask`, `archive` (which contained some of them), `study.yaml`.
    package var role: String
    package var sha256: String
    package var bytes: Int

    package init(role: String, sha256: String, bytes: Int) {
      self.role = role
      self.sha256 = sha256
      self.bytes = bytes
    }

    package var json: JSONValue {
      ["role": .string(role), "sha256": .string(sha256), "bytes": .integer(bytes)]
    }
  }

  package struct Warning: Sendable, Equatable, DocumentValue {
    /// `W_` and words in capitals.
    package var code: String
    package var message: String

    package init(code: String, message: String) {
      self.code = code
      self.message = message
    }

    package var json: JSONValue { ["code": .string(code), "message": .string(message)] }
  }

  /// The published image's grid.
  package struct Grid: Sendable, Equatable, DocumentValue {
    /// Voxels along x, y and z.
    package var size: [Int]
    /// mm
    package var spacing: [Double]
    /// mm, LPS
    package var origin: [Double]
    /// Row by row.
    package var direction: [Double]

    package init(size: [Int], spacing: [Double], origin: [Double], direction: [Double]) {
      self.size = size
      self.spacing = spacing
      self.origin = origin
      self.direction = direction
    }

    package var json: JSONValue {
      [
        "size": JSONValue(size), "spacing": JSONValue(spacing), "origin": JSONValue(origin),
        "direction": JSONValue(direction),
      ]
    }
  }
}
