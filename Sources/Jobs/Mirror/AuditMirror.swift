internal import Foundation
internal import GRDB
internal import Glibc

/// A second copy of the record, as lines of JSON beside the database: `events-….jsonl` holds every event as `audit
/// export --json` prints it, `jobs-….jsonl` the rows of the jobs that they changed. The database can be rebuilt from
/// both.
///
/// A line is written after its transaction was committed, and is on disk before anything else is done. Events that were
/// committed and not mirrored, because the process ended between the two, are added at the next start. So a
/// mirror with more events than its database shows that the database is not the one that the daemon left.
struct AuditMirror {
  /// The last mirrored event; 0 for none.
  private(set) var head: Int64
  /// Its hash.
  private(set) var hash: String
  /// Why the last line could not be written; nil where it was.
  private(set) var fault: String?
  private var events: MirrorLog
  private var jobs: MirrorLog

  /// - Throws: `MirrorLog.Failure` when the folder cannot be made.
  init(_ folder: String, fullSize: Int64 = MirrorLog.fullSize) throws(MirrorLog.Failure) {
    if mkdir(folder, 0o700) != 0 {
      if errno != EEXIST { throw MirrorLog.Failure(operation: "mkdir", code: errno) }
    } else {
      let parent = open((folder as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if parent >= 0 {
        fsync(parent)
        close(parent)
      }
    }
    events = MirrorLog(folder, "events", fullSize: fullSize)
    jobs = MirrorLog(folder, "jobs", fullSize: fullSize)
    (head, hash) = Self.head(folder)
  }

  /// Sequence and hash of the last event of a mirror; 0 and the chain's origin where there is none.
  static func head(_ folder: String) -> (sequence: Int64, hash: String) {
    var head: (sequence: Int64, hash: String) = (0, EventChain.origin)
    func take(_ line: Data) -> Bool {
      guard let event = try? JSONDecoder().decode(MirroredEvent.self, from: line) else { return false }
      if event.sequence >= head.sequence { head = (event.sequence, event.hash) }
      return true
    }
    guard let line = MirrorLog.lastLine(folder, "events"), !take(Data(line)) else { return head }
    // The last line is damaged: the others are used.
    try? MirrorLog.forEachLine(folder, "events") { _ = take($0) }
    return head
  }

  /// The last event up to which the mirror has the rows of jobs; 0 where it has none.
  static func jobsHead(_ folder: String) -> Int64 {
    struct Line: Decodable { var sequence: Int64 }
    guard let line = MirrorLog.lastLine(folder, "jobs") else { return 0 }
    return (try? JSONDecoder().decode(Line.self, from: Data(line)))?.sequence ?? 0
  }

  /// Appends what is in the database and not in the mirror.
  mutating func follow(_ database: Database) {
    do {
      while try !followed(database) {}
      fault = nil
    } catch let error as MirrorLog.Failure {
      fault = "\(error.operation): \(String(cString: strerror(error.code)))"
    } catch {
      fault = "the database cannot be read"
    }
  }

  /// Appends a part of what is missing; true when nothing is missing any more.
  private mutating func followed(_ database: Database) throws -> Bool {
    let rows = try Row.fetchAll(
      database, sql: "SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT 500", arguments: [head])
    guard let first = rows.first, let last = rows.last else { return true }
    // Rows before events: a job with a known event can be rebuilt.
    try jobs.append(try Self.lines(rows, database), sequence: first["sequence"])
    try events.append(rows.map { AuditExport.object($0) + "\n" }.joined(), sequence: first["sequence"])
    (head, hash) = (last["sequence"], last["hash"])
    return rows.count < 500
  }

  /// The jobs that these events changed, as they are now.
  private static func lines(_ events: [Row], _ database: Database) throws -> String {
    var text = ""
    var written: Set<String> = []
    for event in events {
      guard let id: String = event["job"], written.insert(id).inserted else { continue }
      let sequence: Int64 = events.last?["sequence"] ?? 0
      guard let job = try Row.fetchOne(database, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id]) else {
        text += "{\"sequence\":\(sequence),\"withdrawn\":\(JSONText.string(id))}\n"
        continue
      }
      func rows(_ sql: String) throws -> [Row] { try Row.fetchAll(database, sql: sql, arguments: [id]) }
      text += "{\"sequence\":\(sequence),\"job\":\(MirroredRow.json(job))"
      text += ",\"attempts\":" + MirroredRow.json(try rows("SELECT * FROM attempts WHERE job = ? ORDER BY number"))
      if let result = try rows("SELECT * FROM results WHERE job = ?").first {
        text += ",\"result\":" + MirroredRow.json(result)
      }
      // The files are many and change only when the study is copied.
      let kinds = events.filter { ($0["job"] as String?) == id }.map { $0["kind"] as String }
      if !Set(kinds).isDisjoint(with: ["ADMITTED", "COPY_RECOVERED", "RECOVERED"]) {
        text += ",\"inputs\":" + MirroredRow.json(try rows("SELECT * FROM inputs WHERE job = ? ORDER BY rowid"))
      }
      text += "}\n"
    }
    return text
  }

  mutating func finish() {
    events.finish()
    jobs.finish()
  }
}
