public import Archive
public import Configuration
internal import DICOM
internal import DICOMMasks
public import Errors
internal import Imaging
public import Radiomics

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
  /// Bytes that computing a complete study takes at most, as far as that can be told.
  public var memory: Int?
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
///
/// - Parameter profile: what will be computed; the memory of a complete study is estimated with it.
public func probeStudy(
  path: [UInt8], region: RegionRequest, phase: String, archives: ArchiveLimits, scratch: String?, threads: Int,
  profile: ExtractionProfile? = nil
) throws -> ProbeReport {
  do {
    let study = try StudyFolder(path, archives: archives, scratch: scratch)
    defer { study.discard() }
    var memory: Int?
    let readiness = try look(at: study, region: region, phase: phase, threads: threads, profile, &memory)
    switch readiness {
    case .complete, .urgent, .needsReview:
      return ProbeReport(readiness: readiness, content: try study.content(threads: threads), memory: memory)
    case .incomplete, .rejected: return ProbeReport(readiness: readiness)
    }
  } catch let error as StudyError {
    return ProbeReport(readiness: try readiness(error))
  }
}

private func look(
  at study: StudyFolder, region: RegionRequest, phase: String, threads: Int, _ profile: ExtractionProfile?,
  _ memory: inout Int?
) throws -> Readiness {
  do {
    let contents = try StudyContents(study, threads: threads)
    let pair = try Pair.find(in: contents, region, phase: phase)
    // A mask that is still being copied has its header but not its voxels.
    let drawn = try pair.mask.extract(region.applying(contents.choices), on: pair.stack)
    try contents.scan.requireUndamaged()
    if let profile, let box = BoundingBox(of: drawn.mask) {
      memory = profile.memoryEstimate(image: pair.stack.geometry, box: box, threads: threads)
    }
    return contents.choices.isUrgent ? .urgent : .complete
  } catch let error as StudyError {
    return try readiness(error)
  }
}

/// What an error says of the study; thrown on where it says nothing.
private func readiness(_ error: StudyError) throws -> Readiness {
  // Instructions that were read whole are not on their way any more.
  let isRead = error.code == .studyFile && !error.details.isEmpty
  if error.mayBeIncompleteCopy || mayBeMended.contains(error.code) && !isRead { return .incomplete(error) }
  if error.needsReview { return .needsReview(error) }
  if error.code.exit == .badInput || error.code == .notFound { return .rejected(error) }
  throw error
}

/// What a study whose copy is not finished looks like, beyond what a series alone shows (`mayBeIncompleteCopy`): files that
/// are absent or cut, and a mask that reaches past the slices that are there so far.
private let mayBeMended: Set<ErrorCode> = [
  .noSeries, .maskMissing, .corrupt, .geometryMismatch, .slicesMissing, .malformedDICOM, .studyFile, .notFound,
  .contourOutside,
  .archiveTruncated, .archiveFormat, .archiveCorrupt,
]
