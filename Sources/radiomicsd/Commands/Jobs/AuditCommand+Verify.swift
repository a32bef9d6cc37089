import ArgumentParser
import Configuration
import Documents
import Errors
import Foundation
import Intake
import Jobs

extension AuditCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find changes of the record: events, rows of every table, the schema, mirror and anchors.",
      discussion: """
        With --results also changes of published results: every folder of the outbox is compared with the \
        recorded digests. Ends with status 0 when everything agrees, otherwise with 65 and one line per fault.
        """)
    @OptionGroup var source: JobsCommand.Source
    @Option(help: "Anchors that were stored elsewhere (audit anchor); the daemon's own are always used.")
    var anchor: [String] = []
    @Flag(help: "Compare every published folder too: missing, changed, renamed, extra.") var results = false
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let folders = try source.folders()
      let own = folders.state + "/anchors.jsonl"
      func anchors() throws -> [ChainAnchor] {
        FileManager.default.fileExists(atPath: own) ? try ChainAnchor.read(own) : []
      }
      let elsewhere = try anchor.flatMap { try ChainAnchor.read($0) }
      let store = try source.store()
      let report = try store.verifyChain(anchors: elsewhere, own: try anchors(), mirror: folders.state + "/audit")
      let outbox = results ? try Self.compare(store, folders.outbox) : nil
      print(json ? Self.document(report, outbox).text(.compact) : Self.text(report))
      if !json, let outbox { print(Self.text(outbox)) }
      if !report.isSound || !(outbox?.isSound ?? true) { throw ExitCode(ExitStatus.badInput.rawValue) }
    }

    /// A bar on a terminal, otherwise a line every ten seconds.
    private static func compare(_ store: JobStore, _ outbox: String) throws -> OutboxAudit.Report {
      let bar = ProgressBar()
      defer { bar.end() }
      var next = ContinuousClock.now
      return try OutboxAudit.run(store, outbox: outbox) { done, total in
        if ProgressBar.isTerminal {
          bar.show("results", done, total)
        } else if ContinuousClock.now >= next || done == total {
          next = .now + .seconds(10)
          StandardError.write("radiomicsd: \(done)/\(total) results compared\n")
        }
      }
    }

    private static func text(_ report: ChainReport) -> String {
      let mirror = report.mirrored.map { "\($0) in the mirror, " } ?? ""
      let summary =
        "\(report.events) events, \(mirror)\(report.jobs) jobs, \(report.anchors) anchors, head \(report.hash)"
      var before = report.explained.map { "explained: \($0)\n" }.joined()
      if report.coveredSince > 1 { before += "rows are covered since event \(report.coveredSince), SEALED\n" }
      guard !report.isSound else { return before + "the chain holds: \(summary)" }
      let lines = report.faults.map { "\($0.kind.rawValue): \($0.description.escapedForLine)" }
      return before + (lines + ["the chain does NOT hold: \(summary)"]).joined(separator: "\n")
    }

    private static func text(_ report: OutboxAudit.Report) -> String {
      var lines = report.faults.map { fault in
        "\(fault.kind.rawValue): \(fault.place.escapedForLine)" + (fault.job.map { ", job \($0)" } ?? "")
          + ": \(fault.message.escapedForLine)"
      }
      if report.faultCount > report.faults.count {
        lines.append("and \(report.faultCount - report.faults.count) more")
      }
      if report.writable > 0 {
        lines.append("note: \(report.writable) folders can be written by others than the daemon: chmod -R go-w")
      }
      let summary = "\(report.folders) folders, \(report.files) files, \(report.bytes >> 20) MiB"
      lines.append(
        report.isSound ? "the results hold: \(summary)" : "the results do NOT hold: \(summary)")
      return lines.joined(separator: "\n")
    }

    private static func document(_ report: ChainReport, _ outbox: OutboxAudit.Report?) -> JSONValue {
      let faults = report.faults.map { fault -> JSONValue in
        var object: JSONObject = ["kind": .string(fault.kind.rawValue), "message": .string(fault.message)]
        object.append("sequence", ifPresent: fault.sequence.map { .integer(Int($0)) })
        object.append("job", ifPresent: fault.job.map(JSONValue.string))
        return .object(object)
      }
      var document: JSONObject = [
        "sound": .bool(report.isSound && outbox?.isSound ?? true), "events": .integer(Int(report.events)),
        "jobs": .integer(report.jobs), "anchors": .integer(report.anchors), "head": .integer(Int(report.head)),
        "hash": .string(report.hash), "faults": .array(faults),
        "explained": .array(report.explained.map(JSONValue.string)),
        "mirrored": report.mirrored.map { .integer(Int($0)) } ?? .null,
        "covered_since": .integer(Int(report.coveredSince)),
      ]
      document.append("results", ifPresent: outbox.map(Self.document))
      return .object(document)
    }

    private static func document(_ report: OutboxAudit.Report) -> JSONValue {
      let faults = report.faults.map { fault -> JSONValue in
        var object: JSONObject = ["kind": .string(fault.kind.rawValue), "folder": .string(fault.folder)]
        object.append("file", ifPresent: fault.file.map(JSONValue.string))
        object.append("job", ifPresent: fault.job.map { .string($0.text) })
        object.append("message", ifPresent: .string(fault.message))
        return .object(object)
      }
      return [
        "sound": .bool(report.isSound), "folders": .integer(report.folders), "files": .integer(report.files),
        "bytes": .integer(Int(report.bytes)), "writable": .integer(report.writable),
        "fault_count": .integer(report.faultCount), "faults": .array(faults),
      ]
    }
  }
}
