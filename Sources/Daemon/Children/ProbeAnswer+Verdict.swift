internal import Documents
internal import Errors
internal import Intake
internal import Jobs

extension ProbeAnswer {
  /// What a probe printed; nil where it is no answer.
  private static func read(_ output: [UInt8]) -> ProbeAnswer? {
    try? JSONDocument.decode(ProbeAnswer.self, from: output)
  }

  /// What the study's archives hold; nil where it says nothing of it.
  static func content(_ output: [UInt8]) -> ArchivedContent? {
    read(output)?.content.flatMap { ArchivedContent(files: $0.files, digest: $0.digest) }
  }

  /// - Parameter exit: how the probe ended; anything but 0 is a fault of ours and says nothing of the study.
  static func verdict(exit: Int32?, output: [UInt8]) -> Settling.Verdict {
    guard exit == 0, let answer = read(output) else { return .unknown }
    switch (answer.state, answer.error?.checked) {
    // Which series or region is meant is asked by the job, which can wait for the answer.
    case ("complete", _), ("needs-review", _): return answer.priority == "urgent" ? .urgent : .complete
    case ("incomplete", let error?): return .incomplete(error)
    case ("rejected", let error?): return .rejected(error)
    default: return .unknown
    }
  }

  /// MiB that computing the study takes at most, as far as the probe could tell: a number from a child that reads a
  /// stranger's files, so it only decides how many run at once, within limits.
  static func memory(exit: Int32?, output: [UInt8]) -> Int? {
    guard exit == 0 else { return nil }
    return read(output)?.memory.flatMap { (1...1 << 30).contains($0) ? $0 : nil }
  }
}
