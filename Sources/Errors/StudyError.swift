/// Why something was refused or failed: a stable code, what happened, where, and what the user can do.
///
/// Text that comes from a file (names, DICOM values) may stand in any field: every rendering escapes it.
package struct StudyError: Error, Sendable, Equatable {
  package var code: ErrorCode
  /// What happened, with the numbers.
  package var message: String
  /// The file concerned, relative to the study where there is one.
  package var file: String?
  /// Index of the slice concerned along the series' normal, from 0.
  package var slice: Int?
  /// The user's next step.
  package var hint: String
  /// More facts for machines: positions, candidate lists.
  package var details: [String: String]

  package init(
    _ code: ErrorCode, _ message: String, file: String? = nil, slice: Int? = nil, hint: String = "",
    details: [String: String] = [:]
  ) {
    self.code = code
    self.message = message
    self.file = file
    self.slice = slice
    self.hint = hint
    self.details = details
  }
}

extension StudyError: CustomStringConvertible {
  /// One line: `E_CODE: what, where (file, slice), what to do`, with foreign text escaped.
  package var description: String {
    var line = "\(code.name): \(message.escapedForLine)"
    var place: [String] = []
    if let file { place.append("file \(file.escapedForLine)") }
    if let slice { place.append("slice \(slice)") }
    if !place.isEmpty { line += " (\(place.joined(separator: ", ")))" }
    if !hint.isEmpty { line += "; \(hint.escapedForLine)" }
    return line
  }
}
