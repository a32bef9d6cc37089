internal import Foundation

/// The choice that a job in `needs-review` waits for, and its candidates, by the job's error.
package struct ReviewQuestion: Sendable, Equatable {
  package enum Kind: Sendable {
    case series, mask, region, label
  }

  package struct Candidate: Sendable, Equatable {
    /// The text that chooses it: a UID, a file, a number.
    package var value: String
    /// For people: a description or a name from a file, not escaped.
    package var title: String
  }

  /// Nil where an impossible choice was made: the error states which.
  package let kind: Kind?
  package let candidates: [Candidate]
  /// Whether all candidates are known: long lists are truncated.
  package let isWhole: Bool

  package init(_ error: JobError) {
    switch error.code {
    case "E_NEEDS_SERIES": kind = .series
    case "E_MASK_AMBIGUOUS": kind = .mask
    case "E_NEEDS_ROI": kind = .region
    case "E_NEEDS_LABEL": kind = .label
    default: kind = nil
    }
    let prefix =
      switch kind {
      case .series: "series "
      case .mask: "mask "
      case .region: "region "
      case .label: "label "
      case nil: "\0"
      }
    let found = error.details.compactMap { key, value -> Candidate? in
      guard key.hasPrefix(prefix) else { return nil }
      return Candidate(value: String(key.dropFirst(prefix.count)), title: value)
    }
    candidates = found.sorted {
      (Int($0.value) ?? .max, $0.value) < (Int($1.value) ?? .max, $1.value)
    }
    isWhole = !found.isEmpty && error.details.count < JobError.maximumDetails
  }

  /// Why choices cannot be the answer, as far as it is known here; nil where they may be.
  package func objection(to choices: JobChoices) -> String? {
    switch kind {
    case .series:
      guard let series = choices.series else { return "the question is which series: give --series" }
      guard isWhole, !candidates.contains(where: { $0.value == series || $0.value.hasPrefix(series + "#") }) else {
        return nil
      }
      return "series \(series) is none of the candidates: \(listing)"
    case .mask:
      guard let mask = choices.mask else {
        // A label implies a label map, a segment or a name implies a mask that has some.
        let says = choices.series != nil || choices.roi != nil || choices.anyNumber != nil
        return says ? nil : "the question is which mask: give --mask"
      }
      guard isWhole, !candidates.contains(where: { $0.value == mask }) else { return nil }
      return "\(mask) is none of the candidates: \(listing)"
    case .region, .label:
      if kind == .region, choices.label != nil { return "the mask has regions and no labels: give --roi or --segment" }
      if kind == .label, choices.segment != nil { return "the mask has labels and no segments: give --label" }
      if let number = choices.anyNumber { return objection(toNumber: number) }
      guard let roi = choices.roi else {
        return kind == .region
          ? "the question is which region: give --roi or --segment" : "the question is which label: give --label"
      }
      if let number = Int(roi.hasPrefix("#") ? String(roi.dropFirst()) : roi) { return objection(toNumber: number) }
      return objection(toName: roi)
    case nil: return nil
    }
  }

  private func objection(toNumber number: Int) -> String? {
    guard isWhole, !candidates.contains(where: { $0.value == String(number) }) else { return nil }
    return "number \(number) is none of the candidates: \(listing)"
  }

  /// The worker checks patterns and codes; a plain name must be one of the names.
  private func objection(toName name: String) -> String? {
    let isPlain = !name.contains { #"\^$.|?*+()[]{}:"#.contains($0) }
    let wanted = Self.folded(name)
    guard kind == .region, isWhole, isPlain, !candidates.contains(where: { Self.folded($0.title) == wanted }) else {
      return nil
    }
    return "no region is '\(name)'; there are \(listing)"
  }

  private var listing: String {
    candidates.map { kind == .region ? "#\($0.value) \($0.title)" : $0.value }.joined(separator: ", ")
  }

  private static func folded(_ text: String) -> String {
    text.precomposedStringWithCompatibilityMapping.lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

extension JobError {
  /// Facts beyond this number are dropped.
  package static let maximumDetails = 64
}
