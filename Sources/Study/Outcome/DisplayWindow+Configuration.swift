internal import Configuration
internal import Report

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
