import ArgumentParser
import Configuration
import Daemon
import Documents
import Errors
import Jobs

/// `radiomicsd recover`: rebuilds a lost job database.
struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Rebuild a job database that is damaged, missing, or older than its mirror.",
    discussion: """
      Uses its remains, the mirror of events and jobs (state/audit), and the folders of jobs: \
      private copies, work folders, the outbox. The old database is kept beside the new one. The chain of events continues \
      with the event RECOVERED, which names what is lost. Refused while a daemon runs; may be interrupted and started again. \
      A sound database stays unchanged.
      """)

  @Option(help: "The configuration file; /etc/radiomicsd/radiomicsd.yaml or etc/radiomicsd.yaml by default.")
  var config: String?
  @Flag(help: "Only print what would be done.") var dryRun = false
  @Option(help: "Anchors that were stored elsewhere (audit anchor); the daemon's own are always used.")
  var anchor: [String] = []
  @Flag(help: "Print a JSON object.") var json = false

  func run() throws {
    let settings = try Configuration.load(try Configuration.locate(config))
    let anchors = try anchor.flatMap { try ChainAnchor.read($0) }
    let report = try RecordRecovery(settings).run(isDryRun: dryRun, anchors: anchors, actor: "user:" + Actor.current)
    guard json else {
      for line in report.lines(isDryRun: dryRun) { print(line.escapedForLine) }
      return
    }
    let adopted = report.adopted.map { item -> JSONValue in ["job": .string(item.job.text), "what": .string(item.what)]
    }
    var object: JSONObject = [
      "dry_run": .bool(dryRun), "needed": .bool(report.condition != .sound), "events": .integer(Int(report.events)),
      "jobs": .integer(report.jobs), "adopted": .array(adopted), "lost": .string(report.lost),
      "unreadable_lines": .integer(report.unreadable), "unfinished": .integer(report.unfinished.count),
    ]
    object.append("event", ifPresent: report.event.map { .integer(Int($0)) })
    object.append("kept", ifPresent: report.kept.map(JSONValue.string))
    print(JSONValue.object(object).text(.compact))
  }
}
