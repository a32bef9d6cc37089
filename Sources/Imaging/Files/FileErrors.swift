package import Errors

extension ErrorCode {
  /// Compressed data that does not expand, or whose checksum is wrong.
  package static let corrupt = ErrorCode("E_CORRUPT", .badInput)
  /// Voxel values that no volume here can represent.
  package static let pixelType = ErrorCode("E_PIXEL_TYPE", .badInput)
}

extension GzipFailure {
  /// The failure as an error for users.
  ///
  /// - Parameter announced: bytes that the file's header announces.
  func error(file: String, announced: Int) -> StudyError {
    switch self {
    case .truncated:
      StudyError(
        .truncated, "the data end too early: \(announced) bytes are announced", file: file, hint: "copy the file again")
    case .corrupt:
      StudyError(
        .corrupt, "the compressed data are damaged", file: file, hint: "copy the file again, or export it again")
    case .tooLong:
      StudyError(
        .limit, "the data expand to far more than the \(announced) bytes that the header announces", file: file,
        hint: "do not trust this file")
    }
  }
}
