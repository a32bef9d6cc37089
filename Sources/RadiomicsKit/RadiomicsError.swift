internal import Errors

/// Why something was refused or failed: a stable code, what happened, where, and what to do.
///
/// Codes never change their meaning; `docs/errors.md` of the repository explains each.
public struct RadiomicsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// `E_` and words in capitals, for example `E_MASK_EMPTY`.
  public let code: String
  /// What happened, with the numbers.
  public let message: String
  /// The file concerned, where there is one.
  public let file: String?
  /// What to do next; may be empty.
  public let hint: String
  /// More facts for programs: labels that are there, positions.
  public let details: [String: String]
  /// One line: code, message, file and hint; text from files is escaped.
  public let description: String

  init(_ error: StudyError) {
    code = error.code.name
    message = error.message
    file = error.file
    hint = error.hint
    details = error.details
    description = error.description
  }

  /// Runs the engine, whose errors are all of one type; any other is a fault of this library.
  static func wrap<Value>(_ body: () throws -> Value) throws(RadiomicsError) -> Value {
    do {
      return try body()
    } catch let error as StudyError {
      throw RadiomicsError(error)
    } catch {
      throw RadiomicsError(StudyError(.internalFault, "\(error)", hint: "report this, with the files that lead to it"))
    }
  }
}
