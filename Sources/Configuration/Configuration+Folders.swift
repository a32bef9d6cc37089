package import Errors
internal import Foundation

/// The six folders of a daemon, all named.
package struct Folders: Sendable, Equatable {
  package var inbox: String
  package var outbox: String
  package var state: String
  package var done: String
  package var failed: String
  package var status: String

  package init(inbox: String, outbox: String, state: String, done: String, failed: String, status: String) {
    self.inbox = inbox
    self.outbox = outbox
    self.state = state
    self.done = done
    self.failed = failed
    self.status = status
  }
}

extension Configuration {
  /// The folders of the daemon.
  ///
  /// - Throws: `E_CONFIG` naming the first key that is missing.
  package func folders() throws(StudyError) -> Folders {
    func required(_ key: String, _ value: String?) throws(StudyError) -> String {
      if let value { return value }
      throw StudyError(
        .configuration, "the key \(key) is missing", file: path,
        hint: "the daemon needs inbox, outbox, state, done, failed, status")
    }
    return Folders(
      inbox: try required("inbox", inbox), outbox: try required("outbox", outbox), state: try required("state", state),
      done: try required("done", done), failed: try required("failed", failed), status: try required("status", status))
  }

  /// Threads of one job: as configured, otherwise an equal share of the processors.
  package var threads: Int {
    threadsPerJob > 0 ? threadsPerJob : max(1, ProcessInfo.processInfo.activeProcessorCount / maxJobs)
  }

  /// Refuses folders that are the same or inside one another: results would come in as studies, or be cleaned away.
  func checkFolders() throws(StudyError) {
    let named: [(key: String, path: String)] = [
      ("inbox", inbox), ("outbox", outbox), ("state", state), ("done", done), ("failed", failed), ("status", status),
    ].compactMap { key, path in path.map { (key, Self.real($0)) } }
    for (index, one) in named.enumerated() {
      for other in named[(index + 1)...] {
        if one.path == other.path {
          throw StudyError(.configuration, "\(one.key) and \(other.key) are the same folder", file: path)
        }
        let (outer, inner) = one.path.utf8.count < other.path.utf8.count ? (one, other) : (other, one)
        if inner.path.utf8.starts(with: (outer.path == "/" ? outer.path : outer.path + "/").utf8) {
          throw StudyError(
            .configuration, "\(inner.key) lies in \(outer.key)", file: path, hint: "use folders beside each other")
        }
      }
    }
  }

  /// The path with symbolic links of its existing part resolved.
  private static func real(_ path: String) -> String {
    var existing = URL(fileURLWithPath: path)
    var rest: [String] = []
    while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
      rest.insert(existing.lastPathComponent, at: 0)
      existing.deleteLastPathComponent()
    }
    return rest.reduce(existing.resolvingSymlinksInPath()) { $0.appendingPathComponent($1) }.path
  }
}
