public import Errors

/// `error.json`: why a study has no result.
public struct ErrorDocument: Sendable {
  public static let schema = "radiomicsd.error/1"

  public var job: String
  public var study: String
  /// `rejected`: the input can never be computed; `failed`: the attempts are used up.
  public var status: String
  public var error: StudyError
  public var software: JSONObject

  public init(job: String, study: String, status: String, error: StudyError, software: JSONObject) {
    self.job = job
    self.study = study
    self.status = status
    self.error = error
    self.software = software
  }

  public var json: JSONValue {
    [
      "schema": .string(Self.schema),
      "job": .string(job),
      "study": .string(study),
      "status": .string(status),
      "error": error.json,
      "software": .object(software),
      "notice": .string(Notice.researchUse),
    ]
  }
}

extension StudyError {
  /// `{"code", "message", "hint", "details"}`, as in `error.json` and `--json`. File and slice come first among
  /// the details.
  public var json: JSONValue {
    var facts = JSONObject()
    facts.append("file", ifPresent: file.map(JSONValue.string))
    facts.append("slice", ifPresent: slice.map(JSONValue.integer))
    for (name, value) in details.sorted(by: { $0.key < $1.key }) { facts.append(name, .string(value)) }
    return [
      "code": .string(code.name), "message": .string(message), "hint": .string(hint), "details": .object(facts),
    ]
  }
}
