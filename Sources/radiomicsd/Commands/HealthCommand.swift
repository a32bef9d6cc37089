import ArgumentParser
import Configuration
import Daemon
import Documents

/// `radiomicsd health`: whether the daemon works, for a supervisor that restarts it.
struct HealthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Check whether the daemon works: for containers and monitoring.",
    discussion: """
      Status 0 where a daemon holds the state folder's lock and its loop has run within the last minute, otherwise 75. \
      Reads only the lock, so it may run often. Run it as the daemon's user.
      """)

  @Option(help: "The configuration file; /etc/radiomicsd/radiomicsd.yaml or etc/radiomicsd.yaml by default.")
  var config: String?
  @Flag(help: "Print a JSON object.") var json = false

  func run() throws {
    let settings = try Configuration.load(try Configuration.locate(config))
    let health = try DaemonHealth(state: try settings.folders().state)
    let seconds = Int(health.age)
    if json {
      print(
        JSONValue.object(["process": .integer(Int(health.process)), "age_seconds": .integer(seconds)]).text(.compact))
    } else {
      print("the daemon works: process \(health.process), last sign of life \(seconds) s ago")
    }
  }
}
