internal import Errors
internal import Foundation
internal import Intake
internal import Jobs

/// Reads what `radiomicsd worker probe` says.
enum ProbeAnswer {
  private struct Document: Decodable {
    struct Reason: Decodable {
      var code: String
      var message: String?
      var hint: String?
      var details: [String: String]?
    }
    var state: String
    var error: Reason?
  }

  /// - Parameter exit: how the probe ended; anything but 0 is a fault of ours and says nothing of the study.
  static func verdict(exit: Int32?, output: [UInt8]) -> Settling.Verdict {
    guard exit == 0, let document = try? JSONDecoder().decode(Document.self, from: Data(output)) else {
      return .unknown
    }
    let error = document.error.flatMap {
      ResultFolder.jobError(code: $0.code, message: $0.message, hint: $0.hint, details: $0.details)
    }
    switch (document.state, error) {
    case ("complete", _): return .complete
    case ("incomplete", let error?): return .incomplete(error)
    case ("rejected", let error?): return .rejected(error)
    default: return .unknown
    }
  }
}
