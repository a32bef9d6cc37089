package import Documents
package import Jobs

extension ReportedError {
  package init(_ error: JobError) {
    self.init(
      code: error.code, message: error.message, hint: error.hint,
      details: JSONObject(error.details.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, .string($0.value)) })
    )
  }

  /// The error with its code checked and its texts cut; nil where the code is none, or a detail neither text nor number.
  package var checked: JobError? {
    let letters = code.utf8.dropFirst(2)
    guard code.hasPrefix("E_"), (3...64).contains(code.utf8.count),
      letters.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }), let texts
    else { return nil }
    func cut(_ text: String?) -> String { String((text ?? "").prefix(2000)) }
    let facts = texts.sorted { $0.key < $1.key }.prefix(JobError.maximumDetails)
    return JobError(
      code: code, message: cut(message), hint: cut(hint),
      details: Dictionary(facts.map { (cut($0.key), cut($0.value)) }, uniquingKeysWith: { first, _ in first }))
  }
}
