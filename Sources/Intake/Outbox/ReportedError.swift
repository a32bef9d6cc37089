public import Jobs

/// An error as a child reports it in JSON: `{"code", "message", "hint", "details"}`. Facts may be texts or numbers.
public struct ReportedError: Decodable {
  private struct Fact: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let text = try? value.decode(String.self) {
        self.text = text
      } else if let number = try? value.decode(Int.self) {
        text = String(number)
      } else {
        text = try String(value.decode(Double.self))
      }
    }
  }

  private var code: String
  private var message: String?
  private var hint: String?
  private var details: [String: Fact]?

  /// The error with its code checked and its texts cut; nil where the code is none.
  public var checked: JobError? {
    ResultFolder.jobError(code: code, message: message, hint: hint, details: details?.mapValues(\.text))
  }
}
