import ArgumentParser
import CLinux
import Configuration
import Dispatch
import Documents
import Errors
import Operations
import Sandbox

/// `radiomicsd worker confine-check`: enters the sandbox of a worker and tries, one process per trial, operations that
/// must fail there and operations that must work.
struct ConfineCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confine-check", abstract: "Internal: try operations that a confined worker must not be able to do.")

  @Option(help: "Folder that may be read.") var input: String
  @Option(help: "Folder that may be written.") var output: String
  @Option(help: "One trial, in this process.") var trial: String?

  func run() throws {
    if let trial {
      // Ends with 0 where the trial was possible, 1 with the reason where it was denied.
      guard let reason = try ConfinementTrials.attempt(trial, input: input, output: output) else { return }
      print(reason)
      throw ExitCode(1)
    }
    var failed = 0
    for trial in ConfinementTrials.all {
      let outcome = try ConfinementTrials.inChild(trial.name, input: input, output: output)
      let isAsItShould = trial.mustWork == (outcome == .worked)
      if !isAsItShould { failed += 1 }
      print("\(isAsItShould ? "ok" : "FAIL") \(trial.name): \(outcome)")
    }
    guard failed == 0 else {
      throw StudyError(
        .sandbox, "\(failed) of \(ConfinementTrials.all.count) trials did not end as they should")
    }
  }
}
