/// A stable name for one cause of failure, as users, scripts and `docs/errors.md` know it.
///
/// Each module declares its own codes in an extension, beside the code that throws them.
public struct ErrorCode: Sendable, Hashable, CustomStringConvertible {
  /// `E_` and words in capitals, for example `E_SLICE_GAP`. Never changes its meaning.
  public let name: String
  /// The exit status of a command with this cause.
  public let exit: ExitStatus

  public init(_ name: String, _ exit: ExitStatus) {
    self.name = name
    self.exit = exit
  }

  public var description: String { name }
}

extension ErrorCode {
  /// A fault of radiomicsd itself: a promise between two of its parts was broken.
  public static let internalFault = ErrorCode("E_INTERNAL", .internal)
  /// Reading or writing a file failed.
  public static let io = ErrorCode("E_IO", .io)
  /// A file or folder that was named is not there.
  public static let notFound = ErrorCode("E_NOT_FOUND", .inputMissing)
  /// A file ends before what its header promises.
  public static let truncated = ErrorCode("E_TRUNCATED", .badInput)
  /// More files, bytes or levels of nesting than are accepted.
  public static let limit = ErrorCode("E_LIMIT", .badInput)
  /// The command line was wrong.
  public static let usage = ErrorCode("E_USAGE", .usage)
}
