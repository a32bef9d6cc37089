internal import Documents
internal import Errors
internal import FoundationEssentials
internal import Glibc

/// A file of features for prediction: JSON as `extract` prints it (`{"features": {…}, "diagnostics": {…}}`), a flat
/// JSON object or an array of either; or CSV with a header, as `features.csv` or PyRadiomics' batch table.
package struct FeatureFile: Sendable, Equatable {
  package private(set) var records: [FeatureRecord]
  /// Notes for the user on how the file was read.
  package private(set) var notes: [String]

  static let sizeLimit = 256 << 20

  /// - Parameter path: of the file, or `-` for the standard input.
  /// - Throws: `notFound`, `io`, or `featureTable` naming what is malformed and where.
  package init(contentsOf path: String) throws {
    try self.init(bytes: Self.read(path), file: path)
  }

  /// - Parameter file: the name for messages.
  package init(bytes raw: [UInt8], file: String? = nil) throws {
    let text = try TableText(raw, file: file)
    let bytes = text.bytes
    notes = text.note.map { [$0] } ?? []
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    switch bytes.first(where: { !blanks.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): records = try Self.jsonRecords(bytes, file: file)
    default: records = try Self.csvRecords(bytes, file: file)
    }
  }

  /// Renames columns that differ from a name only in spelling (case, points for underscores, blanks) to that name,
  /// where exactly one column fits, and states it in `notes`.
  package mutating func spell(as names: [String]) {
    guard let columns = records.first.map({ Array($0.cells.keys) }) else { return }
    let other = FeatureName.otherSpellings(of: names, in: columns)
    guard let example = other.min(by: { $0.key < $1.key }) else { return }
    notes.append(
      "\(other.count) column\(other.count == 1 ? " is" : "s are") spelt otherwise and taken for the model's: "
        + "\(example.value) for \(example.key)\(other.count > 1 ? ", …" : "")")
    records = records.map { record in
      var cells = record.cells
      for (name, column) in other where cells[name] == nil { cells[name] = cells.removeValue(forKey: column) }
      return FeatureRecord(
        row: record.row, cells: cells, file: record.file, study: record.study, profile: record.profile)
    }
  }

  /// Refuses a table that has no column for a name; an empty cell in an existing column concerns only its case.
  ///
  /// - Throws: `featureTable` naming the column, and the most similar one.
  package func requireColumns(_ names: [String]) throws {
    let present = records.reduce(into: Set<String>()) { $0.formUnion($1.cells.keys) }
    let absent = names.filter { !present.contains($0) }
    guard let first = absent.first else { return }
    let near = FeatureName.nearest(to: first, in: present.sorted())
    throw StudyError(
      .featureTable,
      "the table lacks the column \(first)" + (absent.count > 1 ? " and \(absent.count - 1) more of the model's" : ""),
      file: records.first?.file,
      hint: (near.map { "did you mean \($0)? " } ?? "") + "extract with the profile that the model belongs to")
  }

  private static func csvRecords(_ bytes: [UInt8], file: String?) throws -> [FeatureRecord] {
    let separator = TableSeparator(of: bytes)
    let rows = try CSVParser.rows(bytes, file: file, separator: separator)
    guard let header = rows.first?.cells.map({ String($0.trimmingASCIISpaces) }) else { throw fault("is empty", file) }
    var columns: Set<String> = []
    for (index, name) in header.enumerated() where !name.isEmpty {
      guard columns.insert(name).inserted else {
        throw fault("has a second column \(name) (column \(index + 1))", file)
      }
    }
    guard rows.count > 1 else { throw fault("has a header and no row", file) }
    let identity = CaseColumn.index(in: header)
    let profile = header.firstIndex(of: FeatureRecord.profileColumn)
    return try rows.dropFirst().enumerated().map { index, row in
      guard row.cells.count == header.count else {
        throw fault(
          "has \(row.cells.count) cells in row \(index + 2) (line \(row.line)), but \(header.count) columns", file)
      }
      var cells: [String: FeatureCell] = [:]
      for (name, text) in zip(header, row.cells) {
        cells[name] = FeatureCell(csv: text, allowsDecimalComma: separator.allowsDecimalComma)
      }
      return FeatureRecord(
        row: index + 2, cells: cells, file: file, study: FeatureRecord.name(identity.map { row.cells[$0] }),
        profile: FeatureRecord.name(profile.map { row.cells[$0] }))
    }
  }

  private static func jsonRecords(_ bytes: [UInt8], file: String?) throws -> [FeatureRecord] {
    let decoder = JSONDecoder()
    // Python writes NaN and Infinity, which standard JSON does not have.
    decoder.allowsJSON5 = true
    let root: JSONFeatureNode
    do {
      root = try decoder.decode(JSONFeatureNode.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw fault("is not valid JSON: \(error.place)", file)
    }
    switch root {
    case .object(let members): return [record(of: members, row: nil, file: file)]
    case .array(let elements):
      guard !elements.isEmpty else { throw fault("is an empty array", file) }
      return try elements.enumerated().map { index, element in
        guard case .object(let members) = element else { throw fault("holds no object at element \(index)", file) }
        return record(of: members, row: index + 1, file: file)
      }
    case .cell: throw fault("is not a JSON object", file)
    }
  }

  private static func record(of members: [String: JSONFeatureNode], row: Int?, file: String?) -> FeatureRecord {
    let names = members.keys.sorted()
    let study = CaseColumn.index(in: names).flatMap { members[names[$0]]?.text }
    var profile = members[FeatureRecord.profileColumn]?.text
    if profile == nil, case .object(let inner) = members["profile"] { profile = inner["sha256"]?.text }
    return FeatureRecord(
      row: row, cells: cells(of: members), file: file, study: FeatureRecord.name(study),
      profile: FeatureRecord.name(profile))
  }

  /// Members of the object itself, of its `features` and of its `diagnostics`; a number that JSON cannot represent is
  /// taken from `nonFinite`.
  private static func cells(of members: [String: JSONFeatureNode]) -> [String: FeatureCell] {
    var out: [String: FeatureCell] = [:]
    for (name, node) in members {
      if name == "features" || name == "diagnostics", case .object(let inner) = node {
        for (name, node) in inner { out[name] = node.cell }
      } else {
        out[name] = node.cell
      }
    }
    if case .object(let nonFinite) = members["nonFinite"] {
      out["nonFinite"] = nil
      for (name, node) in nonFinite where out[name] == .missing {
        if case .cell(.text(let text), _) = node { out[name] = FeatureCell(csv: text) }
      }
    }
    return out
  }

  private static func read(_ path: String) throws -> [UInt8] {
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StudyError(
        errno == ENOENT ? .notFound : .io, "the feature table cannot be opened: \(String(cString: strerror(errno)))",
        file: path, hint: "give the features.csv or features.json that extract or process wrote")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = Glibc.read(descriptor, &chunk, chunk.count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw StudyError(.io, "the feature table cannot be read: \(String(cString: strerror(errno)))", file: path)
      }
      if got == 0 { return bytes }
      bytes.append(contentsOf: chunk[0..<got])
      guard bytes.count <= sizeLimit else { throw fault("has more than \(sizeLimit) bytes", path) }
    }
  }

  private static func fault(_ message: String, _ file: String?) -> StudyError {
    StudyError(
      .featureTable, "the feature table \(message)", file: file,
      hint: "give JSON as extract prints it, or comma-separated values with a header row")
  }
}

