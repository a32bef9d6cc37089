internal import Foundation

/// Jobs as JSON, for `jobs list|show|export --json`.
package enum JobDocument {
  /// An array with one short object per job.
  package static func list(_ jobs: [(job: Job, result: ResultRecord?)]) throws -> String {
    try text(jobs.map { Summary($0.job, $0.result) })
  }

  /// One object with all records of a job: attempts, inputs with hashes, result, events.
  package static func history(_ history: JobHistory) throws -> String { try text(Full(history)) }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

private struct Summary: Encodable {
  var job: String
  var study: String
  var state: String
  var created: String
  var started: String?
  var finished: String?
  var attempts: Int
  var publishedAs: String?
  var prediction: Prediction?
  var choices: JobChoices?
  var error: JobError?

  init(_ job: Job, _ result: ResultRecord?) {
    self.job = job.id.text
    study = job.study
    state = job.state.rawValue
    created = job.created.description
    started = job.started?.description
    finished = job.finished?.description
    attempts = job.attempt
    publishedAs = job.publishedAs
    prediction = result.map(Prediction.init)
    choices = job.choices
    error = job.error
  }
}

private struct Prediction: Encodable {
  var probability: Double?
  var positive: Bool?
  var threshold: Double?
  var label: String?
  /// Whether the case lies outside the model's training cohort: the probability is not reliable.
  var outsideCohort: Bool?
  /// Why there is no probability.
  var withheld: String?
  /// Whether the model is a demonstration.
  var demonstration: Bool?

  init(_ result: ResultRecord) {
    probability = result.probability
    positive = result.positive
    threshold = result.threshold
    label = result.label
    outsideCohort = result.isOutsideCohort
    withheld = result.facts["withheld"]
    demonstration = result.demonstration
  }
}

private struct Full: Encodable {
  var job: Summary
  var sequence: Int64
  var retryOf: String?
  var supersedes: String?
  var duplicateOf: String?
  var originalAt: String?
  var inputDigest: String?
  /// MiB.
  var memoryEstimate: Int?
  var inputs: [Input]
  var attempts: [Run]
  var result: Result?
  var events: [Entry]

  init(_ history: JobHistory) {
    job = Summary(history.job, history.result)
    sequence = history.job.sequence
    retryOf = history.job.retryOf?.text
    supersedes = history.job.supersedes?.text
    duplicateOf = history.job.duplicateOf?.text
    originalAt = history.job.originalAt
    inputDigest = history.job.inputDigest
    memoryEstimate = history.job.memory
    inputs = history.inputs.map { Input(path: $0.path, sha256: $0.sha256, bytes: $0.bytes) }
    attempts = history.attempts.map(Run.init)
    result = history.result.map(Result.init)
    events = history.events.map(Entry.init)
  }

  struct Input: Encodable {
    var path: String
    var sha256: String
    var bytes: Int64
  }

  struct Run: Encodable {
    var number: Int
    var started: String
    var ended: String?
    var outcome: String?
    var exitCode: Int32?
    var signal: Int32?
    var wallSeconds: Double?
    var cpuSeconds: Double?
    var peakKilobytes: Int?
    var charged: Bool

    init(_ attempt: Attempt) {
      number = attempt.number
      started = attempt.started.description
      ended = attempt.ended?.description
      outcome = attempt.outcome
      exitCode = attempt.exitCode
      signal = attempt.signal
      wallSeconds = attempt.wallSeconds
      cpuSeconds = attempt.cpuSeconds
      peakKilobytes = attempt.peakKilobytes
      charged = attempt.charged
    }
  }

  struct Result: Encodable {
    struct Model: Encodable {
      var name: String?
      var version: String?
      var sha256: String?
      var demonstration: Bool?
    }
    struct Profile: Encodable {
      var name: String?
      var sha256: String?
    }
    var prediction: Prediction
    var model: Model
    var profile: Profile
    var featureCount: Int?
    var featuresSHA256: String?
    var manifestSHA256: String
    var warnings: [String]

    init(_ result: ResultRecord) {
      prediction = Prediction(result)
      model = Model(
        name: result.modelName, version: result.modelVersion, sha256: result.modelSHA256,
        demonstration: result.demonstration)
      profile = Profile(name: result.profileName, sha256: result.profileSHA256)
      featureCount = result.featureCount
      featuresSHA256 = result.featuresSHA256
      manifestSHA256 = result.manifestSHA256
      warnings = result.warnings
    }
  }

  struct Entry: Encodable {
    var sequence: Int64
    var time: String
    var kind: String
    var from: String?
    var to: String?
    var attempt: Int?
    var actor: String
    var details: [String: String]
    var hash: String

    init(_ event: Event) {
      sequence = event.sequence
      time = event.time.description
      kind = event.kind.rawValue
      from = event.from?.rawValue
      to = event.to?.rawValue
      attempt = event.attempt
      actor = event.actor
      details = event.details
      hash = event.hash
    }
  }
}
