internal import Foundation
internal import GRDB

/// Jobs and their records, as rows.
enum JobRow {
  static func insert(_ job: Job, in database: Database) throws {
    let columns = values(job)
    let names = columns.map(\.0).joined(separator: ", ")
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    try database.execute(
      sql: "INSERT INTO jobs (\(names)) VALUES (\(places))", arguments: StatementArguments(columns.map(\.1)))
  }

  /// False when the row no longer equals `old`.
  static func update(_ job: Job, from old: Job, in database: Database) throws -> Bool {
    let columns = values(job)
    let sets = columns.map { "\($0.0) = ?" }.joined(separator: ", ")
    try database.execute(
      sql: "UPDATE jobs SET \(sets) WHERE id = ? AND state = ? AND epoch = ?",
      arguments: StatementArguments(columns.map(\.1) + [old.id.text, old.state.rawValue, old.epoch]))
    return database.changesCount == 1
  }

  private static func values(_ job: Job) -> [(String, (any DatabaseValueConvertible)?)] {
    [
      ("id", job.id.text), ("sequence", job.sequence), ("epoch", job.epoch), ("study", job.study),
      ("study_bytes", Data(job.studyBytes)), ("state", job.state.rawValue), ("outcome", job.outcome?.rawValue),
      ("attempt", job.attempt), ("charges", job.charges), ("interruptions", job.interruptions),
      ("created", job.created.description), ("updated", job.updated.description),
      ("started", job.started?.description), ("finished", job.finished?.description), ("listing", job.listing),
      ("input_digest", job.inputDigest), ("input_files", job.inputFiles), ("input_bytes", job.inputBytes),
      ("error_code", job.error?.code), ("error_message", job.error?.message), ("error_hint", job.error?.hint),
      ("error_details", job.error.map { JSONText.object($0.details) }), ("published_as", job.publishedAs),
      ("original_at", job.originalAt), ("swept", job.swept), ("retry_of", job.retryOf?.text),
      ("entry_bytes", job.entryBytes.map { Data($0) }), ("choices", job.choices.flatMap(encoded)),
      ("answer", job.answer), ("duplicate_of", job.duplicateOf?.text), ("supersedes", job.supersedes?.text),
      ("urgent", job.isUrgent), ("forced", job.forced.flatMap(encoded)), ("memory_mb", job.memory),
    ]
  }

  /// Nil for a row that is not a job, which only a foreign program can have written.
  static func job(_ row: Row) -> Job? {
    guard let id = JobID(row["id"]), let state = JobState(rawValue: row["state"]) else { return nil }
    var job = Job(id: id, study: row["study"], studyBytes: bytes(row))
    job.sequence = row["sequence"]
    job.epoch = row["epoch"]
    job.state = state
    job.outcome = (row["outcome"] as String?).flatMap(JobState.init)
    job.attempt = row["attempt"]
    job.charges = row["charges"]
    job.interruptions = row["interruptions"]
    job.created = moment(row["created"]) ?? job.created
    job.updated = moment(row["updated"]) ?? job.updated
    job.started = moment(row["started"])
    job.finished = moment(row["finished"])
    job.listing = row["listing"]
    job.inputDigest = row["input_digest"]
    job.inputFiles = row["input_files"]
    job.inputBytes = row["input_bytes"]
    if let code: String = row["error_code"] {
      job.error = JobError(
        code: code, message: row["error_message"] ?? "", hint: row["error_hint"] ?? "",
        details: decoded([String: String].self, row["error_details"]) ?? [:])
    }
    job.publishedAs = row["published_as"]
    job.originalAt = row["original_at"]
    job.swept = row["swept"]
    job.retryOf = (row["retry_of"] as String?).flatMap { JobID($0) }
    job.duplicateOf = (row["duplicate_of"] as String?).flatMap { JobID($0) }
    job.supersedes = (row["supersedes"] as String?).flatMap { JobID($0) }
    job.entryBytes = (row["entry_bytes"] as Data?).map { [UInt8]($0) }
    job.choices = decoded(JobChoices.self, row["choices"])
    job.answer = row["answer"]
    job.isUrgent = row["urgent"] ?? false
    job.forced = decoded(Forced.self, row["forced"])
    job.memory = row["memory_mb"]
    return job
  }

