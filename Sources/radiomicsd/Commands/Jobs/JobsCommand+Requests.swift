import ArgumentParser
import Configuration
import Jobs
import Operations

extension JobsCommand {
  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: """
        Try a job again: at once when it waits for its next run, as a new job when it was rejected, failed, cancelled or a \
        duplicate.
        """,
      discussion: """
        With --force a finished job of any state is computed as a new one, also where its result is known already, and \
        without files of it that cannot be read. Who, and why, is recorded, and stands in the result (FORCED).
        """)
    @OptionGroup var request: Request
    @Flag(help: "Compute it despite objections.") var force = false
    @Option(help: "The reason, for the record; required with --force.") var reason: String?

    func validate() throws {
      guard force == (reason?.isEmpty == false) else { throw ValidationError("give --force and --reason together") }
    }

    func run() throws { try request.run(.retry, force: force ? reason : nil) }
  }

  struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a job; its original goes to the failed folder.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.cancel) }
  }

  struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Hold a waiting job.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.hold) }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Release a held job.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.release) }
  }

  struct Resolve: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answer the question of a job that needs review; it is then computed.",
      discussion: """
        jobs show JOB, and the study's file in the status folder, list what there is to choose from. Choices add up: what \
        was chosen before stays until it is chosen anew. They stand above the study's study.yaml and are recorded in \
        result.json. The other way is to drop a folder of the study's name with a study.yaml in it.
        """)
    @OptionGroup var request: Request
    @Option(help: "The image: its SeriesInstanceUID, or UID#part for one of several phases.") var series: String?
    @Option(help: "The mask: its file, relative to the study.") var mask: String?
    @OptionGroup var region: RegionOptions

    func validate() throws {
      guard !choices.isEmpty else { throw ValidationError("choose: --series, --mask, --roi, --segment or --label") }
    }

    func run() throws { try request.run(.resolve, choices) }

    private var choices: JobChoices {
      JobChoices(series: series, mask: mask, roi: region.roi, segment: region.segment, label: region.label)
    }
  }

  /// Sends a request to the daemon, the only writer of the database, and waits for its answer.
  struct Request: ParsableArguments {
    @OptionGroup var source: Source
    @Argument(help: "The job's id, its beginning, or the study's name.") var job: String

    func run(_ verb: JobRequest.Verb, _ choices: JobChoices? = nil, force: String? = nil) throws {
      let job = try source.store().job(named: job)
      let folder = RequestFolder(state: try source.state())
      print("\(job.id): \(try DaemonRequest.ask(verb, job, folder, choices, force: force))")
    }
  }
}
