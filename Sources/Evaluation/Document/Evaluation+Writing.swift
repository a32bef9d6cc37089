internal import Errors
internal import Glibc
internal import Report

extension Evaluation {
  /// Names of the files of a report.
  public static let fileNames = ["evaluation.json", "report.html", "predictions.csv"]

  /// `evaluation.json`'s bytes.
  public func jsonBytes() -> [UInt8] { json.fileBytes() }

  /// `report.html`'s bytes.
  public func htmlBytes() -> [UInt8] { EvaluationPage(evaluation: self).bytes() }

  /// Writes the report's files into a folder, which is made where it is absent. The same study gives the same bytes.
  ///
  /// - Throws: `io`, naming the file.
  public static func writeReport(_ study: StudyResults, to folder: String) throws -> Evaluation {
    let evaluation = Evaluation(study)
    try evaluation.write(to: folder)
    return evaluation
  }

  /// Writes `evaluation.json` and `report.html`.
  public func write(to folder: String) throws {
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw StudyError(
        .io, "cannot make the folder: \(String(cString: strerror(errno)))", file: folder,
        hint: "check that the folder above exists and may be written")
    }
    try ReportFile.write(jsonBytes(), to: "\(folder)/evaluation.json")
    try ReportFile.write(htmlBytes(), to: "\(folder)/report.html")
  }
}

/// A file that is whole or not there: written beside its place, then renamed.
enum ReportFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    let partial = "\(path).part"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        let error = failure(path)
        close(descriptor)
        unlink(partial)
        throw error
      }
      rest = rest.dropFirst(written)
    }
    guard close(descriptor) == 0, rename(partial, path) == 0 else {
      let error = failure(path)
      unlink(partial)
      throw error
    }
  }

  private static func failure(_ path: String) -> StudyError {
    StudyError(
      .io, "cannot write: \(String(cString: strerror(errno)))", file: path,
      hint: "check that the folder may be written and the disk is not full")
  }
}
