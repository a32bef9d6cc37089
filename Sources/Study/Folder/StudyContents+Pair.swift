internal import DICOM
internal import Documents

extension StudyContents {
  /// Besides image and mask: the archives that were opened, and `study.yaml`.
  func recordedInputs() throws -> [ResultDocument.Input] {
    try folder.archives.map { try ConvertedStudy.input("archive", $0.file) }
      + (choicesFile.map { [try ConvertedStudy.input(StudyChoices.fileName, $0)] } ?? [])
  }
}
