internal import Configuration
internal import Report

extension DisplayWindow {
  /// As the configuration names it.
  init(_ window: PictureWindow) {
    switch window {
    case .softTissue: self = .softTissue
    case .excretory: self = .excretory
    case .custom(let level, let width): self.init(level: level, width: width)
    }
  }
}

extension ReportPage.Language {
  /// As the configuration names it.
  init(_ language: ReportLanguage) {
    self = language == .chinese ? .chinese : .english
  }
}
