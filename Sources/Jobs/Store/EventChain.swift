internal import GRDB
internal import Hashing

/// The chain of events: each contains the hash of the one before, so that a change, a gap or a new order is detected.
enum EventChain {
  static let origin = String(repeating: "0", count: 64)

  /// Appends an event in the transaction of `database`.
  ///
  /// - Parameters:
  ///   - state: the digest of the rows after this event: of its job, or of `meta`; nil where it changes neither.
  ///   - known: continue another event than the last stored one: one that was lost.
  @discardableResult
  static func append(
    _ kind: EventKind, job: JobID?, from: JobState? = nil, to: JobState? = nil, attempt: Int? = nil, actor: String,
    details: [String: String], state: String? = nil, after known: (sequence: Int64, hash: String)? = nil,
    in database: Database
  ) throws -> Event {
    let last = try Row.fetchOne(database, sql: "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1")
    let sequence = (known?.sequence ?? last.map { $0["sequence"] as Int64 } ?? 0) + 1
    let previous = known?.hash ?? last.map { $0["hash"] as String } ?? origin
    let time = Timestamp.now
    let bootTime = BootClock.nanoseconds
    let text = canonical(
      sequence: sequence, time: time.description, bootTime: bootTime, job: job?.text, kind: kind.rawValue,
      from: from?.rawValue, to: to?.rawValue, attempt: attempt, actor: actor, detailsText: JSONText.object(details),
      state: state)
    let hash = sha256(previous + text)
    try database.execute(
      sql: """
        INSERT INTO events (sequence, time, boot_time, job, kind, from_state, to_state, attempt, actor, details,
          previous_hash, hash, state_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        sequence, time.description, bootTime, job?.text, kind.rawValue, from?.rawValue, to?.rawValue, attempt, actor,
        JSONText.object(details), previous, hash, state,
      ])
    return Event(
      sequence: sequence, time: time, bootTime: bootTime, job: job, kind: kind, from: from, to: to, attempt: attempt,
      actor: actor, details: details, previousHash: previous, hash: hash, stateDigest: state)
  }

  /// The last event; the origin where there is none.
  static func head(in database: Database) throws -> (sequence: Int64, hash: String, time: String) {
    let row = try Row.fetchOne(
      database, sql: "SELECT sequence, hash, time FROM events ORDER BY sequence DESC LIMIT 1")
    return row.map { ($0["sequence"], $0["hash"], $0["time"]) } ?? (0, origin, "")
  }

  /// The columns that `hash(of:)` uses, in its order.
  static func columns(hasDigests: Bool) -> String {
    "sequence, time, boot_time, job, kind, from_state, to_state, attempt, actor, details, previous_hash, hash, "
      + (hasDigests ? "state_sha256" : "NULL")
  }

  /// The hash of a row's content, after the hash of the event before it that the row states. As bytes: a text may
  /// contain bytes that no Swift string can represent.
  static func hash(of row: StoredRows) -> String {
    var bytes = row.bytes(10)
    bytes.reserveCapacity(1024)
    func put(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
    func text(_ column: Int) { row.isNull(column) ? put("null") : JSONText.append(row.bytes(column), to: &bytes) }
    func number(_ column: Int) {
      row.isNull(column) ? put("null") : bytes.append(contentsOf: String(row.integer(column)).utf8)
    }
    put("{\"actor\":")
    text(8)
    put(",\"attempt\":")
    number(7)
    put(",\"boot_time\":")
    number(2)
    put(",\"details\":")
    bytes.append(contentsOf: row.bytes(9))
    put(",\"from\":")
    text(5)
    put(",\"job\":")
    text(3)
    put(",\"kind\":")
    text(4)
    put(",\"sequence\":")
    number(0)
    if !row.isNull(12) {
      put(",\"state_sha256\":")
      text(12)
    }
    put(",\"time\":")
    text(1)
    put(",\"to\":")
    text(6)
    put("}")
    return sha256(bytes)
  }

  /// One JSON object with its keys in alphabetical order and no white space. Without a digest of rows there is no such
  /// key: events from before there were digests keep their hash.
  static func canonical(
    sequence: Int64, time: String, bootTime: Int64, job: String?, kind: String, from: String?, to: String?,
    attempt: Int?, actor: String, detailsText: String, state: String?
  ) -> String {
    func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
    return "{\"actor\":\(text(actor)),\"attempt\":\(attempt.map(String.init) ?? "null"),\"boot_time\":\(bootTime)"
      + ",\"details\":\(detailsText),\"from\":\(text(from)),\"job\":\(text(job)),\"kind\":\(text(kind))"
      + ",\"sequence\":\(sequence)" + (state.map { ",\"state_sha256\":\(text($0))" } ?? "")
      + ",\"time\":\(text(time)),\"to\":\(text(to))}"
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
    var out: [UInt8] = []
    append(Array(text.utf8), to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// Appends the bytes of a text in quotes.
  static func append(_ text: [UInt8], to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    if text.contains(where: isEscaped) {
      for byte in text {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          out += [UInt8(ascii: "\\"), byte]
        } else if isEscaped(byte) {
          let digits = String(byte, radix: 16)
          out.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
        } else {
          out.append(byte)
        }
      }
    } else {
      out.append(contentsOf: text)
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }
}
