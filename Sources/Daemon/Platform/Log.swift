package import Configuration
internal import Errors
internal import Glibc
internal import Jobs

/// One line an event on standard error: what happened, the job's id, a code. Never a name, a path inside a study or a
/// value from a file: logs travel further than studies may.
package struct Log: Sendable {
  package let level: LogLevel
  /// Under systemd a line begins with its syslog priority, `<N>`.
  private let hasPriorities: Bool
  private let sink: @Sendable (String) -> Void

  /// - Parameter descriptor: where lines go.
  package init(level: LogLevel, descriptor: Int32 = 2) {
    let writer = LogWriter(descriptor)
    self.init(level: level) { writer.write($0) }
  }

  package init(level: LogLevel, sink: @escaping @Sendable (String) -> Void) {
    self.level = level
    hasPriorities = Self.isJournal
    self.sink = sink
  }

  /// The same, for another level.
  func with(level: LogLevel) -> Log { Log(level: level, sink: sink) }

  func error(_ text: String, job: JobID? = nil, code: String? = nil) { line(.error, text, job, code) }
  func warning(_ text: String, job: JobID? = nil, code: String? = nil) { line(.warning, text, job, code) }
  func info(_ text: String, job: JobID? = nil, code: String? = nil) { line(.info, text, job, code) }
  func debug(_ text: String, job: JobID? = nil, code: String? = nil) { line(.debug, text, job, code) }

  private func line(_ severity: LogLevel, _ text: String, _ job: JobID?, _ code: String?) {
    guard let rank = LogLevel.allCases.firstIndex(of: severity), let most = LogLevel.allCases.firstIndex(of: level),
      rank <= most
    else { return }
    var line = hasPriorities ? ["<3>", "<4>", "<6>", "<7>"][rank] : "\(Timestamp.now) \(severity.rawValue): "
    line += text.escapedForLine
    if let job { line += " job=\(job)" }
    if let code { line += " code=\(code.escapedForLine)" }
    sink(line + "\n")
  }

  /// Whether standard error is the journal: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)). A shell that
  /// a service started inherits the variable, and not the stream.
  private static var isJournal: Bool {
    guard let name = getenv("JOURNAL_STREAM") else { return false }
    var about = stat()
    return fstat(2, &about) == 0 && String(cString: name) == "\(about.st_dev):\(about.st_ino)"
  }
}
