public import Errors
public import Files
import Parallel

/// A DICOM object that is no image: a structure set, a segmentation, a report.
public struct DICOMObject: Sendable {
  public enum Kind: String, Sendable, Codable { case rtStructureSet, segmentation, other }

  public let kind: Kind
  public let header: ImageHeader
  /// The other parts of an object that is stored in several files, in order.
  public var furtherParts: [ImageHeader] = []

  public var file: StudyFile { header.file }
}

/// What a study's folder holds, by content.
public struct StudyScan: Sendable {
  /// Image series of any modality, by series number, then UID. Phases that share a series are series of their own:
  /// see `splitPhases`.
  public var series: [Series]
  /// DICOM objects that are no images, by file name.
  public var objects: [DICOMObject]
  /// Files that are no DICOM: masks among them, `study.yaml`.
  public var otherFiles: [StudyFile]
  /// DICOM files that cannot be read and belong to no series: why, each with its `file`.
  public var damaged: [StudyError]
  /// Hidden files, links, indexes: not looked into.
  public var skipped: [RelativePath]

  /// Series that may be a CT volume.
  public var ctSeries: [Series] { series.filter(\.isCT) }

  /// Refuses a study with a damaged DICOM file, since nobody can know what it was.
  ///
  /// - Throws: the first of `damaged`.
  public func requireUndamaged() throws(StudyError) {
    if let first = damaged.first { throw first }
  }
}

/// Looks through a study's folder at any depth: every file by its content, headers only.
///
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`. A damaged file is no error here: it is listed.
public func scanStudy(
  _ folder: String, limits: ScanLimits = ScanLimits(), threads: Int = defaultThreadCount
) throws(StudyError) -> StudyScan {
  let walk = try FolderWalk.run(Array(folder.utf8), limits: limits)
  return try scanStudy(files: walk.files, skipped: walk.skipped, threads: threads)
}

/// The regular files below a study's folder, and what is not looked into.
///
/// - Parameter folder: its path, which need not be text.
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`.
public func listStudy(
  _ folder: [UInt8], limits: ScanLimits = ScanLimits()
) throws(StudyError) -> (files: [StudyFile], skipped: [RelativePath]) {
  let walk = try FolderWalk.run(folder, limits: limits)
  return (walk.files, walk.skipped)
}

/// Looks at files wherever they lie, as `scanStudy` of a folder does.
public func scanStudy(
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
      // An index that is damaged loses nothing: files are found without it.
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
    // What is known of the whole series holds for each of the phases that it may be parted into.
    let fault = ConcatenationParts.groups(images[uid] ?? []).compactMap(\.fault).first
    if let fault, images[uid]?[0].damage == nil { images[uid]?[0].damage = fault }
  }
  scan.objects = joined(scan.objects)
  scan.series = images.map { Series(uid: $0.key, images: $0.value) }
    .sorted { ($0.number ?? .max, $0.uid) < ($1.number ?? .max, $1.uid) }
    .flatMap(splitPhases)
  return scan
}

/// Segmentations that are stored in several parts as one object each. Where parts are missing, that is what is wrong with
/// those that are here.
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

/// A header as an object, where it is no image to make a volume of.
func object(_ header: ImageHeader) -> DICOMObject? {
  switch header.sopClassUID {
  case SOPClass.rtStructureSet: DICOMObject(kind: .rtStructureSet, header: header)
  case SOPClass.segmentation, SOPClass.labelMapSegmentation: DICOMObject(kind: .segmentation, header: header)
  default: header.pixels == nil && !SOPClass.isCT(header.sopClassUID) ? DICOMObject(kind: .other, header: header) : nil
  }
}
