internal import Documents
internal import Errors
internal import FoundationEssentials
internal import Glibc

/// A file of features to predict from: JSON as `extract` prints it (`{"features": {…}, "diagnostics": {…}}`), a flat
/// JSON object or an array of either; or CSV with a header, as `features.csv` or PyRadiomics' batch table.
public struct FeatureFile: Sendable, Equatable {
  public private(set) var records: [FeatureRecord]
  /// What a user should know of how the file was read.
  public private(set) var notes: [String]

  static let sizeLimit = 256 << 20

  /// - Parameter path: of the file, or `-` for the standard input.
  /// - Throws: `notFound`, `io`, or `featureTable` naming what is malformed and where.
  public init(contentsOf path: String) throws {
    try self.init(bytes: Self.read(path), file: path)
  }

  /// - Parameter file: the name for messages.
  public init(bytes raw: [UInt8], file: String? = nil) throws {
    let text = try TableText(raw, file: file)
    let bytes = text.bytes
    notes = text.note.map { [$0] } ?? []
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    switch bytes.first(where: { !blanks.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): records = try Self.jsonRecords(bytes, file: file)
    default: records = try Self.csvRecords(bytes, file: file)
    }
  }

  /// Gives columns that differ from a name in spelling only (capitals, points for lines, blanks) that name, where one
  /// column fits and no other, and says so in `notes`.
  public mutating func spell(as names: [String]) {
    guard let columns = records.first.map({ Array($0.cells.keys) }) else { return }
    let other = FeatureName.otherSpellings(of: names, in: columns)
    guard let example = other.min(by: { $0.key < $1.key }) else { return }
    notes.append(
      "\(other.count) column\(other.count == 1 ? " is" : "s are") spelt otherwise and taken for the model's: "
        + "\(example.value) for \(example.key)\(other.count > 1 ? ", …" : "")")
    records = records.map { record in
      var cells = record.cells
      for (name, column) in other where cells[name] == nil { cells[name] = cells.removeValue(forKey: column) }
      return FeatureRecord(row: record.row, cells: cells, file: record.file)
    }
  }

  private static func csvRecords(_ bytes: [UInt8], file: String?) throws -> [FeatureRecord] {
    let rows = try CSVParser.rows(bytes, file: file)
    guard let header = rows.first?.cells else { throw fault("is empty", file) }
    if header.count == 1, header[0].contains(where: { $0 == ";" || $0 == "\t" }) {
      throw fault("separates its columns by \(header[0].contains(";") ? "semicolons" : "tabs")", file)
    }
    var columns: Set<String> = []
    for (index, name) in header.enumerated() where !name.isEmpty {
      guard columns.insert(name).inserted else {
        throw fault("has a second column \(name) (column \(index + 1))", file)
      }
    }
    guard rows.count > 1 else { throw fault("has a header and no row", file) }
    return try rows.dropFirst().enumerated().map { index, row in
      guard row.cells.count == header.count else {
        throw fault(
          "has \(row.cells.count) cells in row \(index + 2) (line \(row.line)), but \(header.count) columns", file)
      }
      var cells: [String: FeatureCell] = [:]
      for (name, text) in zip(header, row.cells) { cells[name] = FeatureCell(csv: text) }
      return FeatureRecord(row: index + 2, cells: cells, file: file)
    }
  }

  private static func jsonRecords(_ bytes: [UInt8], file: String?) throws -> [FeatureRecord] {
    let decoder = JSONDecoder()
    // Python writes NaN and Infinity, which JSON proper does not know.
    decoder.allowsJSON5 = true
    let root: JSONFeatureNode
    do {
      root = try decoder.decode(JSONFeatureNode.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw fault("is not valid JSON: \(error.place)", file)
    }
    switch root {
    case .object(let members): return [FeatureRecord(row: nil, cells: cells(of: members), file: file)]
    case .array(let elements):
      guard !elements.isEmpty else { throw fault("is an empty array", file) }
      return try elements.enumerated().map { index, element in
        guard case .object(let members) = element else { throw fault("holds no object at element \(index)", file) }
        return FeatureRecord(row: index + 1, cells: cells(of: members), file: file)
      }
    case .cell: throw fault("is not a JSON object", file)
    }
  }

  /// Members of the object itself, of its `features` and of its `diagnostics`; a number that JSON could not hold as its
  /// `nonFinite` says.
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
        if case .cell(.text(let text)) = node { out[name] = FeatureCell(csv: text) }
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
  case cell(FeatureCell)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .cell(.missing)
    } else if let number = try? value.decode(Double.self) {
      self = .cell(number.isNaN ? .missing : .number(number))
    } else if let text = try? value.decode(String.self) {
      self = .cell(.text(text))
    } else if let truth = try? value.decode(Bool.self) {
      self = .cell(.text(String(truth)))
    } else if let members = try? value.decode([String: JSONFeatureNode].self) {
      self = .object(members)
    } else {
      self = .array(try value.decode([JSONFeatureNode].self))
    }
  }

  var cell: FeatureCell {
    switch self {
    case .cell(let cell): return cell
    case .object: return .text("{…}")
    case .array(let elements):
      let numbers = elements.compactMap { element -> Double? in
        if case .cell(.number(let number)) = element { number } else { nil }
      }
      return numbers.count == elements.count && !numbers.isEmpty ? .tuple(numbers) : .text("[…]")
    }
  }
}
