internal import Archive
internal import DICOM
internal import Errors
internal import Imaging

extension StudyInspection {
  /// The same for people, a fact a line, foreign text escaped.
  public var lines: [String] {
    var lines: [String] = []
    for archive in archives {
      lines.append("archive  \(archive.file.display) \(archive.kind.rawValue), \(archive.members) files".escapedForLine)
      for name in archive.nested { lines.append("         not opened: \(name)".escapedForLine) }
    }
    for report in series { lines += report.lines }
    for report in masks { lines += report.lines }
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
    } else if let refusal {
      lines.append("refused  \(refusal)")
    }
    return lines
  }
}

extension StudyInspection.SeriesReport {
  fileprivate var lines: [String] {
    var lines = [
      "series   \(series.uid) \(series.modality) '\(series.description.text)', \(series.count) files".escapedForLine
    ]
    if let stack {
      let grid = stack.geometry
      lines.append(
        "         \(grid.size.x) x \(grid.size.y) x \(grid.size.z) voxels of \(grid.spacing.x) x \(grid.spacing.y) x \(grid.spacing.z) mm, origin \(grid.origin.x) \(grid.origin.y) \(grid.origin.z)"
      )
      for dropped in stack.dropped {
        lines.append("         left out \(dropped.file.display) (\(dropped.reason.rawValue))".escapedForLine)
      }
    }
    if let error { lines.append("         not usable: \(error)") }
    return lines
  }
}

extension StudyInspection.MaskReport {
  fileprivate var lines: [String] {
    var lines = ["mask     \(file) \(mask?.format.rawValue ?? "")".escapedForLine]
    for region in regions {
      lines.append("         \(region.listing.escapedForLine)\(region.isUsable ? "" : ", not usable")")
    }
    for fit in fits { lines.append("         fits \(fit.series.series.uid), by \(fit.reason.rawValue)") }
    if let error { lines.append("         fits nothing: \(error)") }
    return lines
  }
}
