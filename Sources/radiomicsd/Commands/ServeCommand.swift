import ArgumentParser
import Configuration
import Daemon
import Documents
import Errors
import Foundation
import Model
import Radiomics
import Study

/// The daemon, in the foreground, under systemd or in a terminal.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Watch the inbox, compute each dropped study, publish the results.",
    discussion: """
      Runs in the foreground until SIGTERM or SIGINT; running jobs may then finish within stop_seconds, and \
      unfinished ones run again at the next start. Logs one line per event on standard error.
      """)

  @Option(help: "The configuration file; /etc/radiomicsd/radiomicsd.yaml or etc/radiomicsd.yaml by default.")
  var config: String?

  @Option(help: ArgumentHelp("A program to run instead of this one's worker, for tests.", visibility: .hidden))
  var workerProgram: String?

  func run() throws {
    // Signals are blocked here for all later threads, and workers end with the thread that starts them.
    guard Thread.isMainThread else {
      throw StudyError(.internalFault, "serve must run on the main thread")
    }
    let settings = try Configuration.load(try Configuration.locate(config))
    var options = ServiceOptions(worker: workerProgram.map { [$0] }, log: Log(level: settings.logLevel))
    options.software = "\(Software.name) \(Software.version)"
    options.check = { try Self.check($0) }
    try Service(settings, options).run()
  }

  /// Loads the configured model and profile, so that a reload that no worker could use is refused at once.
  private static func check(_ settings: Configuration) throws {
    let trust = try ModelPolicy(settings).trust
    for (key, path) in [("model", settings.model), ("model.shadow", settings.shadowModel)] {
      if let path { try named(key, path) { _ = try ModelBundle(contentsOf: path, trust: trust) } }
    }
    if let profile = settings.profile {
      try named("profile", profile) { _ = try ExtractionProfile.named(profile) }
    }
  }

  private static func named(_ key: String, _ value: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch var error as StudyError {
      error.message = "\(key): \(error.message)"
      error.file = error.file ?? value
      throw error
    }
  }
}
