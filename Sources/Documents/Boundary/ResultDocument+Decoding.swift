extension ResultDocument {
  private enum Key: String, CodingKey {
    case job, study, status, prediction, model, profile, features, outOfDistribution, inputs, choices, unused,
      supersedes
    case geometry, measured, acquisition, software, timings, warnings
  }

  private struct Features: Decodable { var count: Int }

  /// A reader needs the profile and the number of features; what a later version added may be absent.
  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    func read<Value: Decodable>(_ key: Key) throws -> Value? { try members.decodeIfPresent(Value.self, forKey: key) }
    self.init(
      job: try read(.job) ?? "", study: try read(.study) ?? "", status: try read(.status) ?? "",
      prediction: try read(.prediction), model: try read(.model),
      profile: try members.decode(Profile.self, forKey: .profile),
      featureCount: try members.decode(Features.self, forKey: .features).count,
      outOfDistribution: try read(.outOfDistribution), inputs: try read(.inputs) ?? [],
      geometry: try read(.geometry) ?? Grid(size: [], spacing: [], origin: [], direction: []),
      software: try read(.software) ?? [:], timings: try read(.timings) ?? [:], warnings: try read(.warnings) ?? [])
    choices = try read(.choices)
    unused = try read(.unused)
    supersedes = try read(.supersedes)
    measured = try read(.measured)
    acquisition = try read(.acquisition)
  }
}

extension ResultDocument.Prediction {
  private enum Key: String, CodingKey {
    case probability, positive, threshold, label, indeterminate, withheld
  }

  private struct Withheld: Decodable {
    var reason: String?
    var features: [String]?
  }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    let threshold = try members.decode(Double.self, forKey: .threshold)
    if let withheld = try members.decodeIfPresent(Withheld.self, forKey: .withheld) {
      self = .withheld(reason: withheld.reason ?? "", features: withheld.features ?? [], threshold: threshold)
    } else {
      self = .value(
        probability: try members.decode(Double.self, forKey: .probability),
        positive: try members.decode(Bool.self, forKey: .positive), threshold: threshold,
        label: try members.decode(String.self, forKey: .label),
        indeterminate: try members.decodeIfPresent(Bool.self, forKey: .indeterminate))
    }
  }
}

extension ResultDocument.Model {
  private enum Key: String, CodingKey { case name, version, sha256, demonstration }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try members.decode(String.self, forKey: .name), version: try members.decode(String.self, forKey: .version),
      sha256: try members.decode(String.self, forKey: .sha256),
      demonstration: try members.decodeIfPresent(Bool.self, forKey: .demonstration) ?? false)
  }
}

extension ResultDocument.OutOfDistribution.Deviation {
  private enum Key: String, CodingKey { case feature, value, z, minimum, maximum }

  /// Null is a number that JSON does not have.
  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    self.init(
      feature: try members.decode(String.self, forKey: .feature),
      value: try members.decodeIfPresent(Double.self, forKey: .value) ?? .nan,
      z: try members.decodeIfPresent(Double.self, forKey: .z) ?? .infinity,
      minimum: try members.decodeIfPresent(Double.self, forKey: .minimum) ?? .nan,
      maximum: try members.decodeIfPresent(Double.self, forKey: .maximum) ?? .nan)
  }
}

extension ResultDocument.OutOfDistribution {
  private enum Key: String, CodingKey { case score, flag, worst, t2, spe, outsideRange, acquisition }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    self.init(
      score: try members.decodeIfPresent(Double.self, forKey: .score) ?? .nan,
      flag: try members.decode(Bool.self, forKey: .flag),
      worst: try members.decodeIfPresent([Deviation].self, forKey: .worst) ?? [],
      t2: try members.decodeIfPresent(Distance.self, forKey: .t2),
      spe: try members.decodeIfPresent(Distance.self, forKey: .spe) ?? Distance(value: .nan, q95: .nan, q99: .nan),
      outsideRange: try members.decodeIfPresent(Int.self, forKey: .outsideRange) ?? 0,
      acquisition: try members.decodeIfPresent(Acquisition.self, forKey: .acquisition))
  }
}

extension ResultDocument.Warning {
  private enum Key: String, CodingKey { case code, message }

  /// Earlier versions wrote a text.
  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self.init(code: "", message: text)
    } else {
      let members = try decoder.container(keyedBy: Key.self)
      self.init(
        code: try members.decodeIfPresent(String.self, forKey: .code) ?? "",
        message: try members.decodeIfPresent(String.self, forKey: .message) ?? "")
    }
  }

  /// Code and message in one line.
  package var text: String { [code, message].filter { !$0.isEmpty }.joined(separator: ": ") }
}