  static func put(_ attempt: Attempt, in database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        attempt.job.text, attempt.number, attempt.started.description, attempt.ended?.description, attempt.outcome,
        attempt.exitCode, attempt.signal, attempt.wallSeconds, attempt.cpuSeconds, attempt.peakKilobytes,
        attempt.charged,
      ])
  }

  static func attempt(_ row: Row) -> Attempt? {
    guard let job = JobID(row["job"]) else { return nil }
    var attempt = Attempt(job: job, number: row["number"])
    attempt.started = moment(row["started"]) ?? attempt.started
    attempt.ended = moment(row["ended"])
    attempt.outcome = row["outcome"]
    attempt.exitCode = row["exit_code"]
    attempt.signal = row["signal"]
    attempt.wallSeconds = row["wall_seconds"]
    attempt.cpuSeconds = row["cpu_seconds"]
    attempt.peakKilobytes = row["peak_kilobytes"]
    attempt.charged = row["charged"]
    return attempt
  }

  static func replaceInputs(_ inputs: [InputFile], of job: JobID, in database: Database) throws {
    try database.execute(sql: "DELETE FROM inputs WHERE job = ?", arguments: [job.text])
    let statement = try database.makeStatement(sql: "INSERT INTO inputs VALUES (?, ?, ?, ?)")
    for file in inputs { try statement.execute(arguments: [job.text, file.path, file.sha256, file.bytes]) }
    try database.execute(
      sql: "UPDATE jobs SET inputs_sha256 = ? WHERE id = ?",
      arguments: [try StateDigest.inputs(of: job.text, in: database), job.text])
  }

  static func put(_ result: ResultRecord, of job: JobID, in database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        job.text, result.probability, result.positive, result.threshold, result.label, result.modelName,
        result.modelVersion, result.modelSHA256, result.demonstration, result.profileName, result.profileSHA256,
        result.featureCount, result.featuresSHA256, JSONText.array(result.warnings), result.manifestSHA256,
        result.facts.isEmpty ? nil : JSONText.object(result.facts),
      ])
  }

  static func result(_ row: Row) -> ResultRecord {
    var result = ResultRecord(manifestSHA256: row["manifest_sha256"])
    result.probability = row["probability"]
    result.positive = row["positive"]
    result.threshold = row["threshold"]
    result.label = row["label"]
    result.modelName = row["model_name"]
    result.modelVersion = row["model_version"]
    result.modelSHA256 = row["model_sha256"]
    result.demonstration = row["demonstration"]
    result.profileName = row["profile_name"]
    result.profileSHA256 = row["profile_sha256"]
    result.featureCount = row["feature_count"]
    result.featuresSHA256 = row["features_sha256"]
    result.warnings = decoded([String].self, row["warnings"]) ?? []
    result.facts = details(row["facts"])
    return result
  }

  static func event(_ row: Row) -> Event? {
    guard let kind = EventKind(rawValue: row["kind"]), let time = moment(row["time"]) else { return nil }
    return Event(
      sequence: row["sequence"], time: time, bootTime: row["boot_time"],
      job: (row["job"] as String?).flatMap { JobID($0) },
      kind: kind, from: (row["from_state"] as String?).flatMap(JobState.init),
      to: (row["to_state"] as String?).flatMap(JobState.init), attempt: row["attempt"], actor: row["actor"],
      details: decoded([String: String].self, row["details"]) ?? [:], previousHash: row["previous_hash"],
      hash: row["hash"], stateDigest: row["state_sha256"])
  }

  static func count(in database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM jobs") ?? 0
  }

  /// An event's details, from their JSON text.
  static func details(_ text: String?) -> [String: String] { decoded([String: String].self, text) ?? [:] }

  static func bytes(_ row: Row) -> [UInt8] { [UInt8](row["study_bytes"] as Data) }

  /// The name in the inbox.
  static func entry(_ row: Row) -> [UInt8] { (row["entry_bytes"] as Data?).map { [UInt8]($0) } ?? bytes(row) }

  private static func moment(_ text: String?) -> Timestamp? {
    text.flatMap(Timestamp.utc)
  }

  private static func encoded(_ choices: some Encodable) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(choices)).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
    text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}
