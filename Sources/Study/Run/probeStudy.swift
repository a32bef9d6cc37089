public import Archive
public import Configuration
internal import DICOM
public import Errors
internal import Imaging

/// Whether a study can be taken.
public enum Readiness: Sendable, Equatable {
  /// A series and a mask that fit each other.
  case complete
  /// The same, and `study.yaml` asks for priority.
  case urgent
  /// What is missing may still be on its way.
  case incomplete(StudyError)
  /// A person must choose between series, masks or regions.
  case needsReview(StudyError)
  /// No more files can mend it.
  case rejected(StudyError)
}

/// What a look at a study found.
public struct ProbeReport: Sendable, Equatable {
  public var readiness: Readiness
  /// Of a study with archives that can be taken: what they hold.
  public var content: StudyContent?
}

/// Looks at a study without computing: headers, sizes and grids only.
///
/// - Throws: where the folder cannot be read at all.
public func probeStudy(
  folder: String, region: RegionRequest = RegionRequest(), phase: String = Configuration.excretoryPhase,
  archives: ArchiveLimits = ArchiveLimits(), scratch: String? = nil, threads: Int
) throws -> Readiness {
  try probeStudy(
    path: Array(folder.utf8), region: region, phase: phase, archives: archives, scratch: scratch, threads: threads
  ).readiness
}

/// The same for a path that need not be text, a folder named in GBK; what archives hold is hashed as well.
public func probeStudy(
  path: [UInt8], region: RegionRequest, phase: String, archives: ArchiveLimits, scratch: String?, threads: Int
) throws -> ProbeReport {
  do {
    let study = try StudyFolder(path, archives: archives, scratch: scratch)
    defer { study.discard() }
    let readiness = try look(at: study, region: region, phase: phase, threads: threads)
    switch readiness {
    case .complete, .urgent, .needsReview:
      return ProbeReport(readiness: readiness, content: try study.content(threads: threads))
    case .incomplete, .rejected: return ProbeReport(readiness: readiness)
    }
  } catch let error as StudyError {
    return ProbeReport(readiness: try readiness(error))
  }
}

private func look(at study: StudyFolder, region: RegionRequest, phase: String, threads: Int) throws -> Readiness {
  do {
    let contents = try StudyContents(study, threads: threads)
    let pair = try contents.pair(phase: phase)
    // A mask that is still being copied has its header but not its voxels.
    _ = try pair.mask.extract(region.applying(contents.choices), on: pair.stack)
    try contents.scan.requireUndamaged()
    return contents.choices.isUrgent ? .urgent : .complete
  } catch let error as StudyError {
    return try readiness(error)
  }
}

/// What an error says of the study; thrown on where it says nothing.
private func readiness(_ error: StudyError) throws -> Readiness {
  if error.mayBeIncompleteCopy || mayBeMended.contains(error.code) { return .incomplete(error) }
  if error.needsReview { return .needsReview(error) }
  if error.code.exit == .badInput || error.code == .notFound { return .rejected(error) }
  throw error
}

/// What a study whose copy is not finished looks like, beyond what a series alone shows (`mayBeIncompleteCopy`): files that
/// are absent or cut, and a mask that reaches past the slices that are there so far.
private let mayBeMended: Set<ErrorCode> = [
  .noSeries, .maskMissing, .corrupt, .geometryMismatch, .malformedDICOM, .studyFile, .notFound, .contourOutside,
  .archiveTruncated, .archiveFormat, .archiveCorrupt,
]
