internal import DICOM
internal import Errors
internal import Imaging

/// Several masks of one series: the same voxels, or a question.
struct MaskComparison {
  /// The result of one mask for the requested region.
  fileprivate enum Finding {
    case region(ExtractedRegion)
    /// It has no such region.
    case absent
    /// It is ambiguous, or has an error.
    case fault(StudyError)
  }

  struct Settled {
    let mask: MaskSource
    let fits: [MaskFit]
    let others: [(mask: MaskSource, reason: String)]
  }

  private let entries: [MaskSearch.Entry]
  private let request: RegionRequest

  /// - Parameter entries: at least two, the preferred one first.
  init(_ entries: [MaskSearch.Entry], _ request: RegionRequest) {
    self.entries = entries
    self.request = request
  }

  /// - Throws: `E_MASK_AMBIGUOUS` with each mask's volume and their overlap; the errors of a file that cannot be
  ///   read whole.
  func settle() throws -> Settled {
    let shared = entries.dropFirst().reduce(into: entries[0].fits.map(\.identifier)) { shared, entry in
      shared.removeAll { !entry.fits.map(\.identifier).contains($0) }
    }
    guard let common = entries[0].fits.first(where: { shared.contains($0.identifier) }) else {
      throw ambiguous(
        "\(entries.count) masks fit, on different series: "
          + entries.prefix(Self.mostListed).map { entry in
            "\(entry.mask.file.display) on \(entry.fits.map(\.series.series.listing).joined(separator: " or "))"
          }.joined(separator: ", "), describing: entries.map { ($0.mask, $0.mask.format.rawValue) })
    }
    let stack = common.series.stack
    var findings: [(entry: MaskSearch.Entry, finding: Finding)] = []
    for entry in entries { findings.append((entry, try find(entry.mask, on: stack))) }

    let absent = findings.filter { $0.finding.isAbsent }
    let present = findings.filter { !$0.finding.isAbsent }
    guard let first = present.first else {
      // None has it: the preferred one lists its regions.
      _ = try entries[0].mask.extract(request, on: stack)
      throw StudyError(.internalFault, "a region that is not there was read")
    }
    var others = absent.map { (mask: $0.entry.mask, reason: "has no region that is what was asked for") }
    if present.count > 1 {
      guard case .region(let wanted) = first.finding,
        present.dropFirst().allSatisfy({ $0.finding.region?.mask.voxels == wanted.mask.voxels })
      else { throw different(present, on: common) }
      others += present.dropFirst().map { other in
        (
          other.entry.mask,
          "holds the same voxels (\(other.finding.region?.title ?? "")) as \(first.entry.mask.file.display)"
        )
      }
    }
    return Settled(
      mask: first.entry.mask,
      fits: first.entry.fits.filter { present.count == 1 || shared.contains($0.identifier) }, others: others)
  }

  private func find(_ mask: MaskSource, on stack: SliceStack) throws -> Finding {
    do {
      return .region(try mask.extract(request, on: stack))
    } catch let error as StudyError {
      if lacks(mask, error) { return .absent }
      // A copy that is under way, or a file that cannot be read: no choice is missing.
      if error.mayBeIncompleteCopy || [.corrupt, .io, .notFound, .internalFault].contains(error.code) { throw error }
      return .fault(error)
    }
  }

  /// Whether the mask lacks the region requested for this study.
  private func lacks(_ mask: MaskSource, _ error: StudyError) -> Bool {
    guard request.isExplicit else { return false }
    if error.code == .labelMissing { return true }
    guard error.code == .needsROI, let regions = mask.regions else { return false }
    return !RegionSelection(regions: regions, file: mask.file.display).offers(request)
  }

  /// Maximum number of named masks, and of pairs of them.
  private static let mostListed = 10
  private static let mostPairs = 6

  private func different(
    _ found: [(entry: MaskSearch.Entry, finding: Finding)], on fit: MaskFit
  ) -> StudyError {
    let grid = fit.series.stack.geometry
    let voxel = grid.spacing.x * grid.spacing.y * grid.spacing.z / 1000
    let facts = found.map { item -> (mask: MaskSource, text: String) in
      let kind = item.entry.mask.format.rawValue
      switch item.finding {
      case .region(let region):
        return (item.entry.mask, "\(kind), \(region.title), \(Self.text(Double(region.mask.count) * voxel)) ml")
      case .fault(let error): return (item.entry.mask, "\(kind), \(error.code.name): \(error.message.prefix(200))")
      case .absent: return (item.entry.mask, kind)
      }
    }
    let regions = found.compactMap { item in item.finding.region.map { (item.entry.mask.file.display, $0.mask) } }
    let pairs = regions.indices.flatMap { i in regions.indices.filter { $0 > i }.map { (regions[i], regions[$0]) } }
    let overlap = pairs.prefix(Self.mostPairs).map { a, b in
      let dice = Self.text(Self.dice(a.1, b.1))
      return pairs.count == 1 ? "Dice \(dice)" : "Dice \(dice) of \(a.0) and \(b.0)"
    }
    let masks = facts.prefix(Self.mostListed).map { "\($0.mask.file.display) (\($0.text))" }
    return ambiguous(
      ([
        "\(facts.count) masks fit series \(fit.series.series.listing) and are not the same: "
          + masks.joined(separator: ", ") + (facts.count > masks.count ? ", and \(facts.count - masks.count) more" : "")
      ]
        + overlap).joined(separator: "; "), describing: facts)
  }

  private func ambiguous(_ message: String, describing masks: [(mask: MaskSource, text: String)]) -> StudyError {
    StudyError(
      .maskAmbiguous, message,
      hint: "leave one in the study, or name it: --mask FILE, or mask: FILE in \(StudyChoices.fileName)",
      details: Dictionary(
        masks.prefix(500).map { ("mask \($0.mask.file.display)", $0.text) }, uniquingKeysWith: { first, _ in first }))
  }

  private static func dice(_ a: Mask, _ b: Mask) -> Double {
    let both = zip(a.voxels, b.voxels).reduce(0) { $0 + ($1.0 & $1.1 != 0 ? 1 : 0) }
    return 2 * Double(both) / Double(max(1, a.count + b.count))
  }

  private static func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}

extension MaskComparison.Finding {
  fileprivate var region: ExtractedRegion? {
    if case .region(let region) = self { return region }
    return nil
  }

  fileprivate var isAbsent: Bool {
    if case .absent = self { return true }
    return false
  }
}

extension ExtractedRegion {
  /// Its name, or its label.
  fileprivate var title: String { name.isEmpty ? "label \(mask.label)" : name }
}

extension MaskFit {
  fileprivate var identifier: String { series.series.identifier }
}
