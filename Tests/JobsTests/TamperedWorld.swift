import Foundation
import Jobs
import Testing

/// A database with rows in every table, with its mirror and anchors: three jobs of the version before, which are sealed,
/// and three of this one. Tampering is done to a copy.
final class TamperedWorld {
  let folder: String
  var path: String { folder + "/jobs.sqlite" }
  var mirror: String { folder + "/audit" }
  let anchors: [ChainAnchor]
  private let copy: String
  private let triggers: (drop: String, make: String)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tampered-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    copy = folder + "/copy.sqlite"
    try EarlierDatabase.make(folder + "/jobs.sqlite")
    let store = try JobStore.writer(folder + "/jobs.sqlite")
    try store.mirror(to: folder + "/audit")
    try store.setValue("one", "1")
    try store.setValue("two", "2")
    for number in 0..<3 { try Self.work(store, number) }
    anchors = [try store.anchor()]
    try store.note(.witnessed, details: store.witnesses(anchored: anchors[0].sequence))
    try store.close()
    let drop = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger';"
    let make = "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger';"
    triggers = (
      try Shell.sqlite(folder + "/jobs.sqlite", drop).output, try Shell.sqlite(folder + "/jobs.sqlite", make).output
    )
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A job in which every column has a value, two runs, three files and a result.
  private static func work(_ store: JobStore, _ number: Int) throws {
    var job = Job(id: .new(), study: "study \(number)", studyBytes: Array("study \(number)".utf8))
    job.listing = "listing \(number)"
    job = try store.insert(job)
    let inputs = (0..<3).map {
      InputFile(path: "\(number)/\($0)", sha256: "\(number)\($0)", bytes: Int64(10 * number + $0))
    }
    job = try store.move(job, to: .queued, Change(.admitted, inputs: inputs)) {
      $0.inputFiles = 3
      $0.inputBytes = Int64(number)
      $0.entryBytes = Array("urgent/study \(number)".utf8)
      $0.isUrgent = number == 1
      $0.memory = 100 + number
    }
    for run in 1...2 {
      var attempt = Attempt(job: job.id, number: run)
      job = try store.move(job, to: .running, Change(.started, attempt: attempt)) {
        $0.attempt = run
        $0.charges = run
        $0.started = .now
      }
      attempt.ended = .now
      attempt.outcome = "run \(number) \(run)"
      attempt.exitCode = Int32(number)
      attempt.signal = Int32(run)
      attempt.wallSeconds = Double(number) + 0.1 * Double(run)
      attempt.cpuSeconds = Double(number) + 0.2 * Double(run)
      attempt.peakKilobytes = 1000 * number + run
      attempt.charged = run == 1
      if run == 1 {
        job = try store.move(job, to: .retryWait, Change(.retrying, attempt: attempt)) { $0.interruptions = number }
        job = try store.move(job, to: .queued, Change(.requeued))
      } else {
        job = try store.move(job, to: .publishing, Change(.computed, attempt: attempt, result: result(number))) {
          $0.outcome = .done
          $0.error = JobError(
            code: "E_\(number)", message: "m \(number)", hint: "h \(number)", details: ["k": "\(number)"])
        }
      }
    }
    job = try store.move(job, to: .done, Change(.published)) {
      $0.publishedAs = "study-\(number)"
      $0.originalAt = "done/study-\(number)"
      $0.choices = JobChoices(series: "1.2.\(number)")
      $0.answer = "answer \(number)"
      $0.forced = Forced(by: "user:a", reason: "reason \(number)")
      $0.retryOf = .new()
      $0.duplicateOf = .new()
      $0.supersedes = .new()
      $0.inputDigest = nil
    }
    for _ in 0..<number { job = try store.amend(job, Change(.swept, actor: "user:\(number)")) { $0.swept = true } }
  }

