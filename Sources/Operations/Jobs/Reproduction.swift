package import Configuration
internal import Documents
package import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
package import Jobs

extension ErrorCode {
  /// A job's result cannot be computed again from its retained input, or came out differently.
  package static let notReproduced = ErrorCode("E_NOT_REPRODUCED", .badInput)
}

/// Computes a finished job again, from its retained input, in a folder of its own, and compares the result.
package struct Reproduction {
  /// One comparison.
  package struct Comparison: Sendable {
    package var what: String
    package var recorded: String
    package var now: String
    package var isSame: Bool { recorded == now }
  }

  private let settings: Configuration
  private let history: JobHistory

  package init(settings: Configuration, history: JobHistory) {
    self.settings = settings
    self.history = history
  }

  /// Files of a result that depend on the input alone; the others contain times.
  private static let files = ["features.json", "features.csv", "image.nii.gz", "mask.nii.gz", "overlay.png"]

  /// - Parameter parent: the folder to work in; nil takes the system's for temporary files. It contains the study while the
  ///   study is computed, in a folder that only this user may enter.
  /// - Throws: `E_NOT_REPRODUCED` where input, model or result are missing; the errors of the worker; `E_IO`.
  package func run(beside parent: String?) throws -> [Comparison] {
    try Self.inFolder(parent ?? NSTemporaryDirectory()) { try run(in: $0) }
  }

  /// A folder that only this user may enter, removed afterwards.
  private static func inFolder<Value>(_ parent: String, _ body: (String) throws -> Value) throws -> Value {
    var template = Array((parent + "/radiomicsd-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw StudyError(.io, "no folder can be made: \(String(cString: strerror(errno)))", file: parent)
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(URL(fileURLWithPath: path).standardizedFileURL.path)
  }

  /// - Parameter scratch: an empty private folder; study and result are in it until it is removed.
  /// - Throws: `E_NOT_REPRODUCED` where input, model or result are missing; the errors of the worker.
  private func run(in scratch: String) throws -> [Comparison] {
    let job = history.job
    guard let recorded = history.result, job.state == .done else {
      throw Self.failure("the job is \(job.state.rawValue): it has no result")
    }
    let copy = try copyInput(to: scratch)
    guard copy.identity == job.inputDigest else {
      throw Self.failure("the retained original is not what was computed: it was changed since")
    }
    let output = scratch + "/output"
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: false)
    try compute("\(scratch)/spool/in/\(job.id.text)/input", output, scratch)
    let again = try ResultFolder.verify(Path(output), job: job.id)
    return compare(recorded, again)
  }

  private func compare(_ recorded: ResultRecord, _ again: VerifiedResult) -> [Comparison] {
    func text(_ value: (some CustomStringConvertible)?) -> String { value.map { "\($0)" } ?? "none" }
    let now = again.record
    var list = [
      Comparison(what: "model", recorded: text(recorded.modelSHA256), now: text(now.modelSHA256)),
      Comparison(what: "profile", recorded: text(recorded.profileSHA256), now: text(now.profileSHA256)),
      Comparison(what: "features", recorded: text(recorded.featuresSHA256), now: text(now.featuresSHA256)),
      Comparison(what: "probability", recorded: text(recorded.probability), now: text(now.probability)),
      Comparison(what: "decision", recorded: text(recorded.positive), now: text(now.positive)),
    ]
    if let published = publishedFiles(recorded) {
      for name in Self.files where published[name] != nil || again.files[name] != nil {
        list.append(Comparison(what: name, recorded: text(published[name]), now: text(again.files[name])))
      }
    }
    return list
  }

  /// The published files by name, where the outbox still contains the recorded result.
  private func publishedFiles(_ recorded: ResultRecord) -> [String: String]? {
    guard let outbox = settings.outbox, let name = history.job.publishedAs,
      let verified = try? ResultFolder.verify(Path("\(outbox)/\(name)"), job: history.job.id),
      verified.manifestSHA256 == recorded.manifestSHA256
    else { return nil }
    return verified.files
  }

  /// The retained original as a private copy, hashed as it was at admission.
  private func copyInput(to scratch: String) throws -> PrivateCopy {
    let folders = try settings.folders()
    guard let source = try original(folders) else {
      throw Self.failure("the original is not retained (\(history.job.originalAt ?? "no place on record"))")
    }
    for folder in ["spool", "spool/tmp", "spool/in"] {
      try FileManager.default.createDirectory(atPath: scratch + "/" + folder, withIntermediateDirectories: false)
    }
    var own = folders
    own.state = scratch
    do {
      let listing = try Listing(of: source)
      if let refusal = listing.refusal { throw Self.failure("the retained original is refused: \(refusal.code)") }
      return try Spool(Layout(own), LinuxFileOperations())
        .copy(
          history.job, from: source, listing: listing.fingerprint,
          content: ArchivedContent(
            files: PrivateCopy.digest(of: history.inputs), digest: history.job.inputDigest ?? ""))
    } catch let error as FileError {
      throw StudyError(.io, "the retained original cannot be read: \(error)")
    } catch is StudyChanged {
      throw Self.failure("the retained original changes while it is read")
    }
  }

  /// Where the original is: `done/NAME`, `failed/NAME`, or in the inbox under its own name.
  private func original(_ folders: Folders) throws -> Path? {
    guard let place = history.job.originalAt else { return nil }
    if place == Job.inInbox { return history.job.entry.map { Path(folders.inbox) / $0 } }
    let parts = place.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let folder = Path(parts[0] == "done" ? folders.done : folders.failed)
    return (try? InboxListing.entry(of: folder, shown: parts[1])).flatMap { $0 }.map { folder / $0 }
  }

  /// By a worker in its sandbox, as the daemon does it: the input is as hostile as before.
  private func compute(_ input: String, _ output: String, _ scratch: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var request = WorkerRequest(config: settings.path ?? "", input: Array(input.utf8))
    request.job = history.job.id.text
    request.study = history.job.study
    request.output = output
    request.scratch = "\(scratch)/unpacked"
    request.limits = WorkerRequest.Limits(memory: settings.memoryLimit, parent: getpid())
    if let choices = history.job.choices { request.choices = WorkerRequest.Choices(choices) }
    let file = "\(scratch)/\(WorkerRequest.fileName)"
    try writeFile(request.json.fileBytes(), to: file, durable: false)
    process.arguments = ["worker", "run", "--request", file]
    process.currentDirectoryURL = URL(fileURLWithPath: scratch)
    process.environment = ["LANG": "C.UTF-8", "TZ": "UTC", "SWIFT_BACKTRACE": "enable=no"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      let reason = ResultFolder.readError(Path(output)).map { "\($0.error.code): \($0.error.message)" }
      throw Self.failure("it is not computed any more: \(reason ?? "the worker ended \(process.terminationStatus)")")
    }
  }

  private static func failure(_ message: String) -> StudyError { StudyError(.notReproduced, message) }
}
