import ArgumentParser
import Configuration
import Errors
import Foundation
import Jobs
import Operations

/// The history of jobs, and an operator's requests.
struct JobsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "Show, export, reproduce, retry, cancel, hold, release, resolve and purge jobs.",
    discussion:
      "Reading works whether or not the daemon runs. A job goes by its id, the id's beginning, or its study's name.",
    subcommands: [
      List.self, Show.self, Export.self, Retry.self, Cancel.self, Hold.self, Release.self, Resolve.self,
      Reproduce.self, Purge.self,
    ],
    defaultSubcommand: List.self)

  /// Where the job database is.
  struct Source: ParsableArguments {
    @Option(help: "The configuration file; /etc/radiomicsd/radiomicsd.yaml or etc/radiomicsd.yaml by default.")
    var config: String?

    func folders() throws -> Folders { try Configuration.load(try Configuration.locate(config)).folders() }

    func state() throws -> String { try folders().state }

    func store() throws -> JobStore { try JobStore.reader(try state() + "/jobs.sqlite") }
  }

  /// The selected jobs.
  struct Selection: ParsableArguments {
    @Option(help: "Only jobs in this state: \(JobState.allCases.map(\.rawValue).joined(separator: ", ")).")
    var state: String?

    @Option(help: "Only jobs admitted since: 90m, 24h, 7d, or a UTC time such as 2026-11-23 or 2026-11-23T10:47.")
    var since: String?

    func jobs(in store: JobStore, limit: Int? = nil) throws -> [(job: Job, result: ResultRecord?)] {
      let wanted = try state.map { name in
        guard let state = JobState(rawValue: name) else {
          throw StudyError(
            .usage, "\(name) is not a state of a job",
            hint: "states: \(JobState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return state
      }
      return try store.jobsWithResults(state: wanted, since: try since.map { try Self.moment($0) }, limit: limit)
    }

    static func moment(_ text: String) throws -> Timestamp {
      guard let moment = Timestamp.since(text) else {
        throw StudyError(.usage, "\(text) is not a time", hint: "write 24h, 7d, 2026-11-23 or 2026-11-23T10:47")
      }
      return moment
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One line per job, in order of admission.")
    @OptionGroup var source: Source
    @OptionGroup var selection: Selection
    @Option(help: "At most this many, the latest ones; 0 for all.") var limit = 1000
    @Flag(help: "JSON instead of a table.") var json = false

    func validate() throws {
      guard limit >= 0 else { throw ValidationError("--limit takes 0 or more") }
    }

    func run() throws {
      let store = try source.store()
      for reason in [try store.pauseReason(), try store.outboxReason()] {
        if let reason { StandardError.write("radiomicsd: \(reason)\n") }
      }
      let jobs = try selection.jobs(in: store, limit: limit == 0 ? nil : limit)
      if limit > 0, jobs.count == limit {
        StandardError.write("radiomicsd: the latest \(limit) jobs; --limit 0 lists all\n")
      }
      print(json ? try JobDocument.list(jobs) + "\n" : JobReport.list(jobs), terminator: "")
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Everything of one job: times, inputs and their hashes, versions, prediction, attempts, error, events.")
    @OptionGroup var source: Source
    @Argument(help: "The job's id, its beginning, or the study's name.") var job: String
    @Flag(help: "JSON instead of text.") var json = false

    func run() throws {
      let store = try source.store()
      let history = try store.history(of: try store.job(named: job))
      print(json ? try JobDocument.history(history) + "\n" : JobReport.history(history), terminator: "")
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "All jobs with their predictions as one table.",
      discussion: """
        CSV is RFC 4180; text that a spreadsheet would run as a formula gets an apostrophe in front.

        --features gives the table that train and evaluate take: the features of the jobs that are done, one row a study, \
        read from the outbox where they are still the recorded ones. Of one profile: with several, --profile chooses. Of \
        a study that was computed several times, or under several names, the latest. What is left out is told.
        """)
    @OptionGroup var source: Source
    @OptionGroup var selection: Selection
    @Option(help: "Only jobs admitted before: 90m, 24h, 7d ago, or a UTC time.") var until: String?
    @Flag(help: "The features, as train and evaluate take them, in place of the jobs' states and predictions.")
    var features = false
    @Option(help: "With --features: only of this profile, by name or by the beginning of its SHA-256.")
    var profile: String?
    @Flag(help: "With --features: results that a later one replaced, too; the column job tells them apart.")
    var superseded = false
    @Flag(help: "Comma-separated values (the default).") var csv = false
    @Flag(help: "A JSON array.") var json = false
    @Option(help: "Write to this file instead of standard output.") var output: String?

    func validate() throws {
      if csv && json { throw ValidationError("give --csv or --json, not both") }
      if features && json { throw ValidationError("--features gives CSV") }
      if !features && (profile != nil || superseded) {
        throw ValidationError("--profile and --superseded belong to --features")
      }
      if features, let state = selection.state, state != JobState.done.rawValue {
        throw ValidationError("only jobs that are done have features")
      }
    }

    func run() throws {
      let before = try until.map { try Selection.moment($0) }
      let jobs = try selection.jobs(in: try source.store()).filter { job, _ in before.map { job.created < $0 } ?? true }
      if features {
        try exportFeatures(of: jobs)
        return
      }
      let text = json ? try JobDocument.list(jobs) + "\n" : JobTable.csv(jobs)
      try Output.write(Array(text.utf8), to: output)
    }
  }
}

extension JobsCommand.Export {
  /// Writes the table, and lists omissions on standard error.
  ///
  /// - Throws: `E_MIXED_FEATURES`, `E_NO_FEATURES`, `E_IO`.
  func exportFeatures(of jobs: [(job: Job, result: ResultRecord?)]) throws {
    let outbox = try Configuration.load(try Configuration.locate(source.config)).folders().outbox
    let export = try FeatureExport(of: jobs, outbox: outbox, profile: profile, keepsSuperseded: superseded)
    try Output.write(export.csvBytes, to: output)
    for note in export.notes { StandardError.write("radiomicsd: note: \(note.escapedForLine)\n") }
  }
}
