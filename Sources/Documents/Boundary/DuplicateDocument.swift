/// `duplicate.json`: the place of the result of the same content.
package struct DuplicateDocument: Sendable, Equatable, Codable {
  package static let fileName = "duplicate.json"

  package var schema = "radiomicsd.duplicate/1"
  package var study: String
  package var job: String
  package var status = "duplicate"
  package var duplicateOf: Original
  package var inputDigest: String
  package var notice = Notice.researchUse

  package struct Original: Sendable, Equatable, Codable {
    package var job: String
    package var study: String
    /// The folder in the outbox.
    package var result: String

    package init(job: String, study: String, result: String) {
      self.job = job
      self.study = study
      self.result = result
    }
  }

  package init(study: String, job: String, duplicateOf: Original, inputDigest: String) {
    self.study = study
    self.job = job
    self.duplicateOf = duplicateOf
    self.inputDigest = inputDigest
  }

  private enum CodingKeys: String, CodingKey {
    case schema, study, job, status, notice
    case duplicateOf = "duplicate_of"
    case inputDigest = "input_digest"
  }
}

/// What each document of the outbox says: whose it is.
package struct JobReference: Sendable, Codable {
  package var job: String
}
