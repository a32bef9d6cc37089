import ArgumentParser
import Configuration
import Documents
import Errors
import Jobs
import Operations

extension JobsCommand {
  struct Reproduce: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute a finished job again from its retained original and compare with the record.",
      discussion: """
        The job is not changed. Input, model, profile, features, probability and, where the outbox still contains \
        them, the published files are compared by SHA-256. Status 0 where all are equal, otherwise 65.
        """)
    @OptionGroup var source: Source
    @Argument(help: "The job's id, its beginning, or the study's name.") var job: String
    @Option(help: "Work folder; a temporary one by default. It contains the study while it is computed.")
    var scratch: String?
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let settings = try Configuration.load(try Configuration.locate(source.config))
      let store = try source.store()
      let history = try store.history(of: try store.job(named: job))
      let comparisons = try Reproduction(settings: settings, history: history).run(beside: scratch)
      let isSame = comparisons.allSatisfy(\.isSame)
      if json {
        let items = comparisons.map { item -> JSONValue in
          [
            "what": .string(item.what), "same": .bool(item.isSame), "recorded": .string(item.recorded),
            "now": .string(item.now),
          ]
        }
        let document: JSONValue = [
          "job": .string(history.job.id.text), "reproduced": .bool(isSame), "compared": .array(items),
        ]
        print(document.text(.compact))
      } else {
        for item in comparisons {
          print(item.isSame ? "same \(item.what) \(item.now)" : "DIFFERS \(item.what) \(item.recorded) \(item.now)")
        }
        print(isSame ? "reproduced: \(history.job.id)" : "NOT reproduced: \(history.job.id)")
      }
      if !isSame { throw ExitCode(ExitStatus.badInput.rawValue) }
    }
  }

  struct Purge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete the originals of finished jobs in the folders done and failed; each is recorded.",
      discussion: """
        Results in the outbox and the record of the jobs stay. A job without its original cannot be reproduced or \
        retried. The daemon deletes them, one job after the other.
        """)
    @OptionGroup var source: Source
    @Option(help: "Only jobs that finished longer ago than this: 90d, 24h, or before a UTC time.") var olderThan: String
    @Flag(help: "Only list them.") var dryRun = false

    func run() throws {
      guard let moment = Timestamp.since(olderThan) else {
        throw StudyError(.usage, "\(olderThan) is not a time", hint: "write 90d, 24h or 2026-11-23")
      }
      let jobs = try source.store().jobs().filter { job in
        guard let finished = job.finished, job.swept, let place = job.originalAt else { return false }
        return finished < moment && place != "inbox"
      }
      let folder = RequestFolder(state: try source.state())
      for job in jobs {
        if !dryRun { try DaemonRequest.ask(.purge, job, folder) }
        print("\(job.id)\(dryRun ? "" : ": is being deleted")")
      }
      print("\(jobs.count) originals")
    }
  }
}
