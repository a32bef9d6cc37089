internal import Documents
internal import Errors
internal import Intake
internal import Jobs

extension ProbeAnswer {
  /// What a probe printed; nil where it is no answer.
  private static func read(_ output: [UInt8]) -> ProbeAnswer? {
    try? JSONDocument.decode(ProbeAnswer.self, from: output)
  }

  /// Content of the study's archives; nil where the answer has none.
  static func content(_ output: [UInt8]) -> ArchivedContent? {
    read(output)?.content.flatMap { ArchivedContent(files: $0.files, digest: $0.digest) }
  }

  /// - Parameter exit: how the probe ended; any status but 0 is a fault of the service and says nothing about the
  ///   study.
  static func verdict(exit: Int32?, output: [UInt8]) -> Settling.Verdict {
    guard exit == 0, let answer = read(output) else { return .unknown }
    switch (answer.state, answer.error?.checked) {
    // The job asks which series or region is meant, because it can wait for the answer.
    case ("complete", _), ("needs-review", _): return answer.priority == "urgent" ? .urgent : .complete
    case ("incomplete", let error?): return .incomplete(error)
    case ("rejected", let error?): return .rejected(error)
    default: return .unknown
    }
  }

  /// Estimated MiB, at most, for computing the study: a number from a child that reads untrusted
  /// files, so it only decides how many run at once, within limits.
  static func memory(exit: Int32?, output: [UInt8]) -> Int? {
    guard exit == 0 else { return nil }
    return read(output)?.memory.flatMap { (1...1 << 30).contains($0) ? $0 : nil }
  }
}
