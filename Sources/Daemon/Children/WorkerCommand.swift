internal import Configuration
internal import Documents
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

/// Starts of `radiomicsd worker`: what is wanted stands in a `request.json`, and the command line names it.
struct WorkerCommand: Sendable {
  /// The program and the arguments before the worker's own, normally `radiomicsd worker`.
  let program: [String]
  let configuration: Configuration
  /// Path of the daemon's own copy of the configuration.
  var snapshot: String?

  /// Is the study in this folder complete? The answer is a `ProbeAnswer` on standard output.
  ///
  /// The request goes to standard input: a full disk must not keep a study from being refused.
  ///
  /// - Parameter folder: the worker's own; archives are opened in it.
  /// - Returns: the command, each argument as bytes, and its standard input.
  func probe(_ study: Path, in folder: Path) -> (command: [[UInt8]], input: [UInt8]) {
    let words = program + ["probe", "--request", WorkerRequest.standardInput]
    return (words.map { Array($0.utf8) }, request(study, configuration.memoryLimit, folder).json.fileBytes())
  }

  /// Computes a job from its private copy into an empty folder.
  ///
  /// - Parameters:
  ///   - manifest: the SHA-256 values that the input is compared with before it is read.
  ///   - memory: MiB of address space; nil sets no limit.
  /// - Throws: `E_SPAWN` where the request cannot be written.
  func run(
    _ job: Job, input: Path, manifest: Path, output: Path, in folder: Path, memory: Int?
  ) throws(StudyError) -> [[UInt8]] {
    var request = request(input, memory ?? 0, folder)
    request.job = job.id.text
    request.study = job.study
    request.inputManifest = Self.text(manifest)
    request.output = Self.text(output)
    request.supersedes = job.supersedes?.text
    if let choices = job.choices { request.choices = WorkerRequest.Choices(choices) }
    request.choices.force = job.forced?.reason
    return try command(request, in: folder)
  }

  private func request(_ input: Path, _ memory: Int, _ folder: Path) -> WorkerRequest {
    // A worker starts in a folder of its own: the path must not depend on the daemon's.
    let file = configuration.path.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? ""
    var request = WorkerRequest(config: file, input: input.bytes)
    // The configuration that the daemon read, not the file's present content.
    request.configCopy = snapshot
    request.scratch = Self.text(folder / "unpacked")
    request.limits.parent = getpid()
    if memory > 0 { request.limits.memory = memory }
    // Processor time of all threads together; the wall time is watched from here.
    let seconds = configuration.timeLimit * Double(configuration.threads)
    request.limits.cpuSeconds = max(1, Int(min(seconds.rounded(.up), 1e9)))
    return request
  }

  /// For us alone, and not synced: a run is lost with the power, and its request with it.
  private func command(_ request: WorkerRequest, in folder: Path) throws(StudyError) -> [[UInt8]] {
    let path = folder / WorkerRequest.fileName
    do {
      try LinuxFileOperations().writeUnsynced(request.json.fileBytes(), to: path, mode: 0o600)
    } catch {
      throw StudyError(.spawn, "the request of a child process cannot be written: \(error)")
    }
    return (program + ["run", "--request"]).map { Array($0.utf8) } + [path.bytes]
  }

  /// Folders of ours are named in the configuration, which is text.
  private static func text(_ path: Path) -> String { String(decoding: path.bytes, as: UTF8.self) }
}
