import Foundation
import Jobs
import Testing

/// A database as the version before wrote it, in which events carry no digests of rows: a done, a rejected and a
/// duplicate job of synthetic studies, 18 events.
enum EarlierDatabase {
  /// Makes it at a path.
  static func make(_ path: String) throws {
    let dump = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/schema-6.sql")
    let (status, output) = try Shell.sqlite(path, try String(contentsOf: dump, encoding: .utf8))
    #expect(status == 0, "\(output)")
  }
}

/// sqlite3, as an attacker has it.
enum Shell {
  @discardableResult
  static func sqlite(_ path: String, _ sql: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    process.arguments = ["-bail", "-batch", path]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(sql.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  static func lines(_ path: String, _ sql: String) throws -> [String] {
    try sqlite(path, sql).output.split(separator: "\n").map(String.init)
  }

  static func remove(_ path: String) {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
  }
}
