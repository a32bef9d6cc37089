import ArgumentParser
import Configuration
import Documents
import Errors
import Jobs
import Model
import Operations
import Research
import Study

/// `radiomicsd drift`: compares the latest cases with the model's training cohort.
struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Compare the latest cases with the model's training cohort.",
    discussion: """
      Takes the jobs that are done since T, with the model's own profile, reads their features.json from the outbox (only \
      where it is still the recorded one), and compares the score and the first components with the cohort: population \
      stability index, Kolmogorov-Smirnov, and features outside their training range. Few cases show large shifts only; \
      the report says so.
      """)

  @OptionGroup var source: JobsCommand.Source
  @Option(help: "Only jobs admitted since: 90m, 24h, 7d, or a UTC time such as 2026-11-23.") var since: String?
  @Option(help: "Only the last N of them.") var last: Int?
  @Option(help: "The bundle to compare with (default: the configuration's).") var model: String?
  @Flag(help: "Print a JSON object.") var json = false

  func validate() throws {
    if let last, last < 1 { throw ValidationError("--last takes a number from 1") }
  }

  func run() throws {
    let settings = try Configuration.load(try Configuration.locate(source.config))
    guard let path = model ?? settings.model else {
      throw StudyError(.usage, "the configuration names no model", hint: "name a bundle with --model")
    }
    let bundle = try ModelBundle(contentsOf: path, trust: try ModelPolicy(settings).trust)
    let moment = try since.map { text in
      guard let moment = Timestamp.since(text) else {
        throw StudyError(.usage, "\(text) is not a time", hint: "write 24h, 7d, 2026-11-23 or 2026-11-23T10:47")
      }
      return moment
    }
    let outbox = try settings.folders().outbox
    let jobs = try source.store().jobsWithResults(state: .done, since: moment)
      .filter { $0.result?.profileSHA256 == bundle.manifest.profile.sha256 }
    let published = PublishedFeatures(
      of: last.map { jobs.suffix($0) } ?? jobs[...], outbox: outbox, names: bundle.manifest.features)
    let report = DriftReport(bundle, cases: published.cases, unreadable: published.unreadable)
    if json {
      var object = JSONObject()
      object.append("model", ResultDocument.Model(bundle).json)
      if case .object(let members) = report.json {
        for member in members.members { object.append(member.name, member.value) }
      }
      print(JSONValue.object(object).text(.pretty))
    } else {
      print("model \(bundle.manifest.name) \(bundle.manifest.version) (\(bundle.id.prefix(12)))")
      print(report.text)
    }
  }
}
