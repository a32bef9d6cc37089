internal import DICOM
internal import Documents
internal import Errors
internal import Imaging

/// A scanned study: series, candidates for the mask, and the user's choices.
struct StudyContents: Sendable {
  private(set) var scan: StudyScan
  /// Notes on files skipped by force.
  private(set) var notes: [Note] = []
  let choices: StudyChoices
  let folder: StudyFolder
  let instructions: InstructionFiles
  /// Files skipped by force.
  private(set) var passedOver: [String] = []
  /// `study.yaml`, if there is one.
  var choicesFile: StudyFile? { instructions.file }

  /// - Parameter chosen: an operator's choices; they override `study.yaml`.
  /// - Throws: as `scanStudy`, and `E_STUDY_YAML`.
  init(_ folder: StudyFolder, choices chosen: StudyChoices = StudyChoices(), threads: Int) throws {
    self.folder = folder
    scan = try folder.scan(threads: threads)
    instructions = try InstructionFiles(among: scan.otherFiles, skipped: scan.skipped)
    let written =
      try instructions.file.map { file in
        try file.withReadablePath { try StudyChoices(path: $0, file: file.display) }
      } ?? StudyChoices()
    choices = written.adding(chosen)
    notes = instructions.notes
    if choices.mask == nil { leaveOutDamagedLabelMaps() }
    guard let reason = choices.force else { return }
    let files = scan.damaged.compactMap(\.file)
    passedOver = files
    notes += [
      Note(
        code: "FORCED",
        message: "computed on request (\(reason))"
          + (files.isEmpty
            ? "" : " without \(files.count) files that cannot be read: \(files.prefix(10).joined(separator: ", "))"))
    ]
    scan.damaged = []
  }

  /// The CT series, or the one that `study.yaml` names.
  ///
  /// - Throws: `E_NO_SERIES`.
  func chosenSeries() throws -> [Series] {
    let all = scan.ctSeries
    guard !all.isEmpty else {
      try scan.requireUndamaged()
      try folder.requireNoNested()
      throw StudyError(
        .noSeries, "the study has no CT series", hint: "add the DICOM files of the CT series to the study's folder")
    }
    guard let wanted = choices.image else { return all }
    let chosen = all.filter { $0.isNamed(wanted) }
    guard !chosen.isEmpty else {
      throw StudyError(
        .noSeries,
        "\(StudyChoices.fileName) names a series that is not there; there are "
          + all.map(\.listing).joined(separator: "; "), file: StudyChoices.fileName,
        hint: "correct the SeriesInstanceUID (or UID#part) after image:",
        details: Dictionary(
          all.map { ("series \($0.identifier)", $0.description.text) }, uniquingKeysWith: { first, _ in first }))
    }
    return chosen
  }

  /// A mask that cannot be read may be the intended one: it blocks the study like a damaged slice.
  private mutating func leaveOutDamagedLabelMaps() {
    // The voxels of a single mask are read when it is used.
    let several =
      scan.objects.filter { $0.kind != .other }.count + scan.otherFiles.filter(\.isNamedLikeLabelMap).count > 1
    var files: [StudyFile] = []
    for file in scan.otherFiles {
      if let damage = file.labelMapDamage(isReadWhole: several) {
        scan.damaged.append(damage)
      } else {
        files.append(file)
      }
    }
    scan.otherFiles = files
    scan.damaged.sort { ($0.file ?? "") < ($1.file ?? "") }
  }

  /// The file with a name: its path in the study, or in its archive.
  private static func file(_ name: String, among files: [StudyFile]) -> StudyFile? {
    if let exact = files.first(where: { $0.display == name }) { return exact }
    let below = files.filter { $0.stored != nil && $0.display.hasSuffix("/" + name) }
    return below.count == 1 ? below[0] : nil
  }

  /// The mask that `study.yaml` names, or every file that may be one.
  ///
  /// - Throws: `E_MASK_MISSING`, `E_MASK_UNSUPPORTED`, the errors of a mask.
  func chosenMasks() throws -> [MaskSource] {
    let objects = scan.objects.filter { $0.kind != .other }
    if let wanted = choices.mask {
      if let file = Self.file(wanted, among: objects.map(\.file)),
        let object = objects.first(where: { $0.file == file })
      {
        return [try MaskSource(object: object)]
      }
      if let file = Self.file(wanted, among: scan.otherFiles) {
        guard let mask = try MaskSource(labelMap: file) else {
          throw file.labelMapDamage(isReadWhole: false) ?? MaskSource.unsupported(wanted)
        }
        return [mask]
      }
      if let damaged = scan.damaged.first(where: { $0.file == wanted }) { throw damaged }
      guard !scan.objects.contains(where: { $0.file.display == wanted }) else { throw MaskSource.unsupported(wanted) }
      throw StudyError(
        .maskMissing, "\(StudyChoices.fileName) names a mask that is not there", file: wanted,
        hint: "correct the name after mask:")
    }
    let masks =
      try objects.map { try MaskSource(object: $0) } + scan.otherFiles.compactMap { try MaskSource(labelMap: $0) }
    guard !masks.isEmpty else {
      try scan.requireUndamaged()
      throw StudyError(
        .maskMissing, "the study has no mask",
        hint: "add the tumour's mask: RTSTRUCT, SEG, or a NIfTI or NRRD label map on the CT's grid")
    }
    return masks
  }
}

extension StudyContents {
  /// Besides image and mask: the archives that were opened, and `study.yaml`.
  func recordedInputs() throws -> [ResultDocument.Input] {
    try folder.archives.map { try ConvertedStudy.input("archive", $0.file) }
      + (choicesFile.map { [try ConvertedStudy.input(StudyChoices.fileName, $0)] } ?? [])
  }
}
