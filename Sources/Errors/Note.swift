/// An accepted oddity that a reader of the result should know: `GEOM_ROUNDED`, `ROI_TOUCHES_BORDER`.
///
/// An error refuses a study; a note is part of its result (`warnings` in `result.json`).
package struct Note: Sendable, Hashable, Codable {
  /// Stable words in capitals, without the `E_` of an error.
  package var code: String
  /// The observation, with the numbers. It may contain text from a file: every rendering escapes it.
  package var message: String

  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

extension Note: CustomStringConvertible {
  /// One line, `CODE: message`, with foreign text escaped.
  package var description: String { "\(code.escapedForLine): \(message.escapedForLine)" }
}