/// JSON of any shape, as far as a feature table can use it.
private indirect enum JSONFeatureNode: Decodable {
  case object([String: JSONFeatureNode])
  case array([JSONFeatureNode])
  /// A value, and the digits of an integer.
  case cell(FeatureCell, String?)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .cell(.missing, nil)
    } else if let number = try? value.decode(Double.self) {
      let digits =
        number.magnitude < 9e15 || number.isNaN
        ? nil
        : (try? value.decode(Int64.self)).map { String($0) } ?? (try? value.decode(UInt64.self)).map { String($0) }
      self = .cell(number.isNaN ? .missing : .number(number), digits)
    } else if let text = try? value.decode(String.self) {
      self = .cell(.text(text), nil)
    } else if let truth = try? value.decode(Bool.self) {
      self = .cell(.text(String(truth)), nil)
    } else if let members = try? value.decode([String: JSONFeatureNode].self) {
      self = .object(members)
    } else {
      self = .array(try value.decode([JSONFeatureNode].self))
    }
  }

  /// A text, or an integer as it is written; nil for anything else.
  var text: String? {
    switch self {
    case .cell(.text(let text), _): text
    case .cell(.number(let number), let digits):
      digits ?? (number == number.rounded() && number.magnitude < 9e15 ? String(Int64(number)) : String(number))
    default: nil
    }
  }

  var cell: FeatureCell {
    switch self {
    case .cell(let cell, _): return cell
    case .object: return .text("{…}")
    case .array(let elements):
      let numbers = elements.compactMap { element -> Double? in
        if case .cell(.number(let number), _) = element { number } else { nil }
      }
      return numbers.count == elements.count && !numbers.isEmpty ? .tuple(numbers) : .text("[…]")
    }
  }
}
