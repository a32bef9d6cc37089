package import Archive
package import Configuration
internal import Report

/// One study to compute: the result depends only on these, whatever the caller (`process`, `worker`, a test).
package struct StudyRequest: Sendable {
  /// The study's name in results: its folder's name.
  package var study: String
  /// The job's identifier, or an empty text outside the daemon.
  package var job: String
  /// The study's folder, or an archive; it is only read.
  package var input: String
  /// An existing folder for the result's files.
  package var output: String
  /// The model bundle's folder; nil computes features and gives no prediction.
  package var model: String?
  /// Whose signatures are accepted, and the result of a case outside the training cohort.
  package var policy: ModelPolicy
  /// A bundle that is scored besides the model into `shadow.json`, which is never listed or published.
  package var shadow: String?
  /// Built-in profile or parameter file; nil uses the model's, or jiao2024.
  package var profile: String?
  /// The region of the mask; `study.yaml` is used where this requests none.
  package var region: RegionRequest
  /// Regular expression for the description of the wanted phase, where a mask fits several series by geometry.
  package var phase: String
  /// Which values the pictures show as grey.
  package var window: PictureWindow
  /// The language that the report shows first.
  package var language: ReportLanguage
  /// An operator's choices for this study; they override `study.yaml`.
  package var choices: StudyChoices
  /// The job of an earlier drop of the same series with fewer files; nil for none.
  package var supersedes: String?
  package var archives: ArchiveLimits
  /// An existing private folder to unpack archives in; nil uses the system's folder for temporary files.
  package var scratch: String?
  package var threads: Int

  package init(
    study: String, job: String = "", input: String, output: String, model: String? = nil,
    policy: ModelPolicy = ModelPolicy(), shadow: String? = nil, profile: String? = nil,
    region: RegionRequest = RegionRequest(), phase: String = Configuration.excretoryPhase,
    window: PictureWindow = .softTissue, language: ReportLanguage = .english, choices: StudyChoices = StudyChoices(),
    supersedes: String? = nil,
    archives: ArchiveLimits = ArchiveLimits(),
    scratch: String? = nil,
    threads: Int
  ) {
    self.study = study
    self.job = job
    self.input = input
    self.output = output
    self.model = model
    self.policy = policy
    self.shadow = shadow
    self.profile = profile
    self.region = region
    self.phase = phase
    self.window = window
    self.language = language
    self.choices = choices
    self.supersedes = supersedes
    self.archives = archives
    self.scratch = scratch
    self.threads = threads
  }
}

extension DisplayWindow {
  /// The configured one.
  init(_ window: PictureWindow) {
    switch window {
    case .softTissue: self = .softTissue
    case .excretory: self = .excretory
    case .custom(let level, let width): self.init(level: level, width: width)
    }
  }
}

extension ReportPage.Language {
  /// The configured one.
  init(_ language: ReportLanguage) {
    self = language == .chinese ? .chinese : .english
  }
}
