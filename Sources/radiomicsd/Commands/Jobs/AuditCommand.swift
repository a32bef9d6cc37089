import ArgumentParser
import Configuration
import Documents
import Errors
import Files
import Foundation
import Jobs

/// `radiomicsd audit`: the chain of events, for people who must verify that it was not changed.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify, export and anchor the chain of events.",
    discussion: """
      Every change of a job is an event that contains the hash of the one before. Reading works whether or not the daemon \
      runs. The chain is tamper-evident: a user who can write the database can write a whole new chain, but not an anchor that \
      is stored elsewhere.
      """,
    subcommands: [Verify.self, Export.self, Anchor.self])

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "All events with job, actor, time and hash.",
      discussion: "CSV is RFC 4180; text that a spreadsheet would run as a formula gets an apostrophe in front.")
    @OptionGroup var source: JobsCommand.Source
    @Flag(help: "Comma-separated values (the default).") var csv = false
    @Flag(help: "A JSON array.") var json = false
    @Option(help: "Only events since: 90m, 24h, 7d, or a UTC time such as 2026-11-23 or 2026-11-23T10:47.")
    var from: String?
    @Option(help: "Only events before: as --from.") var to: String?
    @Option(help: "Write to this file instead of standard output.") var output: String?

    func validate() throws {
      if csv && json { throw ValidationError("give --csv or --json, not both") }
    }

    func run() throws {
      let (from, to) = (try Self.moment(from), try Self.moment(to))
      let store = try source.store()
      guard let output, output != "-" else {
        try store.exportEvents(json ? .json : .csv, from: from, to: to) { try Output.write(Array($0.utf8), to: nil) }
        return
      }
      let file = try OutputFile(output)
      try store.exportEvents(json ? .json : .csv, from: from, to: to) { try file.append(Array($0.utf8)) }
      try file.finish()
    }

    private static func moment(_ text: String?) throws -> Timestamp? {
      try text.map { text in
        guard let moment = Timestamp.since(text) else {
          throw StudyError(.usage, "\(text) is not a time", hint: "write 24h, 7d, 2026-11-23 or 2026-11-23T10:47")
        }
        return moment
      }
    }
  }

  struct Anchor: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The current head of the chain, as one line of JSON, to be stored where this machine cannot change it.")
    @OptionGroup var source: JobsCommand.Source
    @Option(help: "Append to this file; - or no option is standard output.") var output: String?

    func run() throws {
      let anchor = try source.store().anchor()
      if let output, output != "-" {
        try appendFile(Array(anchor.line.utf8), to: output)
      } else {
        print(anchor.line, terminator: "")
      }
    }
  }
}
