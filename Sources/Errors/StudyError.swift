/// Why something was refused or failed: a stable code, what happened, where, and what the user can do.
///
/// Text that comes from a file (names, DICOM values) may stand in any field: every rendering escapes it.
public struct StudyError: Error, Sendable, Equatable {
  public var code: ErrorCode
  /// What happened, with the numbers.
  public var message: String
  /// The file concerned, relative to the study where there is one.
  public var file: String?
  /// Index of the slice concerned along the series' normal, from 0.
  public var slice: Int?
  /// The user's next step.
  public var hint: String
  /// More facts for machines: positions, candidate lists.
  public var details: [String: String]

  public init(
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
  public var description: String {
    var line = "\(code.name): \(message.escapedForLine)"
    var place: [String] = []
    if let file { place.append("file \(file.escapedForLine)") }
    if let slice { place.append("slice \(slice)") }
    if !place.isEmpty { line += " (\(place.joined(separator: ", ")))" }
    if !hint.isEmpty { line += "; \(hint.escapedForLine)" }
    return line
  }
}