  private static func result(_ number: Int) -> ResultRecord {
    var result = ResultRecord(manifestSHA256: "manifest \(number)")
    result.probability = 0.1 * Double(number + 1)
    result.positive = number == 1
    result.threshold = 0.5 + Double(number)
    result.label = "label \(number)"
    result.modelName = "model \(number)"
    result.modelVersion = "\(number)"
    result.modelSHA256 = "m\(number)"
    result.demonstration = number == 1
    result.profileName = "profile \(number)"
    result.profileSHA256 = "p\(number)"
    result.featureCount = number
    result.featuresSHA256 = "f\(number)"
    result.warnings = ["w\(number)"]
    result.facts = ["fact": "\(number)"]
    return result
  }

  // MARK: The schema

  struct Column {
    var table: String
    var name: String
    var type: String
    var isNullable: Bool
    /// SQL for another value than any that the column has.
    var other: String {
      switch type {
      case "INTEGER": "(SELECT coalesce(max(\"\(name)\"), 0) + 1 FROM \(table))"
      case "REAL": "(SELECT coalesce(max(\"\(name)\"), 0.0) + 0.125 FROM \(table))"
      case "BLOB": "CAST(coalesce(\"\(name)\", x'') || 'x' AS BLOB)"
      default: "coalesce(\"\(name)\", '') || 'x'"
      }
    }
    /// The same for a change of all rows whose values stay different.
    var otherEverywhere: String { type == "INTEGER" ? "coalesce(\"\(name)\", 0) + 1000" : other }
  }

