internal import GRDB

/// The tables, triggers, indices and views that this version's migrations make, for comparison with those of a database.
enum SchemaObjects {
  /// How a database differs from the migrations' result: one sentence per object; empty where it does not.
  static func differences(in database: Database) throws -> [String] {
    let wanted = try expected.get()
    let found = try read(database)
    var messages: [String] = []
    for (name, text) in wanted.objects.sorted(by: { $0.key < $1.key }) where found.objects[name] != text {
      messages.append("the \(name) \(found.objects[name] == nil ? "is not there" : "was changed")")
    }
    for name in found.objects.keys.sorted() where wanted.objects[name] == nil {
      messages.append("the \(name) is none of radiomicsd's")
    }
    if found.migrations != wanted.migrations { messages.append("the list of migrations is another one") }
    return messages
  }

  private struct Contents {
    /// Type and name, with the table and the statement without unnecessary white space.
    var objects: [String: String] = [:]
    var migrations: [String] = []
  }

  private static let expected = Result {
    try DatabaseQueue().write { database in
      try Schema.migrate(database)
      return try read(database)
    }
  }

  private static func read(_ database: Database) throws -> Contents {
    var contents = Contents()
    for row in try Row.fetchAll(database, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master") {
      let statement = (row["sql"] as String?).map(normalised) ?? "automatic"
      contents.objects["\(row["type"] as String) \(row["name"] as String)"] =
        "\(row["tbl_name"] as String): \(statement)"
    }
    if contents.objects["table grdb_migrations"] != nil {
      contents.migrations = try String.fetchAll(
        database, sql: "SELECT hex(CAST(identifier AS BLOB)) FROM grdb_migrations ORDER BY rowid")
    }
    return contents
  }

  /// One space for any white space, and none beside brackets and commas: the result of `ALTER TABLE` differs there.
  private static func normalised(_ sql: String) -> String {
    var out: [UInt8] = []
    let tight: Set<UInt8> = [UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";")]
    var isSpace = false
    for byte in sql.utf8 {
      if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
        isSpace = true
        continue
      }
      if isSpace, let last = out.last, !tight.contains(last), !tight.contains(byte) { out.append(0x20) }
      isSpace = false
      out.append(byte)
    }
    return String(decoding: out, as: UTF8.self)
  }
}
