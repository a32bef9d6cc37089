import Archive
import ArgumentParser
import Configuration
import Documents
import Errors
import Files
import Glibc
import Operations
import Radiomics
import Study

/// `radiomicsd worker`: the process that the daemon starts for each study. Not for people.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Internal: the process that the daemon starts for each study.",
    shouldDisplay: false,
    subcommands: [Run.self, Probe.self, ConfineCheckCommand.self])

  struct Run: ParsableCommand {
    @Option(help: "What is to be done: a request.json.") var request: String

    func run() throws {
      let request = try WorkerRequest.read(request)
      guard let job = request.job, let study = request.study, let output = request.output,
        let input = request.input.text
      else { throw WorkerRequest.failure(self.request, "it is none of a run") }
      try ProcessLimits.apply(request.limits)
      do {
        let settings = try Configuration.load(request.config, copy: request.configCopy)
        let manifest = request.inputManifest
        let level = try WorkerSandbox.enter(
          settings, input: input, also: manifest.map { [$0] } ?? [], output: output, scratch: request.scratch)
        StandardError.write("sandbox \(level)\n")
        if let manifest { try verifyInputs(in: input, against: manifest, threads: settings.threads) }
        try computeStudy(
          StudyRequest(
            study: study, job: job, input: input, output: output, model: settings.model,
            policy: try ModelPolicy(settings), shadow: settings.shadowModel, profile: settings.profile,
            region: RegionRequest(configured: settings.roi), phase: settings.phase, window: settings.window,
            language: settings.reportLanguage, choices: StudyChoices(request.choices),
            supersedes: request.supersedes, archives: ArchiveLimits(settings), scratch: request.scratch,
            threads: settings.threads)
        ) { stage, share in if share == 0 { StandardError.write("stage \(stage.rawValue)\n") } }
      } catch let error as StudyError {
        // A message for the daemon to publish; the exit status gives the kind of failure.
        let status =
          error.needsReview ? "needs-review" : error.code.exit == .badInput ? "rejected" : "failed"
        let document = ErrorDocument(
          job: job, study: study, status: status, error: ReportedError(error), software: Software.json())
        try? writeFile(document.json.fileBytes(), to: output + "/" + ErrorDocument.fileName)
        throw error
      }
    }
  }

  struct Probe: ParsableCommand {
    @Option(help: "What is to be looked at: a request.json.") var request: String

    func run() throws {
      let request = try WorkerRequest.read(request)
      try ProcessLimits.apply(request.limits)
      let settings = try Configuration.load(request.config, copy: request.configCopy)
      let path = request.input.bytes
      // The sandbox takes text: an open descriptor replaces a name that is not text.
      let input =
        request.input.text
        ?? (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
          "/proc/self/fd/\(open($0.baseAddress!, O_RDONLY | O_NONBLOCK | O_CLOEXEC))"
        }
      let level = try WorkerSandbox.enter(settings, input: input, output: nil, scratch: request.scratch)
      StandardError.write("sandbox \(level)\n")
      let report = try probeStudy(
        path: path, region: RegionRequest(configured: settings.roi), phase: settings.phase,
        archives: ArchiveLimits(settings), scratch: request.scratch, threads: settings.threads,
        profile: ExtractionProfile.expected(settings.profile, model: settings.model))
      try Output.write(ProbeAnswer(report).json.fileBytes(.compact), to: nil)
    }
  }
}

extension WorkerRequest {
  /// - Throws: `E_INTERNAL` where it cannot be read: the daemon has written it.
  fileprivate static func read(_ path: String) throws -> WorkerRequest {
    do {
      let limit = 1 << 20
      let bytes =
        path == standardInput
        ? try FileDigest.contents(STDIN_FILENO, limit: limit) : try FileDigest.contents(Path(path), limit: limit)
      let request = try JSONDocument.decode(self, from: bytes)
      guard request.schema == schema else { throw failure(path, "its schema is \(request.schema)") }
      return request
    } catch let error as FileError {
      throw failure(path, "\(error)")
    } catch is DecodingError {
      throw failure(path, "it is not a request")
    }
  }

  fileprivate static func failure(_ path: String, _ why: String) -> StudyError {
    StudyError(.internalFault, "the request of a worker cannot be read: \(why)", file: path)
  }
}

extension ProbeAnswer {
  fileprivate init(_ report: ProbeReport) {
    switch report.readiness {
    case .complete: self.init("complete")
    case .urgent: self.init("complete", priority: "urgent")
    case .incomplete(let error): self.init("incomplete", error: ReportedError(error))
    case .needsReview(let error): self.init("needs-review", error: ReportedError(error))
    case .rejected(let error): self.init("rejected", error: ReportedError(error))
    }
    memory = report.memory.map { ($0 >> 20) + 1 }
    content = report.content.map { Content(files: $0.files, digest: $0.digest) }
  }
}

extension StudyChoices {
  fileprivate init(_ choices: WorkerRequest.Choices) {
    self.init(
      image: choices.series, mask: choices.mask, roi: choices.roi, segment: choices.segment, label: choices.label,
      number: choices.number, force: choices.force)
  }
}

extension ArchiveLimits {
  /// As configured.
  init(_ settings: Configuration) {
    self.init()
    entries = settings.archiveEntries
    bytes = Int64(settings.archiveMegabytes) << 20
    ratio = Int64(settings.archiveRatio)
  }
}