  func tables() throws -> [String] {
    try Shell.lines(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
  }

  /// From the schema itself: a new column is covered as soon as it exists.
  func columns(_ table: String) throws -> [Column] {
    try Shell.lines(path, "SELECT name, type, \"notnull\" FROM pragma_table_info('\(table)') ORDER BY cid").map {
      let parts = $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Column(table: table, name: parts[0], type: parts[1], isNullable: parts[2] == "0")
    }
  }

  func rows(_ table: String) throws -> [Int] {
    try Shell.lines(path, "SELECT rowid FROM \(table) ORDER BY rowid").compactMap { Int($0) }
  }

  // MARK: Tampering

  /// Runs statements on a copy, with the triggers removed and restored afterwards, unless they are what
  /// is tampered with; then verifies it.
  func faults(after sql: String, keepsTriggers: Bool = true, before verify: String = "") throws -> [ChainFault] {
    do {
      return try verified(after: sql, keepsTriggers: keepsTriggers, before: verify)
    } catch let refusal as Refusal {
      Issue.record("\(sql): \(refusal.output)")
      return []
    }
  }

  /// SQLite prevents it.
  private struct Refusal: Error { var output: String }

  private func verified(after sql: String, keepsTriggers: Bool = true, before verify: String) throws -> [ChainFault] {
    Shell.remove(copy)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    defer { Shell.remove(copy) }
    let script = keepsTriggers ? triggers.drop + sql + ";\n" + verify + triggers.make : sql
    let (status, output) = try Shell.sqlite(copy, script)
    if status != 0 { throw Refusal(output: output) }
    let store = try JobStore.reader(copy)
    defer { try? store.close() }
    return try store.verifyChain(own: anchors, mirror: mirror).faults
  }

  /// All changes of single values and rows that are not found, in words.
  ///
  /// - Parameter blind: SQL that runs on the copy before it is verified: it restores what a verifier does not check.
  func undetected(_ tables: [String], blind: String = "") throws -> [String] {
    var missed: [String] = []
    func attempt(_ what: String, _ sql: String) throws {
      if try faults(after: sql, before: blind).isEmpty { missed.append(what) }
    }
    for table in tables {
      let columns = try columns(table)
      let rows = try rows(table)
      let (first, last) = (try #require(rows.first), try #require(rows.last))
      for column in columns {
        let name = "\(table).\(column.name)"
        for row in Set([first, last]) {
          try attempt("\(name) set", "UPDATE \(table) SET \"\(column.name)\" = \(column.other) WHERE rowid = \(row)")
        }
        try attempt("\(name) set everywhere", "UPDATE \(table) SET \"\(column.name)\" = \(column.otherEverywhere)")
        let filled = "SELECT rowid FROM \(table) WHERE \"\(column.name)\" IS NOT NULL LIMIT 1"
        if column.isNullable, try !Shell.lines(path, filled).isEmpty {
          try attempt(
            "\(name) emptied", "UPDATE \(table) SET \"\(column.name)\" = NULL WHERE rowid = (\(filled))")
        }
        if column.type == "TEXT" {
          try attempt(
            "\(name) continued after a zero byte",
            "UPDATE \(table) SET \"\(column.name)\" = \"\(column.name)\" || char(0) || 'x' WHERE rowid = (\(filled))")
        }
        // A way that a key forbids does not count.
        let found = try exchanges(column).lazy.compactMap { try? self.verified(after: $0, before: blind) }.first
        if try #require(found, "\(name) cannot be exchanged").isEmpty { missed.append("\(name) exchanged") }
      }
      for row in Set([first, last]) {
        try attempt("a row of \(table) deleted", "DELETE FROM \(table) WHERE rowid = \(row)")
      }
      try attempt("all rows of \(table) deleted", "DELETE FROM \(table)")
      for sql in try insertions(table, columns, last) { try attempt("a row of \(table) inserted", sql) }
    }
    return missed
  }

  /// Two rows whose values differ have each other's: the ways to do it, for some break a key; none where all rows have
  /// the same.
  func exchanges(_ column: Column) throws -> [String] {
    let (table, name) = (column.table, "\"\(column.name)\"")
    let pairs = try Shell.lines(
      path,
      """
      SELECT a.rowid, b.rowid FROM \(table) AS a JOIN \(table) AS b ON a.rowid < b.rowid AND a.\(name) IS NOT b.\(name)
        ORDER BY b.rowid - a.rowid, a.rowid LIMIT 10
      """
    ).map { $0.split(separator: "|").compactMap { Int($0) } }
    let isRow = try Shell.lines(path, "SELECT count(*) FROM \(table) WHERE \(name) IS NOT rowid") == ["0"]
    return pairs.map { pair in
      if isRow {
        return "UPDATE \(table) SET \(name) = -1 WHERE rowid = \(pair[0]); UPDATE \(table) SET \(name) = \(pair[0]) "
          + "WHERE rowid = \(pair[1]); UPDATE \(table) SET \(name) = \(pair[1]) WHERE rowid = -1"
      }
      return """
        CREATE TEMP TABLE kept AS SELECT rowid AS place, \(name) AS value FROM \(table);
        UPDATE \(table) SET \(name) = \(column.other) WHERE rowid = \(pair[0]);
        UPDATE \(table) SET \(name) = (SELECT value FROM kept WHERE place = \(pair[0])) WHERE rowid = \(pair[1]);
        UPDATE \(table) SET \(name) = (SELECT value FROM kept WHERE place = \(pair[1])) WHERE rowid = \(pair[0])
        """
    }
  }

  /// Copies of a row: with another value in all columns that must be unique, and in each of them alone where that will do.
  private func insertions(_ table: String, _ columns: [Column], _ row: Int) throws -> [String] {
    let unique = try Shell.lines(
      path,
      """
      SELECT name FROM pragma_table_info('\(table)') WHERE pk > 0 UNION SELECT i.name FROM pragma_index_list('\(table)') AS l
        JOIN pragma_index_info(l.name) AS i WHERE l."unique" = 1
      """)
    func insert(_ changed: [String]) -> String {
      let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
      let values = columns.map { changed.contains($0.name) ? $0.other : "\"\($0.name)\"" }.joined(separator: ", ")
      return "INSERT INTO \(table) (\(names)) SELECT \(values) FROM \(table) WHERE rowid = \(row)"
    }
    var all = [insert(unique)]
    // A second run of the same job, for example.
    if unique.count > 1,
      try Shell.lines(path, "SELECT count(*) FROM pragma_table_info('\(table)') WHERE pk > 1") == ["1"]
    {
      all.append(insert([unique.contains("number") ? "number" : unique[0]]))
    }
    return all
  }
}
