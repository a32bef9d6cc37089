internal import Foundation
internal import GRDB
internal import Hashing

/// A row of a table as JSON: columns by name, bytes as `{"hex": "…"}`. Columns unknown to another version are left out.
struct MirroredRow: Decodable {
  enum Value: Decodable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    private enum Key: CodingKey { case hex }

    init(from decoder: any Decoder) throws {
      if let keyed = try? decoder.container(keyedBy: Key.self) {
        let digits = Array(try keyed.decode(String.self, forKey: .hex).utf8)
        let values = digits.map { Int32($0) }.map { $0 >= 0x61 ? $0 - 0x57 : $0 - 0x30 }
        guard digits.count % 2 == 0, values.allSatisfy({ (0..<16).contains($0) }) else {
          throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no hexadecimal"))
        }
        self = .bytes(stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) })
        return
      }
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let integer = try? value.decode(Int64.self) {
        self = .integer(integer)
      } else if let real = try? value.decode(Double.self) {
        self = .real(real)
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    var stored: DatabaseValue {
      switch self {
      case .null: .null
      case .integer(let value): value.databaseValue
      case .real(let value): value.databaseValue
      case .text(let value): value.databaseValue
      case .bytes(let value): Data(value).databaseValue
      }
    }
  }

  var values: [String: Value]

  init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: Value].self)
  }

  func text(_ column: String) -> String? {
    if case .text(let text)? = values[column] { return text }
    return nil
  }

  /// Inserts or replaces the row in a table by its key; columns that the table does not have are left out.
  func insert(into table: String, columns: Set<String>, in database: Database) throws {
    let known = values.filter { columns.contains($0.key) }.sorted { $0.key < $1.key }
    let names = known.map { "\"\($0.key)\"" }.joined(separator: ", ")
    let places = known.map { _ in "?" }.joined(separator: ", ")
    try database.execute(
      sql: "INSERT OR REPLACE INTO \(table) (\(names)) VALUES (\(places))",
      arguments: StatementArguments(known.map { $0.value.stored }))
  }

  static func json(_ row: Row) -> String {
    let members = row.map { column, value -> String in
      let text: String =
        switch value.storage {
        case .null: "null"
        case .int64(let number): String(number)
        case .double(let number): number.isFinite ? String(number) : "null"
        case .string(let text): JSONText.string(text)
        case .blob(let data): "{\"hex\":\"" + data.map(digits).joined() + "\"}"
        }
      return "\(JSONText.string(column)):\(text)"
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  static func json(_ rows: [Row]) -> String { "[" + rows.map(json).joined(separator: ",") + "]" }

  private static func digits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// One line of the mirror of jobs.
struct MirroredJob: Decodable {
  /// The last event when the line was written.
  var sequence: Int64
  var job: MirroredRow?
  var attempts: [MirroredRow]?
  var inputs: [MirroredRow]?
  var result: MirroredRow?
  /// A claim that took nothing: the job no longer exists.
  var withdrawn: String?
}

/// One line of the mirror of events.
struct MirroredEvent: Decodable {
  var sequence: Int64
  var time: String
  var bootTime: Int64
  var job: String?
  var kind: String
  var from: String?
  var to: String?
  var attempt: Int?
  var actor: String
  var details: [String: String]
  var previousHash: String
  var hash: String
  var stateHash: String?

  func insert(in database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO events (sequence, time, boot_time, job, kind, from_state, to_state, attempt, actor,
          details, previous_hash, hash, state_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        sequence, time, bootTime, job, kind, from, to, attempt, actor, JSONText.object(details), previousHash, hash,
        stateHash,
      ])
  }
}

extension MirroredEvent {
  /// The hash of the line's content.
  var ownHash: String {
    sha256(
      previousHash
        + EventChain.canonical(
          sequence: sequence, time: time, bootTime: bootTime, job: job, kind: kind, from: from, to: to,
          attempt: attempt, actor: actor, detailsText: JSONText.object(details), state: stateHash))
  }
}
