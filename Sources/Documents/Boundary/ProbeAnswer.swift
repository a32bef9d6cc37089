/// What `radiomicsd worker probe` prints: one line.
package struct ProbeAnswer: Sendable, Equatable, DocumentValue {
  /// What archives hold, as two digests.
  package struct Content: Sendable, Equatable, Codable {
    package var files: String
    package var digest: String

    package init(files: String, digest: String) {
      self.files = files
      self.digest = digest
    }
  }

  /// `complete`, `incomplete`, `needs-review` or `rejected`.
  package var state: String
  /// `urgent`, or nil.
  package var priority: String?
  package var error: ReportedError?
  /// MiB that computing the study takes at most.
  package var memory: Int?
  package var content: Content?

  package init(_ state: String, priority: String? = nil, error: ReportedError? = nil) {
    self.state = state
    self.priority = priority
    self.error = error
  }

  private enum CodingKeys: String, CodingKey {
    case state, priority, error, content
    case memory = "memory_mb"
  }

  package var json: JSONValue {
    var object: JSONObject = ["state": .string(state)]
    object.append("priority", ifPresent: priority.map(JSONValue.string))
    object.append("error", ifPresent: error?.json)
    object.append("memory_mb", ifPresent: memory.map(JSONValue.integer))
    object.append(
      "content", ifPresent: content.map { ["files": .string($0.files), "digest": .string($0.digest)] })
    return .object(object)
  }
}
