/// Something that was accepted but that a reader of the result should know: `GEOM_ROUNDED`, `ROI_TOUCHES_BORDER`.
///
/// An error refuses a study; a note travels with its result (`warnings` in `result.json`).
public struct Note: Sendable, Hashable, Codable {
  /// Stable words in capitals, without the `E_` of an error.
  public var code: String
  /// The observation, with the numbers. It may contain text from a file: every rendering escapes it.
  public var message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

extension Note: CustomStringConvertible {
  /// One line, `CODE: message`, with foreign text escaped.
  public var description: String { "\(code.escapedForLine): \(message.escapedForLine)" }
}
