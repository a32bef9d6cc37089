internal import Errors
internal import Files
internal import Foundation
internal import Intake
internal import Jobs

/// Reads what `radiomicsd worker probe` says.
enum ProbeAnswer {
  private struct Document: Decodable {
    var state: String
    var priority: String?
    var memory: Int?
    var error: ReportedError?
    var content: Content?

    private enum CodingKeys: String, CodingKey {
      case state, priority, error, content
      case memory = "memory_mb"
    }
  }

  private struct Content: Decodable {
    var files: String
    var digest: String
  }

  /// What the study's archives hold; nil where it says nothing of it.
  static func content(_ output: [UInt8]) -> ArchivedContent? {
    let document = try? JSONDecoder().decode(Document.self, from: Data(output))
    return document?.content.flatMap { ArchivedContent(files: $0.files, digest: $0.digest) }
  }

  /// - Parameter exit: how the probe ended; anything but 0 is a fault of ours and says nothing of the study.
  static func verdict(exit: Int32?, output: [UInt8]) -> Settling.Verdict {
    guard exit == 0, let document = try? JSONDecoder().decode(Document.self, from: Data(output)) else {
      return .unknown
    }
    switch (document.state, document.error?.checked) {
    // Which series or region is meant is asked by the job, which can wait for the answer.
    case ("complete", _), ("needs-review", _): return document.priority == "urgent" ? .urgent : .complete
    case ("incomplete", let error?): return .incomplete(error)
    case ("rejected", let error?): return .rejected(error)
    default: return .unknown
    }
  }

  /// MiB that computing the study takes at most, as far as the probe could tell: a number from a child that reads a
  /// stranger's files, so it only decides how many run at once, within limits.
  static func memory(exit: Int32?, output: [UInt8]) -> Int? {
    guard exit == 0, let document = try? JSONDecoder().decode(Document.self, from: Data(output)) else { return nil }
    return document.memory.flatMap { (1...1 << 30).contains($0) ? $0 : nil }
  }
}
