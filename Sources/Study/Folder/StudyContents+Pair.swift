internal import DICOM
internal import Errors
internal import Report

extension StudyContents {
  /// The study's series and mask, as `Pair.find`; an error that asks which mask is meant also lists them for machines.
  func pair(phase: String) throws -> Pair {
    do {
      return try Pair.find(in: self, phase: phase)
    } catch var error as StudyError {
      guard error.code == .maskAmbiguous else { throw error }
      let candidates = SeriesCandidates(try chosenSeries(), among: scan.series)
      for mask in try chosenMasks() where (try? MaskSearch([mask], candidates).only(failure: nil)) != nil {
        error.details["mask \(mask.file.display)"] = mask.format.rawValue
      }
      throw error
    }
  }

  /// Besides image and mask: the archives that were opened, and `study.yaml`.
  func recordedInputs() throws -> [ResultDocument.Input] {
    try folder.archives.map { try ConvertedStudy.input("archive", $0.file) }
      + (choicesFile.map { [try ConvertedStudy.input(StudyChoices.fileName, $0)] } ?? [])
  }
}
