internal import DICOM
internal import Errors
internal import Imaging

/// A study's folder, looked through: series, candidates for the mask, and the user's choices.
struct StudyContents: Sendable {
  let scan: StudyScan
  let choices: StudyChoices
  /// NIfTI files: candidates for the mask.
  let labelMaps: [StudyFile]
  /// Files whose ending says NRRD or MetaImage, which are not read yet.
  let otherMasks: [StudyFile]

  /// - Throws: as `scanStudy`, and `E_STUDY_YAML`.
  init(folder: String, threads: Int) throws {
    scan = try scanStudy(folder, threads: threads)
    var choices = StudyChoices()
    var labelMaps: [StudyFile] = []
    var otherMasks: [StudyFile] = []
    for file in scan.otherFiles {
      guard let path = file.path else { continue }
      if file.display == StudyChoices.fileName {
        choices = try StudyChoices(path: path)
      } else if NIfTIReader.isNIfTI(path) {
        labelMaps.append(file)
      } else if [".nrrd", ".nhdr", ".mha", ".mhd"].contains(where: { path.lowercased().hasSuffix($0) }) {
        otherMasks.append(file)
      }
    }
    self.choices = choices
    self.labelMaps = labelMaps
    self.otherMasks = otherMasks
  }
}
