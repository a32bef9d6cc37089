package import Errors

/// `error.json`: why a study has no result. A worker writes it for the daemon, and the daemon into the outbox.
package struct ErrorDocument: Sendable, Equatable, DocumentValue {
  package static let fileName = "error.json"
  package static let schema = "radiomicsd.error/1"

  package var job: String?
  package var study: String?
  /// `rejected`: the input can never be computed; `needs-review`: a person must choose; `failed`: the attempts are used up.
  package var status: String?
  package var error: ReportedError
  /// Identity of the worker; nil in the outbox.
  package var software: JSONObject?

  package init(job: String, study: String, status: String, error: ReportedError, software: JSONObject? = nil) {
    self.job = job
    self.study = study
    self.status = status
    self.error = error
    self.software = software
  }

  package var json: JSONValue {
    var object: JSONObject = ["schema": .string(Self.schema)]
    object.append("job", ifPresent: job.map(JSONValue.string))
    object.append("study", ifPresent: study.map(JSONValue.string))
    object.append("status", ifPresent: status.map(JSONValue.string))
    object.append("error", error.json)
    object.append("software", ifPresent: software.map(JSONValue.object))
    object.append("notice", .string(Notice.researchUse))
    return .object(object)
  }
}

/// An error as a process reports it: `{"code", "message", "hint", "details"}`. Details are texts or numbers.
package struct ReportedError: Sendable, Equatable, DocumentValue {
  package var code: String
  package var message: String?
  package var hint: String?
  package var details: JSONObject?

  package init(code: String, message: String, hint: String, details: JSONObject) {
    self.code = code
    self.message = message
    self.hint = hint
    self.details = details
  }

  /// File and slice stand first among the details.
  package init(_ error: StudyError) {
    var facts = JSONObject()
    facts.append("file", ifPresent: error.file.map(JSONValue.string))
    facts.append("slice", ifPresent: error.slice.map(JSONValue.integer))
    for (name, value) in error.details.sorted(by: { $0.key < $1.key }) { facts.append(name, .string(value)) }
    self.init(code: error.code.name, message: error.message, hint: error.hint, details: facts)
  }

  package var json: JSONValue {
    [
      "code": .string(code), "message": .string(message ?? ""), "hint": .string(hint ?? ""),
      "details": .object(details ?? JSONObject()),
    ]
  }

  /// The details as texts; nil where one is neither text nor number.
  package var texts: [String: String]? {
    var texts: [String: String] = [:]
    for member in details?.members ?? [] {
      switch member.value {
      case .string(let text): texts[member.name] = text
      case .integer(let integer): texts[member.name] = String(integer)
      case .number(let number): texts[member.name] = String(number)
      default: return nil
      }
    }
    return texts
  }
}

extension StudyError {
  /// What `error.json` and `--json` show of it.
  package var json: JSONValue { ReportedError(self).json }
}
