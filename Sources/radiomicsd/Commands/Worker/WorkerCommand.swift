import Archive
import ArgumentParser
import Configuration
import Errors
import Files
import Glibc
import Model
import Operations
import Radiomics
import Report
import Study

/// `radiomicsd worker`: the process that the daemon starts for each study. Not for people.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Internal: the process that the daemon starts for each study.",
    shouldDisplay: false,
    subcommands: [Run.self, Probe.self, ConfineCheckCommand.self])

  struct Limits: ParsableArguments {
    @Option(help: "Address space in MiB.")
    var memoryLimitMb: Int?

    @Option(help: "Processor time in seconds.")
    var cpuLimitSeconds: Int?

    @Option(help: "Process id of the parent: end when it ends.")
    var parent: Int32?

    /// Before anything else: a child has only the rights that it needs.
    func apply() throws {
      try ProcessLimits.apply(memoryMiB: memoryLimitMb, cpuSeconds: cpuLimitSeconds, parent: parent)
    }
  }

  struct Run: ParsableCommand {
    @Option var config: String
    @Option(help: "The configuration's text, where the file may have changed.") var configText: String?
    @Option var job: String
    @Option var study: String
    @Option var input: String
    @Option var output: String
    @Option(help: "Folder to unpack archives in; it is created.") var scratch: String?
    @Option(help: "SHA-256 of the input's files, compared before anything is read.") var inputManifest: String?
    @Option(help: "The job of an earlier drop of the same series, with fewer files.") var supersedes: String?
    @Option(help: "An operator's choice: SeriesInstanceUID of the image.") var series: String?
    @Option(help: "An operator's choice: the mask's file.") var mask: String?
    @Option(help: "An operator's choice: the region.") var roi: String?
    @Option(help: "An operator's choice: the region's number in a DICOM object.") var segment: Int?
    @Option(help: "An operator's choice: the region's label in a label map.") var label: Int?
    @Option(help: "An operator's choice in an earlier version: the region's number.") var number: Int?
    @Option(help: "An operator's reason to compute it although files cannot be read.") var force: String?
    @OptionGroup var limits: Limits

    func run() throws {
      try limits.apply()
      do {
        let settings = try Configuration.load(config, copy: configText)
        let level = try WorkerSandbox.enter(
          settings, input: input, also: inputManifest.map { [$0] } ?? [], output: output, scratch: scratch)
        StandardError.write("sandbox \(level)\n")
        if let inputManifest { try verifyInputs(in: input, against: inputManifest, threads: settings.threads) }
        try computeStudy(
          StudyRequest(
            study: study, job: job, input: input, output: output, model: settings.model,
            policy: try ModelPolicy(settings), shadow: settings.shadowModel, profile: settings.profile,
            region: RegionRequest(configured: settings.roi), phase: settings.phase, window: settings.window,
            language: settings.reportLanguage,
            choices: StudyChoices(
              image: series, mask: mask, roi: roi, segment: segment, label: label, number: number, force: force),
            supersedes: supersedes, archives: ArchiveLimits(settings), scratch: scratch, threads: settings.threads)
        ) { stage, share in if share == 0 { StandardError.write("stage \(stage.rawValue)\n") } }
      } catch let error as StudyError {
        // A message for the daemon to publish; the exit status gives the kind of failure.
        let status =
          error.needsReview ? "needs-review" : error.code.exit == .badInput ? "rejected" : "failed"
        let document = ErrorDocument(
          job: job, study: study, status: status, error: error, software: Software.json())
        try? writeFile(document.json.fileBytes(), to: output + "/error.json")
        throw error
      }
    }
  }

  struct Probe: ParsableCommand {
    @Option var config: String
    @Option(help: "The configuration's text, where the file may have changed.") var configText: String?
    @Option var input: String
    @Option(help: "Folder to unpack archives in; it is created.") var scratch: String?
    @Option(help: "The input with %XX for bytes, where its name is not text.") var inputEncoded: String?
    @OptionGroup var limits: Limits

    private var path: [UInt8] {
      inputEncoded.flatMap(PercentEncoding.decoded) ?? Array(input.utf8)
    }

    /// The profile and model of a job; nil where they are wrong, which the job reports.
    private static func profile(_ settings: Configuration) -> ExtractionProfile? {
      if let name = settings.profile { return try? ExtractionProfile.named(name) }
      guard let model = settings.model else { return try? ExtractionProfile.named(ExtractionProfile.defaultName) }
      guard let text = try? ModelBundle.profile(at: model) else { return nil }
      return try? ExtractionProfile(bytes: text, name: "of the model")
    }

    func run() throws {
      try limits.apply()
      let settings = try Configuration.load(config, copy: configText)
      // The sandbox takes text: an open descriptor replaces a name that is not text.
      let descriptor = inputEncoded.map { _ in
        (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
          open($0.baseAddress!, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        }
      }
      let level = try WorkerSandbox.enter(
        settings, input: descriptor.map { "/proc/self/fd/\($0)" } ?? input, output: nil, scratch: scratch)
      StandardError.write("sandbox \(level)\n")
      var object = JSONObject()
      let report = try probeStudy(
        path: path, region: RegionRequest(configured: settings.roi), phase: settings.phase,
        archives: ArchiveLimits(settings), scratch: scratch, threads: settings.threads, profile: Self.profile(settings))
      switch report.readiness {
      case .complete: object.append("state", "complete")
      case .urgent:
        object.append("state", "complete")
        object.append("priority", "urgent")
      case .incomplete(let error):
        object.append("state", "incomplete")
        object.append("error", error.json)
      case .needsReview(let error):
        object.append("state", "needs-review")
        object.append("error", error.json)
      case .rejected(let error):
        object.append("state", "rejected")
        object.append("error", error.json)
      }
      if let memory = report.memory { object.append("memory_mb", .integer((memory >> 20) + 1)) }
      if let content = report.content {
        object.append("content", ["files": .string(content.files), "digest": .string(content.digest)])
      }
      try Output.write(JSONValue.object(object).fileBytes(.compact), to: nil)
    }
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
