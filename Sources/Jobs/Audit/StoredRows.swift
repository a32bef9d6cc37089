internal import GRDB
internal import GRDBSQLite

/// Rows exactly as SQLite stores them, one after the other, as bytes for digests. GRDB's own rows turn texts into Swift
/// strings, which end at a zero byte and repair invalid UTF-8; a digest must detect such a change.
///
/// The bytes of a row: for each column that is not null, in the table's order, its name, `=`, a letter for the type
/// (`i` integer, `r` real, `t` text, `b` bytes), the number of bytes, `:`, the bytes, `;`. An integer is written in
/// decimal digits, a real as the 16 hexadecimal digits of its IEEE 754 bits. A null column leaves nothing: a column
/// that a later version adds does not change the digests of older rows.
///
/// The only file of this module that uses SQLite's own interface.
final class StoredRows {
  private let statement: Statement
  private let database: Database
  private let names: [[UInt8]]
  /// False before the first row and after the last.
  private(set) var hasRow = false

  /// - Parameter isCached: take the statement from the connection's cache; then no other one of the same text may be
  ///   in use.
  init(_ database: Database, _ sql: String, _ arguments: StatementArguments = [], isCached: Bool = false) throws {
    self.database = database
    statement = try isCached ? database.cachedStatement(sql: sql) : database.makeStatement(sql: sql)
    try statement.setArguments(arguments)
    names = statement.columnNames.map { Array($0.utf8) + [UInt8(ascii: "=")] }
  }

  deinit { sqlite3_reset(statement.sqliteStatement) }

  /// Goes to the next row; false where there is none.
  @discardableResult
  func next() throws -> Bool {
    let code = sqlite3_step(statement.sqliteStatement)
    hasRow = code == SQLITE_ROW
    if hasRow { return true }
    sqlite3_reset(statement.sqliteStatement)
    guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: statement.sql) }
    return false
  }

  /// Appends the row's bytes, in braces after a word that names its table.
  func append(_ word: StaticString, to bytes: inout [UInt8]) {
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "{"))
    let row = statement.sqliteStatement
    for index in names.indices {
      let column = CInt(index)
      switch sqlite3_column_type(row, column) {
      case SQLITE_INTEGER: put("i", Array(String(sqlite3_column_int64(row, column)).utf8), index, &bytes)
      case SQLITE_FLOAT:
        let digits = String(sqlite3_column_double(row, column).bitPattern, radix: 16)
        put("r", Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8), index, &bytes)
      case SQLITE_TEXT: withBytes(column) { put("t", $0, index, &bytes) }
      case SQLITE_BLOB: withBytes(column) { put("b", $0, index, &bytes) }
      default: break
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func put(_ type: Unicode.Scalar, _ value: some Collection<UInt8>, _ index: Int, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: names[index])
    bytes.append(UInt8(ascii: type))
    bytes.append(contentsOf: String(value.count).utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: value)
    bytes.append(UInt8(ascii: ";"))
  }

  private func withBytes<Value>(_ column: CInt, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    // In this order: the first call converts the value to bytes, the second counts them.
    let start = sqlite3_column_blob(statement.sqliteStatement, column)
    let count = sqlite3_column_bytes(statement.sqliteStatement, column)
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
  }

  func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement.sqliteStatement, CInt(column)) == SQLITE_NULL }

  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement.sqliteStatement, CInt(column)) }

  /// The bytes of a text or blob column.
  func bytes(_ column: Int) -> [UInt8] { withBytes(CInt(column)) { Array($0) } }

  /// A text column, for display; invalid UTF-8 in it is replaced.
  func text(_ column: Int) -> String { withBytes(CInt(column)) { String(decoding: $0, as: UTF8.self) } }

  /// Whether the first column comes before a key in the order of bytes (-1), is equal (0), or comes after it (1).
  func order(to key: [UInt8]) -> Int {
    withBytes(0) { own in
      if own.lexicographicallyPrecedes(key) { return -1 }
      return own.count == key.count && own.elementsEqual(key) ? 0 : 1
    }
  }
}
