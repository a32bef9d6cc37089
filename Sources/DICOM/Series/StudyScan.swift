package import Errors
package import Files
import Parallel

/// A DICOM object that is not an image: a structure set, a segmentation, a report.
package struct DICOMObject: Sendable {
  package enum Kind: String, Sendable, Codable { case rtStructureSet, segmentation, other }

  package let kind: Kind
  package let header: ImageHeader
  /// The other parts of an object that is stored in several files, in order.
  package var furtherParts: [ImageHeader] = []

  package var file: StudyFile { header.file }
}

/// The contents of a study's folder.
package struct StudyScan: Sendable {
  /// Image series of any modality, by series number, then UID. Phases that share a series are separate series:
  /// see `splitPhases`.
  package var series: [Series]
  /// DICOM objects that are not images, by file name.
  package var objects: [DICOMObject]
  /// Files that are not DICOM: masks among them, `study.yaml`.
  package var otherFiles: [StudyFile]
  /// DICOM files that cannot be read and belong to no series: the reasons, each with its `file`.
  package var damaged: [StudyError]
  /// Hidden files, links, indexes: not opened.
  package var skipped: [RelativePath]

  /// Series that may be a CT volume.
  package var ctSeries: [Series] { series.filter(\.isCT) }

  /// Refuses a study with a damaged DICOM file, because its content is unknown.
  ///
  /// - Throws: the first of `damaged`.
  package func requireUndamaged() throws(StudyError) {
    if let first = damaged.first { throw first }
  }
}

/// Scans a study's folder at any depth: every file by its content, headers only.
///
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`. A damaged file is not an error here: it is listed.
package func scanStudy(
  _ folder: String, limits: ScanLimits = ScanLimits(), threads: Int = defaultThreadCount
) throws(StudyError) -> StudyScan {
  let walk = try FolderWalk.run(Array(folder.utf8), limits: limits)
  return try scanStudy(files: walk.files, skipped: walk.skipped, threads: threads)
}

/// The regular files below a study's folder, and the entries that are not opened.
///
/// - Parameter folder: its path, which need not be text.
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`.
package func listStudy(
  _ folder: [UInt8], limits: ScanLimits = ScanLimits()
) throws(StudyError) -> (files: [StudyFile], skipped: [RelativePath]) {
  let walk = try FolderWalk.run(folder, limits: limits)
  return (walk.files, walk.skipped)
}

/// Scans files wherever they are, as `scanStudy` of a folder does.
package func scanStudy(
  files: [StudyFile], skipped: [RelativePath], threads: Int = defaultThreadCount
) throws(StudyError) -> StudyScan {
  let kinds = Parallel.map(files.count, threads: threads) { index -> Result<FileKind, StudyError> in
    do throws(StudyError) { return .success(try readHeader(files[index])) } catch { return .failure(error) }
  }
  var scan = StudyScan(series: [], objects: [], otherFiles: [], damaged: [], skipped: skipped)
  var images: [String: [ImageHeader]] = [:]
  var others: [StudyFile] = []
  for (file, kind) in zip(files, kinds) {
    switch kind {
    case .success(.image(let header)):
      if let object = object(header) {
        scan.objects.append(object)
      } else {
        images[header.seriesUID, default: []].append(header)
      }
    case .success(.frames(let frames)): images[frames[0].seriesUID, default: []] += frames
    case .success(.directory): scan.skipped.append(file.name)
    case .success(.other): others.append(file)
    case .failure(let error):
      if error.code == .io || error.code == .notFound { throw error }
      // A damaged index loses nothing: files are found without it.
      if file.name.isDirectoryIndex {
        scan.skipped.append(file.name)
        continue
      }
      scan.damaged.append(error)
    }
  }
  let folders = Dictionary(
    images.values.joined().map { ($0.file.name.folder, $0.file.name.isPlain) }, uniquingKeysWith: { $0 || $1 })
  for file in others {
    if let damage = try brokenImage(file, beside: folders) {
      scan.damaged.append(damage)
    } else {
      scan.otherFiles.append(file)
    }
  }
  scan.damaged.sort { ($0.file ?? "") < ($1.file ?? "") }
  for uid in images.keys {
    // A fault of the whole series applies to each of the phases into which it may be split.
    let fault = ConcatenationParts.groups(images[uid] ?? []).compactMap(\.fault).first
    if let fault, images[uid]?[0].damage == nil { images[uid]?[0].damage = fault }
  }
  scan.objects = joined(scan.objects)
  scan.series = images.map { Series(uid: $0.key, images: $0.value) }
    .sorted { ($0.number ?? .max, $0.uid) < ($1.number ?? .max, $1.uid) }
    .flatMap(splitPhases)
  return scan
}

/// Segmentations that are stored in several parts as one object each. Missing parts are the error of the parts that are
/// present.
private func joined(_ objects: [DICOMObject]) -> [DICOMObject] {
  let groups = ConcatenationParts.groups(objects.filter { $0.kind == .segmentation }.map(\.header))
  guard !groups.isEmpty else { return objects }
  var whole: [String: DICOMObject] = [:]
  for group in groups {
    var first = group.headers[0]
    if first.damage == nil { first.damage = group.fault }
    whole[first.sopInstanceUID] = DICOMObject(
      kind: .segmentation, header: first, furtherParts: Array(group.headers.dropFirst()))
  }
  var taken: Set<String> = []
  return objects.compactMap { object in
    guard object.kind == .segmentation, object.header.concatenation != nil else { return object }
    let instance = object.header.sopInstanceUID
    return taken.insert(instance).inserted ? whole[instance] : nil
  }
}

/// A header as an object, where it is not an image of a volume.
func object(_ header: ImageHeader) -> DICOMObject? {
  switch header.sopClassUID {
  case SOPClass.rtStructureSet: DICOMObject(kind: .rtStructureSet, header: header)
  case SOPClass.segmentation, SOPClass.labelMapSegmentation: DICOMObject(kind: .segmentation, header: header)
  default: header.pixels == nil && !SOPClass.isCT(header.sopClassUID) ? DICOMObject(kind: .other, header: header) : nil
  }
}

/// Reads a DICOM object that is not an image, such as a named mask; nil where the file is not such an object.
///
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_DICOM_MALFORMED`, `E_TRUNCATED`, `E_LIMIT`, `E_INVALID_UID`, `E_UNSUPPORTED_TS`.
package func openObject(_ file: StudyFile) throws(StudyError) -> DICOMObject? {
  guard case .image(let header) = try readHeader(file) else { return nil }
  return object(header)
}
