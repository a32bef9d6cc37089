internal import Report

/// A batch's result as a table or document: one row a case, in the table's order.
enum BatchOutput {
  /// Columns that say what became of a case; empty where it succeeded.
  static let outcomeColumns = ["radiomicsd_code", "radiomicsd_message"]

  /// Feature names of all rows, each where it was first seen.
  private static func names(_ rows: [BatchRow]) -> [String] {
    var seen: Set<String> = []
    return rows.flatMap { $0.columns.map(\.name) }.filter { seen.insert($0).inserted }
  }

  /// Columns that say where a case's maps are and how many: empty where it failed.
  static let mapColumns = ["radiomicsd_folder", "radiomicsd_maps", "radiomicsd_voxels"]

  /// All columns but the table's own.
  static func columns(_ rows: [BatchRow], _ content: Batch.Content) -> [String] {
    outcomeColumns + (content == .maps ? mapColumns : names(rows))
  }

  /// The table's own columns, the two of the outcome, then one a feature or those of the maps.
  static func csv(_ table: BatchTable, _ rows: [BatchRow], _ content: Batch.Content) -> [UInt8] {
    if content == .maps {
      var lines = [CSVLine.text(table.columns + outcomeColumns + mapColumns)]
      for (item, row) in zip(table.cases, rows) {
        let maps = row.maps.map { [$0.folder, "\($0.count)", "\($0.voxels)"] } ?? ["", "", ""]
        lines.append(CSVLine.text(item.cells + [row.code ?? "", row.message ?? ""] + maps))
      }
      return Array(lines.joined().utf8)
    }
    let names = names(rows)
    var lines = [CSVLine.text(table.columns + outcomeColumns + names)]
    for (item, row) in zip(table.cases, rows) {
      let values = Dictionary(row.columns.map { ($0.name, $0.value) }) { first, _ in first }
      lines.append(
        CSVLine.text(
          item.cells + [row.code ?? "", row.message ?? ""], numbers: names.map { (values[$0] ?? nil) ?? .nan }))
    }
    return Array(lines.joined().utf8)
  }

  /// An array of objects: the table's cells under `case`, then `features`, `maps` or `error`.
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
      return [
        "case": cells,
        "features": .object(JSONObject(row.columns.map { JSONObject.Member($0.name, JSONValue($0.value)) })),
      ]
    }
    return JSONValue.array(items).fileBytes()
  }
}
