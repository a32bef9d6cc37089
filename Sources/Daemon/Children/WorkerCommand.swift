internal import Configuration
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

/// The command lines of `radiomicsd worker`. Each argument is bytes, for names that are no text.
struct WorkerCommand: Sendable {
  /// The program and what stands before the worker's own arguments, normally `radiomicsd worker`.
  let program: [String]
  let configuration: Configuration
  /// The daemon's own copy of the configuration's text.
  var snapshot: String?

  /// Is the study in this folder complete? The answer is one JSON object on standard output.
  ///
  /// - Parameter folder: the worker's own; archives are opened in it.
  func probe(_ study: Path, in folder: Path) -> [[UInt8]] {
    // Swift's arguments are text: a name that is none must come encoded.
    let isText = String(validating: study.bytes, as: UTF8.self) != nil
    return bytes(
      program + ["probe"] + common(configuration.memoryLimit)
        + (isText ? [] : ["--input-encoded", study.percentEncoded]))
      + [Array("--input".utf8), study.bytes] + scratch(folder)
  }

  /// Computes a job from its private copy into an empty folder.
  ///
  /// - Parameters:
  ///   - manifest: what the input is compared with before it is read.
  ///   - memory: MiB of address space; nil sets no limit.
  func run(
    _ job: Job, input: Path, manifest: Path, output: Path, in folder: Path, memory: Int?
  ) -> [[UInt8]] {
    var words = program + ["run"] + common(memory ?? 0) + ["--job", job.id.text, "--study=\(job.study)"]
    words += chosen(job.choices)
    if let superseded = job.supersedes { words += ["--supersedes", superseded.text] }
    if let forced = job.forced { words.append("--force=\(forced.reason)") }
    let paths = [
      Array("--input-manifest".utf8), manifest.bytes, Array("--input".utf8), input.bytes, Array("--output".utf8),
      output.bytes,
    ]
    return bytes(words) + paths + scratch(folder)
  }

  private func scratch(_ folder: Path) -> [[UInt8]] { [Array("--scratch".utf8), (folder / "unpacked").bytes] }

  private func chosen(_ choices: JobChoices?) -> [String] {
    [
      choices?.series.map { "--series=\($0)" }, choices?.mask.map { "--mask=\($0)" },
      choices?.roi.map { "--roi=\($0)" }, choices?.segment.map { "--segment=\($0)" },
      choices?.label.map { "--label=\($0)" }, choices?.number.map { "--number=\($0)" },
    ].compactMap { $0 }
  }

  private func common(_ memory: Int) -> [String] {
    // A worker starts in a folder of its own: the path must not depend on ours.
    let file = configuration.path.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? ""
    var list = ["--config", file, "--parent", String(getpid())]
    // What the daemon read, not what the file has become since.
    if let snapshot { list += ["--config-text", snapshot] }
    if memory > 0 { list += ["--memory-limit-mb", String(memory)] }
    // Processor time of all threads together; the wall time is watched from here.
    let seconds = configuration.timeLimit * Double(configuration.threads)
    list += ["--cpu-limit-seconds", String(max(1, Int(min(seconds.rounded(.up), 1e9))))]
    return list
  }

  private func bytes(_ list: [String]) -> [[UInt8]] { list.map { Array($0.utf8) } }
}
