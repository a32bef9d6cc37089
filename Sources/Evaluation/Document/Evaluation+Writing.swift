internal import Documents
internal import Files

extension Evaluation {
  /// Names of the files of a report.
  package static let fileNames = ["evaluation.json", "report.html", "predictions.csv"]

  /// `evaluation.json`'s bytes.
  package func jsonBytes() -> [UInt8] { json.fileBytes() }

  /// `report.html`'s bytes.
  package func htmlBytes() -> [UInt8] { EvaluationPage(evaluation: self).bytes() }

  /// Writes the report's files into a folder, which is created if absent. The same study gives the same bytes.
  ///
  /// - Throws: `io`, naming the file.
  package static func writeReport(_ study: ExperimentResults, to folder: String) throws -> Evaluation {
    let evaluation = Evaluation(study)
    try evaluation.write(to: folder)
    return evaluation
  }

  /// Writes `evaluation.json` and `report.html`.
  package func write(to folder: String) throws {
    try OutputPath.makeFolder(folder)
    try writeFile(jsonBytes(), to: "\(folder)/evaluation.json")
    try writeFile(htmlBytes(), to: "\(folder)/report.html")
  }
}
