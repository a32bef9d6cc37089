internal import Errors
internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Hashing
internal import Radiomics

/// Rows that are done, kept beside the output until the batch is complete: one JSON object a line, the first of which says
/// which table, profile and engine they belong to.
struct BatchJournal {
  private struct Header: Codable, Equatable {
    var table: String
    var profile: String
    var engine: String
  }

  let path: String
  /// False where the output is a pipe or device: there is nothing to go on with, and no place beside it.
  private let isKept: Bool
  private let header: Header
  private var descriptor: Int32 = -1

  init(output: String, table: BatchTable, profile: ExtractionProfile) {
    path = output + ".journal"
    isKept = !OutputPath.isStream(output)
    header = Header(table: Hashing.sha256(table.bytes), profile: profile.sha256, engine: EngineVersion.current)
  }

  /// Rows of an earlier run; a line that was cut off by a crash does not count.
  ///
  /// - Throws: `E_BATCH_TABLE` where the journal belongs to another table, profile or version.
  func rows() throws -> [BatchRow] {
    guard isKept, let data = try? Data(contentsOf: URL(filePath: path)) else { return [] }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let first = lines.first else { return [] }
    guard let found = try? decoder.decode(Header.self, from: Data(first)), found == header else {
      throw StudyError(
        .batchTable, "the journal is of another table, profile or version", file: path,
        hint: "run without --resume to begin anew")
    }
    return lines.dropFirst().compactMap { try? decoder.decode(BatchRow.self, from: Data($0)) }
  }

  /// Begins the journal with rows that are kept.
  ///
  /// - Throws: `E_IO`.
  mutating func begin(keeping rows: [BatchRow]) throws {
    guard isKept else { return }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure() }
    try append(try JSONEncoder().encode(header))
    for row in rows { try append(row) }
  }

  func append(_ row: BatchRow) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try append(try encoder.encode(row))
  }

  private func append(_ data: Data) throws {
    guard isKept else { return }
    let bytes = Array(data) + [UInt8(ascii: "\n")]
    var written = 0
    while written < bytes.count {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
      if n < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      written += n
    }
  }

  /// The output holds everything now.
  func remove() {
    guard isKept else { return }
    close(descriptor)
    unlink(path)
  }

  private func failure() -> StudyError {
    StudyError(.io, "cannot write the journal: \(String(cString: strerror(errno)))", file: path)
  }
}
