package import Archive
internal import DICOM
package import Errors
internal import Imaging

/// The contents of a study's folder, the pair that would be computed, and why: everything except computing.
package struct StudyInspection: Sendable {
  /// A series of images.
  struct SeriesReport: Sendable {
    let series: Series
    /// Nil where it is not a usable CT volume.
    let stack: SliceStack?
    let error: StudyError?
  }

  /// A file that may be a mask.
  struct MaskReport: Sendable {
    let file: String
    /// Nil where the file cannot be opened.
    let mask: MaskSource?
    /// With voxels counted where the kind of file has voxels.
    let regions: [MaskRegion]
    let fits: [MaskFit]
    let error: StudyError?
  }

  /// The pair that `process` would compute.
  struct Outcome: Sendable {
    let pair: Pair
    let region: String
    let label: Int
    let voxels: Int
    let notes: [Note]
    let unused: [UnusedFile]
  }

  let series: [SeriesReport]
  let masks: [MaskReport]
  /// Objects and files that are neither.
  let others: [String]
  let damaged: [StudyError]
  let archives: [StudyFolder.OpenedArchive]
  let outcome: Outcome?
  /// Why the study would be refused.
  package let refusal: StudyError?

  /// Unused files; of a refused study, those that are neither image nor mask.
  var unused: [UnusedFile] {
    outcome?.unused
      ?? others.filter { file in
        let name = (file.split(separator: "/").last ?? "").utf8
        return StudyFileName.instructions(name) == .no && !StudyFileName.isHarmless(name)
      }.map { UnusedFile(file: $0, reason: "neither image nor mask") }
  }

  /// Scans a folder.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`, where the folder cannot be scanned at all.
  package init(
    folder: String, region: RegionRequest, phase: String, choices: StudyChoices = StudyChoices(),
    archives limits: ArchiveLimits = ArchiveLimits(), threads: Int
  ) throws {
    let study = try StudyFolder(folder, archives: limits)
    defer { study.discard() }
    archives = study.archives
    let scan = try study.scan(threads: threads)
    series = scan.series.map { series in
      do throws(StudyError) {
        return SeriesReport(series: series, stack: try checkGeometry(series), error: nil)
      } catch {
        return SeriesReport(series: series, stack: nil, error: error)
      }
    }
    let candidates = SeriesCandidates(scan.ctSeries, among: scan.series)
    var masks: [MaskReport] = []
    var others: [String] = []
    for object in scan.objects {
      if object.kind == .other {
        others.append(object.file.display)
      } else {
        masks.append(MaskReport(object.file, candidates) { try MaskSource(object: object) })
      }
    }
    for file in scan.otherFiles {
      if let report = MaskReport(labelMap: file, candidates) {
        masks.append(report)
      } else {
        others.append(file.display)
      }
    }
    self.masks = masks
    self.others = others
    damaged = scan.damaged
    do {
      outcome = try Self.outcome(study, choices, region, phase, threads)
      refusal = nil
    } catch let error as StudyError {
      outcome = nil
      refusal = error
    }
  }

  private static func outcome(
    _ folder: StudyFolder, _ choices: StudyChoices, _ region: RegionRequest, _ phase: String, _ threads: Int
  ) throws -> Outcome {
    let contents = try StudyContents(folder, choices: choices, threads: threads)
    let pair = try Pair.find(in: contents, region, phase: phase)
    // As in `process`: an unreadable file may be a slice of the series.
    try contents.scan.requireUndamaged()
    let found = try pair.mask.extract(region.applying(contents.choices), on: pair.stack)
    let notes = try checkROI(found.mask, file: pair.mask.file.display)
    return Outcome(
      pair: pair, region: found.name, label: found.mask.label, voxels: found.mask.count,
      notes: contents.notes + folder.notes + pair.stack.warnings + pair.notes + found.notes + notes,
      unused: contents.unused(besides: pair))
  }
}

extension StudyInspection.MaskReport {
  /// Nil where the file is not a label map.
  init?(labelMap file: StudyFile, _ candidates: SeriesCandidates) {
    do {
      guard let mask = try MaskSource(labelMap: file) else { return nil }
      self.init(file, candidates) { mask }
    } catch {
      self.init(file, candidates) { throw error }
    }
  }

  init(_ file: StudyFile, _ candidates: SeriesCandidates, _ open: () throws -> MaskSource) {
    self.file = file.display
    var mask: MaskSource?
    var regions: [MaskRegion] = []
    var fits: [MaskFit] = []
    var failure: StudyError?
    do {
      let opened = try open()
      mask = opened
      regions = try opened.countedRegions()
      fits = try MaskFit.find(opened, in: candidates)
    } catch let error as StudyError {
      failure = error.file == nil ? error.naming(file) : error
    } catch {
      failure = StudyError(.internalFault, "\(error)", file: file.display)
    }
    self.mask = mask
    self.regions = regions
    self.fits = fits
    self.error = failure
  }
}
