/// A stable name for one cause of failure, for users, scripts and `docs/errors.md`.
///
/// Each module declares its own codes in an extension, beside the code that throws them.
package struct ErrorCode: Sendable, Hashable, CustomStringConvertible {
  /// `E_` and words in capitals, for example `E_SLICE_GAP`. Never changes its meaning.
  package let name: String
  /// The exit status of a command with this cause.
  package let exit: ExitStatus

  package init(_ name: String, _ exit: ExitStatus) {
    self.name = name
    self.exit = exit
  }

  package var description: String { name }
}

extension ErrorCode {
  /// A fault of radiomicsd itself: a promise between two of its parts was broken.
  package static let internalFault = ErrorCode("E_INTERNAL", .internal)
  /// Reading or writing a file failed.
  package static let io = ErrorCode("E_IO", .io)
  /// A named file or folder does not exist.
  package static let notFound = ErrorCode("E_NOT_FOUND", .inputMissing)
  /// A file ends before the size in its header.
  package static let truncated = ErrorCode("E_TRUNCATED", .badInput)
  /// More files, bytes or levels of nesting than are accepted.
  package static let limit = ErrorCode("E_LIMIT", .badInput)
  /// The command line was wrong.
  package static let usage = ErrorCode("E_USAGE", .usage)
}
