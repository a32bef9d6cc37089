import ArgumentParser
import Configuration
import Daemon
import Documents
import Errors
import Operations

/// `radiomicsd doctor`: checks an installation and says what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the installation: machine, folders, model, sandbox, and a computed self-test.",
    discussion: """
      One line per check: ok, warn or fail, and what to do. Run it as the daemon's user, because permissions are that user's. \
      Status 0 where nothing fails, otherwise 78.
      """)

  @Option(help: "The configuration file; /etc/radiomicsd/radiomicsd.yaml or etc/radiomicsd.yaml by default.")
  var config: String?
  @Flag(help: "Print a JSON object.") var json = false

  func run() throws {
    let path = Result { () throws(StudyError) in try Configuration.locate(config) }
    let findings = Doctor.examine(configuration: path, watcher: ServiceOptions.installedWatcher)
    let failed = findings.count { $0.level == .fail }
    let warned = findings.count { $0.level == .warn }
    if json {
      let items = findings.map { finding -> JSONValue in
        [
          "check": .string(finding.check), "level": .string(finding.level.rawValue),
          "message": .string(finding.message), "advice": .string(finding.advice),
        ]
      }
      let document: JSONValue = [
        "ok": .bool(failed == 0), "failed": .integer(failed), "warned": .integer(warned), "findings": .array(items),
      ]
      print(document.text(.pretty))
    } else {
      for finding in findings {
        let mark = finding.level.rawValue.padding(4)
        print("\(mark)  \(finding.check.padding(18))  \(finding.message.escapedForLine)")
        if !finding.advice.isEmpty { print("      do: \(finding.advice)") }
      }
      print("\(findings.count) checks, \(failed) failed, \(warned) warnings. \(Notice.researchUse)")
    }
    if failed > 0 { throw ExitCode(ExitStatus.configuration.rawValue) }
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
