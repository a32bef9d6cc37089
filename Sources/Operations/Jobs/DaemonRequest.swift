package import Errors
internal import Foundation
package import Jobs

/// A request to the daemon, which alone writes the database, and its answer.
package enum DaemonRequest {
  /// Leaves a request and waits up to 10 s for the daemon's answer; returns what it says.
  ///
  /// - Throws: `E_REQUEST_REFUSED`, `E_DAEMON_SILENT`, `E_IO`.
  @discardableResult
  package static func ask(
    _ verb: JobRequest.Verb, _ job: Job, _ folder: RequestFolder, _ choices: JobChoices? = nil, force: String? = nil
  ) throws -> String {
    let name = try folder.post(JobRequest(verb, job: job.id, actor: Actor.current, choices: choices, force: force))
    for _ in 0..<100 {
      if let answer = folder.takeAnswer(name) {
        guard answer.accepted else {
          throw StudyError(.requestRefused, answer.message, details: ["job": job.id.text])
        }
        return answer.message
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
    throw StudyError(
      .daemonSilent, "the daemon has not answered within 10 s",
      hint: "the request stays and is taken up when the daemon runs")
  }
}

extension ErrorCode {
  /// The daemon will not do what was asked of a job in its present state.
  package static let requestRefused = ErrorCode("E_REQUEST_REFUSED", .temporary)
  /// No daemon answers requests.
  package static let daemonSilent = ErrorCode("E_DAEMON_SILENT", .temporary)
}
