package import Configuration
internal import Errors
internal import Glibc
package import Sandbox

/// The sandbox of `worker run` and `worker probe`.
package enum WorkerSandbox {
  /// Confines the worker: it reads one study, model and profile, and writes its result and what it unpacks.
  ///
  /// - Parameter also: more files that it reads.
  /// - Returns: the level in force, for the record.
  /// - Throws: `E_SANDBOX`.
  package static func enter(
    _ settings: Configuration, input: String, also: [String] = [], output: String?, scratch: String?
  ) throws -> SandboxLevel {
    if let scratch { mkdir(scratch, 0o700) }
    let profile = settings.profile.flatMap { $0.contains("/") ? $0 : nil }
    let named = [input, settings.model, settings.shadowModel, profile].compactMap { $0 } + also
    return try Sandbox(readable: Sandbox.system + named, writable: [output, scratch].compactMap { $0 })
      .enter(settings.sandbox)
  }
}
