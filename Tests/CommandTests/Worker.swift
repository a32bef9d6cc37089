import Documents
import Foundation
import TestKit

/// Workers, started as the daemon starts them.
enum Worker {
  /// `worker run` into an empty folder.
  static func run(
    _ folder: TemporaryFolder, config: String, job: String = "j", study: String = "s", input: String, output: String,
    _ edit: (inout WorkerRequest) -> Void = { _ in }
  ) throws -> Program.Outcome {
    try Program.run(
      "worker", "run", "--request",
      try request(folder, config, input) { request in
        request.job = job
        request.study = study
        request.output = output
        edit(&request)
      })
  }

  /// `worker probe`.
  static func probe(
    _ folder: TemporaryFolder, config: String, input: String, _ edit: (inout WorkerRequest) -> Void = { _ in }
  ) throws -> Program.Outcome {
    try Program.run("worker", "probe", "--request", try request(folder, config, input, edit))
  }

  /// Writes a request and gives its path.
  static func request(
    _ folder: TemporaryFolder, _ config: String, _ input: String, _ edit: (inout WorkerRequest) -> Void
  ) throws -> String {
    var request = WorkerRequest(config: folder(config), input: Array(input.utf8))
    edit(&request)
    let name = "\(UUID().uuidString).json"
    try folder.write(name, String(decoding: request.json.fileBytes(), as: UTF8.self))
    return folder(name)
  }
}
