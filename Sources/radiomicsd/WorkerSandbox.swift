import Configuration
import Errors
import Glibc
import Sandbox

/// The sandbox of `worker run` and `worker probe`.
enum WorkerSandbox {
  /// Confines the worker: it reads one study, model and profile, and writes its result and unpacked files.
  ///
  /// The effective level is the first line on standard error, which the daemon records.
  ///
  /// - Parameter also: additional files that it reads.
  /// - Throws: `E_SANDBOX`.
  static func enter(
    _ settings: Configuration, input: String, also: [String] = [], output: String?, scratch: String?
  ) throws {
    if let scratch { mkdir(scratch, 0o700) }
    let profile = settings.profile.flatMap { $0.contains("/") ? $0 : nil }
    let named = [input, settings.model, settings.shadowModel, profile].compactMap { $0 } + also
    let level = try Sandbox(readable: Sandbox.system + named, writable: [output, scratch].compactMap { $0 })
      .enter(settings.sandbox)
    StandardError.write("sandbox \(level)\n")
  }
}
