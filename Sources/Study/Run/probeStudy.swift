package import Archive
internal import Configuration
internal import DICOM
internal import DICOMMasks
package import Errors
internal import Imaging
package import Radiomics

/// Whether a study can be claimed.
package enum Readiness: Sendable, Equatable {
  /// A series and a mask that fit each other.
  case complete
  /// The same, and `study.yaml` requests priority.
  case urgent
  /// The missing part may still arrive.
  case incomplete(StudyError)
  /// A person must choose between series, masks or regions.
  case needsReview(StudyError)
  /// No more files can help.
  case rejected(StudyError)
}

/// The result of probing a study.
package struct ProbeReport: Sendable, Equatable {
  package var readiness: Readiness
  /// Of a study with archives that can be claimed: their contents.
  package var content: StudyContent?
  /// Maximum bytes for computing a complete study, as far as it can be estimated.
  package var memory: Int?
}

/// Probes a study without computing: headers, sizes and grids only.
///
/// - Throws: where the folder cannot be read at all.
package func probeStudy(
  folder: String, region: RegionRequest = RegionRequest(), phase: String = Configuration.excretoryPhase,
  archives: ArchiveLimits = ArchiveLimits(), scratch: String? = nil, threads: Int
) throws -> Readiness {
  try probeStudy(
    path: Array(folder.utf8), region: region, phase: phase, archives: archives, scratch: scratch, threads: threads
  ).readiness
}

/// The same for a path that need not be text, such as a folder named in GBK; the contents of archives are hashed as
/// well.
///
/// - Parameter profile: the profile to compute; the memory of a complete study is estimated with it.
package func probeStudy(
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

/// The readiness that an error implies; rethrown where it implies none.
private func readiness(_ error: StudyError) throws -> Readiness {
  // Instructions that were read completely will not change any more.
  let isRead = error.code == .studyFile && !error.details.isEmpty
  if error.mayBeIncompleteCopy || mayBeMended.contains(error.code) && !isRead { return .incomplete(error) }
  if error.needsReview { return .needsReview(error) }
  if error.code.exit == .badInput || error.code == .notFound { return .rejected(error) }
  throw error
}

/// Signs of a study whose copy is not finished, beyond those of a series alone (`mayBeIncompleteCopy`): files that
/// are absent or truncated, and a mask that extends beyond the existing slices.
private let mayBeMended: Set<ErrorCode> = [
  .noSeries, .maskMissing, .corrupt, .geometryMismatch, .slicesMissing, .malformedDICOM, .studyFile, .notFound,
  .contourOutside,
  .archiveTruncated, .archiveFormat, .archiveCorrupt,
]
