import ArgumentParser
import Configuration
import Errors
import Foundation
import Jobs

extension JobsCommand {
  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try a job again: at once when it waits for its next run, as a new job when it was rejected or failed.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.retry) }
  }

  struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a job up; its original goes to the failed folder.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.cancel) }
  }

  struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Keep a waiting job from being computed.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.hold) }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a held job go on.")
    @OptionGroup var request: Request
    func run() throws { try request.run(.release) }
  }

  /// Asks the daemon, which alone writes the database, and waits for its answer.
  struct Request: ParsableArguments {
    @OptionGroup var source: Source
    @Argument(help: "The job's id, its beginning, or the study's name.") var job: String

    func run(_ verb: JobRequest.Verb) throws {
      let job = try source.store().job(named: job)
      print("\(job.id): \(try Self.ask(verb, job, RequestFolder(state: try source.state())))")
    }

    /// Leaves a request and waits for the daemon's answer; returns what it says.
    ///
    /// - Throws: `E_REQUEST_REFUSED`, `E_DAEMON_SILENT`, `E_IO`.
    @discardableResult
    static func ask(_ verb: JobRequest.Verb, _ job: Job, _ folder: RequestFolder) throws -> String {
      let name = try folder.post(JobRequest(verb, job: job.id, actor: Actor.current))
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
}

extension ErrorCode {
  /// The daemon will not do what was asked of a job in its present state.
  static let requestRefused = ErrorCode("E_REQUEST_REFUSED", .temporary)
  /// No daemon answers requests.
  static let daemonSilent = ErrorCode("E_DAEMON_SILENT", .temporary)
}
