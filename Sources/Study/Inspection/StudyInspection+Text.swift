internal import Archive
internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Imaging

extension StudyInspection {
  /// The same for people, one fact per line, foreign text escaped.
  package var lines: [String] {
    var lines: [String] = []
    for archive in archives {
      lines.append("archive  \(archive.file.display) \(archive.kind.rawValue), \(archive.members) files".escapedForLine)
      for name in archive.nested { lines.append("         not opened: \(name)".escapedForLine) }
    }
    for report in series { lines += report.lines }
    let present = Set(series.map(\.series.uid))
    for report in masks { lines += report.lines(seriesPresent: present) }
    for error in damaged { lines.append("damaged  \(error)") }
    if !others.isEmpty {
      lines.append("other    \(others.count) file(s): " + others.prefix(10).joined(separator: ", ").escapedForLine)
    }
    if let outcome {
      let pair = outcome.pair
      lines.append("pairing  mask   \(pair.mask.file.display.escapedForLine)")
      lines.append("         series \(pair.series.listing.escapedForLine), by \(pair.reason.rawValue)")
      lines.append(
        "         region \(outcome.region.isEmpty ? "label \(outcome.label)" : outcome.region.escapedForLine), \(outcome.voxels) voxels"
      )
      for note in outcome.notes { lines.append("         note   \(note)") }
      for file in unused.prefix(UnusedFile.mostListed) {
        lines.append("unused   \(file.file): \(file.reason)".escapedForLine)
      }
      if unused.count > UnusedFile.mostListed {
        lines.append("unused   and \(unused.count - UnusedFile.mostListed) more files")
      }
    } else if let refusal {
      lines.append("refused  \(refusal)")
      for (i, choice) in choices.enumerated() {
        let begin = i == 0 ? "\(StudyChoices.fileName) may say  " : "                    "
        lines.append((begin + "\(choice.line)    (\(choice.meaning))").escapedForLine)
      }
    }
    return lines
  }
}

extension StudyInspection.SeriesReport {
  fileprivate var lines: [String] {
    var lines = [
      "series   \(series.identifier) \(series.modality) '\(series.description.text)', \(series.count) files"
        .escapedForLine
    ]
    if let stack {
      let grid = stack.geometry
      lines.append(
        "         \(grid.size.x) x \(grid.size.y) x \(grid.size.z) voxels of \(grid.spacing.x) x \(grid.spacing.y) x \(grid.spacing.z) mm, origin \(grid.origin.x) \(grid.origin.y) \(grid.origin.z)"
      )
      if grid.direction != .identity {
        lines.append(
          "         axes \(grid.direction.rowMajor.map { "\($0)" }.joined(separator: " ")) (columns of a matrix, LPS)")
      }
      for dropped in stack.dropped {
        lines.append("         left out \(dropped.file.display) (\(dropped.reason.rawValue))".escapedForLine)
      }
    }
    if let error { lines.append("         not usable: \(error)") }
    return lines
  }
}

extension StudyInspection.MaskReport {
  fileprivate func lines(seriesPresent: Set<String>) -> [String] {
    var lines = ["mask     \(file) \(mask?.format.rawValue ?? "")".escapedForLine]
    for region in regions.prefix(StudyInspection.mostRegions) {
      lines.append("         \(region.listing.escapedForLine)\(region.isUsable ? "" : ", not usable")")
    }
    if regions.count > StudyInspection.mostRegions {
      lines.append("         and \(regions.count - StudyInspection.mostRegions) more regions")
    }
    for uid in (mask?.references?.series.keys.sorted() ?? []).prefix(20) {
      lines.append(
        "         refers to series \(uid)\(seriesPresent.contains(uid) ? "" : ", which is not in the study")")
    }
    for fit in fits { lines.append("         fits \(fit.series.series.identifier), by \(fit.reason.rawValue)") }
    for note in Set(fits.flatMap(\.notes).map { "\($0)" }).sorted() { lines.append("         note \(note)") }
    if let error { lines.append("         fits nothing: \(error)") }
    return lines
  }
}
