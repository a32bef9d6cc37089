package import Errors
internal import Foundation

/// An operator's request to the running daemon. Only the daemon writes the database, so a command leaves its request as
/// a file in `state/requests`; the daemon reads it, acts, and writes its answer beside it.
package struct JobRequest: Sendable, Equatable, Codable {
  package enum Verb: String, Sendable, Codable, CaseIterable {
    case retry, cancel, hold, release, resolve, purge
  }

  package var verb: Verb
  /// The job's id.
  package var job: String
  /// The requesting user, for the record.
  package var actor: String
  /// The choices of `resolve`.
  package var choices: JobChoices?
  /// Why a `retry` should compute what would be refused or is known already; nil otherwise.
  package var force: String?

  package init(_ verb: Verb, job: JobID, actor: String, choices: JobChoices? = nil, force: String? = nil) {
    self.verb = verb
    self.job = job.text
    self.actor = actor
    self.choices = choices
    self.force = force
  }
}

/// The daemon's answer to a request.
package struct JobAnswer: Sendable, Equatable, Codable {
  package var accepted: Bool
  package var message: String

  package init(accepted: Bool, message: String) {
    self.accepted = accepted
    self.message = message
  }
}

/// The folder of requests: written by commands, read by the daemon.
package struct RequestFolder: Sendable {
  package let path: String

  /// The requests of the daemon whose private folder is `state`.
  package init(state: String) { path = state + "/requests" }

  /// Leaves a request; returns its name, which identifies the answer.
  ///
  /// - Throws: `E_IO` when the folder does not exist or may not be written.
  package func post(_ request: JobRequest) throws(StudyError) -> JobID {
    let name = JobID.new()
    try write(request, to: "\(name.text).request")
    return name
  }

  /// Pending requests, oldest first. A malformed file is removed and left out.
  package func pending() -> [(name: JobID, request: JobRequest)] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".request") }.sorted().compactMap { file in
      let place = path + "/" + file
      guard let name = JobID(String(file.dropLast(8))), let data = Self.contents(place),
        let request = try? JSONDecoder().decode(JobRequest.self, from: data)
      else {
        unlink(place)
        return nil
      }
      return (name, request)
    }
  }

  /// Answers a request, which is then no longer pending.
  package func answer(_ name: JobID, _ answer: JobAnswer) throws(StudyError) {
    try write(answer, to: "\(name.text).answer")
    unlink("\(path)/\(name.text).request")
  }

  /// The answer to a request, once; nil while there is none.
  package func takeAnswer(_ name: JobID) -> JobAnswer? {
    let place = "\(path)/\(name.text).answer"
    guard let data = Self.contents(place), let answer = try? JSONDecoder().decode(JobAnswer.self, from: data) else {
      return nil
    }
    unlink(place)
    return answer
  }

  private static func contents(_ path: String) -> Data? {
    guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int, size <= 65536 else {
      return nil
    }
    return FileManager.default.contents(atPath: path)
  }

  private func unlink(_ place: String) { try? FileManager.default.removeItem(atPath: place) }

  private func write(_ value: some Encodable, to file: String) throws(StudyError) {
    do {
      let data = try JSONEncoder().encode(value)
      try data.write(to: URL(fileURLWithPath: path + "/" + file), options: .atomic)
    } catch {
      throw StudyError(
        .io, "the request cannot be left for the daemon", file: path,
        hint: "run the command as the daemon's user or as root")
    }
  }
}
