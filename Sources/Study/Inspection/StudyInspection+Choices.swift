internal import DICOM
internal import Errors
internal import Imaging

extension StudyInspection {
  /// A line that a user may write into `study.yaml` where a study waits for a choice.
  struct Choice: Sendable, Equatable {
    /// A line of YAML, such as `image: 1.2.3#acquisition-2`.
    let line: String
    /// Its meaning, for people.
    let meaning: String
  }

  /// The choices that would resolve the refusal; empty where no choice can.
  var choices: [Choice] {
    switch refusal?.code {
    case .needsSeries:
      let fitting = asked.flatMap(\.fits).map(\.series.series)
      return (fitting.isEmpty ? usable : fitting).map { Choice(line: "image: \($0.identifier)", meaning: $0.summary) }
    case .noSeries: return usable.map { Choice(line: "image: \($0.identifier)", meaning: $0.summary) }
    case .maskAmbiguous:
      let asked = refusal?.details ?? [:]
      return masks.filter { asked["mask \($0.file)"] != nil && !$0.file.contains("%") }
        .map { Choice(line: "mask: \(Self.quoted($0.file))", meaning: asked["mask \($0.file)"] ?? "") }
    case .needsROI:
      return regions.map { Choice(line: "roi: '#\($0.number)'", meaning: "\($0.name) (\($0.extent))") }
    case .needsLabel, .labelMissing:
      return regions.map { Choice(line: "label: \($0.number)", meaning: $0.extent) }
    default: return []
    }
  }

  private var usable: [Series] { series.filter { $0.stack != nil }.map(\.series) }

  /// The mask that the refusal names, otherwise all.
  private var asked: [MaskReport] {
    let named = masks.filter { $0.file == refusal?.file }
    return named.isEmpty ? masks : named
  }

  /// Maximum number of listed regions.
  static let mostRegions = 200

  private var regions: [MaskRegion] {
    Array(asked.flatMap(\.regions).filter { $0.isUsable && $0.number >= 0 }.prefix(Self.mostRegions))
  }

  /// A text in unambiguous YAML.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}

extension Series {
  /// `Excretory 5mm, 87 images`.
  fileprivate var summary: String { "\(description.text), \(count) images" }
}
