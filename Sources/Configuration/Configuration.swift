/// The contents of `radiomicsd.yaml`: folders of studies and results, model and profile, waiting times,
/// and the daemon's share of the machine.
///
/// The same file serves `serve`, `process`, `worker` and `jobs`; only `serve` and `jobs` need the folders.
/// The meaning, unit, default and limits of each key are also in `etc/radiomicsd.yaml`.
package struct Configuration: Sendable, Equatable {
  /// The file that it was read from, as an absolute path; nil for the defaults.
  package var path: String?
  /// The text that it was read from; empty for the defaults.
  package var text = ""

  /// Where studies are dropped; one folder per study. Key `inbox`.
  package var inbox: String?
  /// Where results appear, complete or not at all. Key `outbox`.
  package var outbox: String?
  /// The daemon's private folder on a local disk: database, lock, private copies, work folders. Key `state`.
  package var state: String?
  /// Whether a state folder that other users may enter is refused. Key `state_permissions`.
  package var statePermissions = StatePermissions.ownerOnly
  /// Where originals of finished studies are moved. Key `done`.
  package var done: String?
  /// Where originals of rejected and failed studies are moved. Key `failed`.
  package var failed: String?
  /// One text file per study with its status. Key `status`.
  package var status: String?

  /// The model bundle's folder; nil computes features and gives no prediction. Key `model`.
  package var model: String?
  /// A bundle that is scored besides the model and shown only to the administrator; nil for none. Key `model.shadow`.
  package var shadowModel: String?
  /// The result of a case outside the training cohort; nil: a demonstration model gives no probability, any other model
  /// its probability with a warning. Key `model.out_of_distribution`.
  package var outOfDistribution: OutOfDistributionPolicy?
  /// Whether a bundle without a signature by a trusted key is refused. Key `model.require_signature`.
  package var requireSignature = false
  /// Trusted signers: minisign public keys. Key `model.trusted_keys`.
  package var trustedKeys: [String] = []
  /// A built-in profile's name or a PyRadiomics parameter file; nil uses the model's profile. Key `profile`.
  package var profile: String?
  /// Which region of the mask is the tumour. Key `roi`.
  package var roi = RegionChoice()
  /// Regular expression, case-insensitive, for the Series Description or Protocol Name of the wanted phase, where a
  /// mask fits several series by geometry. Key `phase`.
  package var phase = Configuration.excretoryPhase

  /// Which values the pictures show as grey. Key `window`.
  package var window = PictureWindow.softTissue

  /// The language that `report.html` shows first. Key `report_language`.
  package var reportLanguage = ReportLanguage.english

  /// The name of the excretory phase on scanners.
  package static let excretoryPhase = "排泄|延迟|excret|delay|urogra"

  /// Jobs computed at the same time, 1...256. Key `max_jobs`.
  package var maxJobs = 1
  /// Threads of one job, 1...1024; 0 divides the processors among `maxJobs`. Key `threads_per_job`.
  package var threadsPerJob = 0
  /// Seconds of wall time a job may take before it is killed, > 0. Key `time_limit_seconds`.
  package var timeLimit: Double = 1800
  /// Address space of one job in MiB; 0 sets no limit. Key `memory_limit_mb`.
  package var memoryLimit = 16384
  /// MiB that all running jobs may take together; 0: nine tenths of what the machine and the control group
  /// leave. Key `memory_budget_mb`.
  package var memoryBudget = 0

  /// How far the kernel confines workers. Key `sandbox`.
  package var sandbox = SandboxMode.auto

  /// Seconds without a change of a study's listing before the study is probed. Key `settle_seconds`.
  package var settle: Double = 10
  /// Seconds between full listings of the inbox without events. Key `rescan_seconds`.
  package var rescan: Double = 60
  /// Seconds until an unfinished inbox listing is reported as stalled, at least 0.1. Key `stall_seconds`.
  package var stall: Double = 120
  /// Seconds without change after which an incomplete study is rejected. Key `incomplete_seconds`; 12 x `settle`.
  package var incomplete: Double = 120
  /// Seconds before each retry of a job that crashed; the last value is repeated. Key `retry_seconds`.
  package var retry: [Double] = [30, 120]
  /// Crashed runs of a job before it is `failed`, 1...100. Key `max_attempts`.
  package var maxAttempts = 3
  /// Consecutive crashes of different jobs before computing pauses, 1...1000. Key `crash_limit`.
  package var crashLimit = 5
  /// Seconds between two trial jobs while computing is paused after crashes. Key `crash_probe_seconds`.
  package var crashProbe: Double = 300
  /// Seconds for running jobs to finish after SIGTERM. Key `stop_seconds`.
  package var stopGrace: Double = 60

  /// MiB that stay free on the disk of `state`: a study that needs more than the rest waits, 0...16,777,216. Key
  /// `reserve_mb`.
  package var reserve = 256

  /// Maximum number of files and folders in an archive, 1...1,000,000. Key `archive_max_entries`.
  package var archiveEntries = 20_000
  /// MiB to which the archives of one study may unpack, 1...1,048,576. Key `archive_max_mb`.
  package var archiveMegabytes = 16_384
  /// Maximum ratio of an archive's unpacked size to its own, 2...100,000; not checked below 512 MiB.
  /// Key `archive_max_ratio`.
  package var archiveRatio = 100

  /// What happens to the dropped folder after its result is published. Key `originals`.
  package var originals = OriginalsPolicy.move
  /// A Unix socket that serves the daemon's metrics; nil for none. Key `metrics_socket`.
  package var metricsSocket: String?
  /// The lowest level that is logged. Key `log_level`.
  package var logLevel = LogLevel.info

  package init() {}
}

/// Who may enter the state folder, which contains copies of studies and the record.
package enum StatePermissions: String, Sendable, CaseIterable {
  /// Its owner only; otherwise the daemon does not start.
  case ownerOnly = "private"
  /// As its mode allows: the administrator is responsible.
  case asFound = "as-found"
}

/// What happens to the dropped folder after its result is published.
package enum OriginalsPolicy: String, Sendable, CaseIterable {
  /// Moved to `done` or `failed`.
  case move
  /// Put back where it was dropped; it is claimed again only when it has changed.
  case keep
  /// Deleted when the study is done; otherwise moved to `failed`, so that a refusal loses nothing.
  case delete
}

/// The result of a case outside the model's training cohort.
package enum OutOfDistributionPolicy: String, Sendable, CaseIterable {
  /// Its probability, with a warning.
  case flag
  /// No probability, and the reason.
  case withhold
}

/// The languages of `report.html`.
package enum ReportLanguage: String, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"
}

/// Which values a picture shows as grey: a preset, or centre and width in HU.
package enum PictureWindow: Sendable, Equatable {
  /// 400 HU around 40 HU. `soft-tissue`.
  case softTissue
  /// 1200 HU around 300 HU: structures in contrast medium stay visible. `ctu`.
  case excretory
  /// Level (centre) and width, both HU.
  case custom(level: Double, width: Double)
}

/// Severity of a log line, most urgent first.
package enum LogLevel: String, Sendable, CaseIterable {
  case error, warning, info, debug
}

/// Which region of a mask is the tumour. All empty: the mask must contain exactly one region.
package struct RegionChoice: Sendable, Equatable {
  /// Names of the region in RTSTRUCT or SEG, tried in order. Key `roi.names`.
  package var names: [String] = []
  /// The label value in a label map, > 0. Key `roi.label`.
  package var label: Int?
  /// True when all labels of a label map together are the region. Key `roi.labels: union`.
  package var union = false

  package init() {}
}
