internal import GRDB
internal import Hashing

/// The chain of events: each holds the hash of the one before, so that a change, a gap or a new order shows.
enum EventChain {
  static let origin = String(repeating: "0", count: 64)

  /// Appends an event in the transaction that `database` is in.
  ///
  /// - Parameter known: continue another event than the last one there is: one that was lost.
  @discardableResult
  static func append(
    _ kind: EventKind, job: JobID?, from: JobState? = nil, to: JobState? = nil, attempt: Int? = nil, actor: String,
    details: [String: String], after known: (sequence: Int64, hash: String)? = nil, in database: Database
  ) throws -> Event {
    let last = try Row.fetchOne(database, sql: "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1")
    let sequence = (known?.sequence ?? last.map { $0["sequence"] as Int64 } ?? 0) + 1
    let previous = known?.hash ?? last.map { $0["hash"] as String } ?? origin
    let time = Timestamp.now
    let bootTime = BootClock.nanoseconds
    let text = canonical(
      sequence: sequence, time: time, bootTime: bootTime, job: job?.text, kind: kind.rawValue, from: from?.rawValue,
      to: to?.rawValue, attempt: attempt, actor: actor, details: details)
    let hash = sha256(previous + text)
    try database.execute(
      sql: """
        INSERT INTO events (sequence, time, boot_time, job, kind, from_state, to_state, attempt, actor, details,
          previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        sequence, time.description, bootTime, job?.text, kind.rawValue, from?.rawValue, to?.rawValue, attempt, actor,
        JSONText.object(details), previous, hash,
      ])
    return Event(
      sequence: sequence, time: time, bootTime: bootTime, job: job, kind: kind, from: from, to: to, attempt: attempt,
      actor: actor, details: details, previousHash: previous, hash: hash)
  }

  /// The last event; the origin where there is none.
  static func head(in database: Database) throws -> (sequence: Int64, hash: String, time: String) {
    let row = try Row.fetchOne(
      database, sql: "SELECT sequence, hash, time FROM events ORDER BY sequence DESC LIMIT 1")
    return row.map { ($0["sequence"], $0["hash"], $0["time"]) } ?? (0, origin, "")
  }

  /// The hash that a row's content has, after the hash of the event before it that the row states.
  static func hash(of row: Row) -> String {
    let text = canonical(
      sequence: row["sequence"], time: row["time"] as String, bootTime: row["boot_time"], job: row["job"],
      kind: row["kind"], from: row["from_state"], to: row["to_state"], attempt: row["attempt"], actor: row["actor"],
      detailsText: row["details"])
    return sha256((row["previous_hash"] as String) + text)
  }

  private static func canonical(
    sequence: Int64, time: Timestamp, bootTime: Int64, job: String?, kind: String, from: String?, to: String?,
    attempt: Int?, actor: String, details: [String: String]
  ) -> String {
    canonical(
      sequence: sequence, time: time.description, bootTime: bootTime, job: job, kind: kind, from: from, to: to,
      attempt: attempt, actor: actor, detailsText: JSONText.object(details))
  }

  /// One JSON object with its keys in alphabetical order and no white space.
  static func canonical(
    sequence: Int64, time: String, bootTime: Int64, job: String?, kind: String, from: String?, to: String?,
    attempt: Int?, actor: String, detailsText: String
  ) -> String {
    func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
    return "{\"actor\":\(text(actor)),\"attempt\":\(attempt.map(String.init) ?? "null"),\"boot_time\":\(bootTime)"
      + ",\"details\":\(detailsText),\"from\":\(text(from)),\"job\":\(text(job)),\"kind\":\(text(kind))"
      + ",\"sequence\":\(sequence),\"time\":\(text(time)),\"to\":\(text(to))}"
  }
}

/// JSON texts with one form for one value.
enum JSONText {
  /// An object of texts, its keys in the order of their bytes, without white space.
  static func object(_ values: [String: String]) -> String {
    let sorted = values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    return "{" + sorted.map { "\(string($0.key)):\(string($0.value))" }.joined(separator: ",") + "}"
  }

  static func array(_ values: [String]) -> String { "[" + values.map(string).joined(separator: ",") + "]" }

  static func string(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
