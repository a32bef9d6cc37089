internal import Documents

/// A batch's result as a table or document: one row per case, in the table's order.
enum BatchOutput {
  /// The outcome of a case: empty where it succeeded.
  static let codeColumn = "radiomicsd_code"
  static let messageColumn = "radiomicsd_message"

  /// Feature names of all rows, each where it was first seen.
  private static func names(_ rows: [BatchRow]) -> [String] {
    var seen: Set<String> = []
    return rows.flatMap { $0.columns.map(\.name) }.filter { seen.insert($0).inserted }
  }

  /// A case of the table and its outcome.
  private struct Entry {
    let cells: [String]
    let row: BatchRow
    let values: [String: Double]

    init(_ item: BatchTable.Case, _ row: BatchRow) {
      cells = item.cells
      self.row = row
      values = Dictionary(row.columns.map { ($0.name, $0.value) }) { first, _ in first }
    }
  }

  /// The two columns of the outcome, then one per feature or those of the maps.
  private static func added(_ rows: [BatchRow], _ content: Batch.Content) -> [Column<Entry>] {
    let outcome = [Column<Entry>(codeColumn) { $0.row.code }, Column(messageColumn) { $0.row.message }]
    switch content {
    case .features: return outcome + names(rows).map { name in Column(name) { $0.values[name] } }
    case .maps:
      return outcome + [
        Column("radiomicsd_folder") { $0.row.maps?.folder }, Column("radiomicsd_maps") { $0.row.maps?.count },
        Column("radiomicsd_voxels") { $0.row.maps?.voxels },
      ]
    }
  }

  /// Names of all columns except the table's own.
  static func columns(_ rows: [BatchRow], _ content: Batch.Content) -> [String] { added(rows, content).map(\.name) }

  /// The table's own columns, then those that the batch adds.
  static func csv(_ table: BatchTable, _ rows: [BatchRow], _ content: Batch.Content) -> [UInt8] {
    let own = table.columns.enumerated().map { index, name in Column<Entry>(name) { $0.cells[index] } }
    return Table(own + added(rows, content)).csvBytes(zip(table.cases, rows).map(Entry.init))
  }

  /// An array of objects: the table's cells under `case`, then `features` (with `nonFinite`), `maps` or `error`.
  static func json(_ table: BatchTable, _ rows: [BatchRow]) -> [UInt8] {
    let items = zip(table.cases, rows).map { item, row -> JSONValue in
      let cells = JSONValue.object(
        JSONObject(zip(table.columns, item.cells).map { JSONObject.Member($0, .string($1)) }))
      if let code = row.code {
        return ["case": cells, "error": ["code": .string(code), "message": JSONValue(row.message)]]
      }
      if let maps = row.maps {
        return [
          "case": cells,
          "maps": ["folder": .string(maps.folder), "count": .integer(maps.count), "voxels": .integer(maps.voxels)],
        ]
      }
      let values = row.columns.map { (name: $0.name, value: $0.value) }
      var object: JSONObject = ["case": cells, "features": .object(JSONObject(numbers: values))]
      object.append(JSONObject.nonFiniteName, ifPresent: JSONObject.nonFinite(values))
      return .object(object)
    }
    return JSONValue.array(items).fileBytes()
  }
}
