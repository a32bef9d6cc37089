import Documents
import Foundation

/// A document as a reader sees it.
struct ParsedJSON {
  private let value: Any

  init(_ bytes: some Sequence<UInt8>) throws { value = try JSONSerialization.jsonObject(with: Data(bytes)) }

  init(_ document: JSONValue) throws { try self.init(document.fileBytes()) }

  private init(value: Any) { self.value = value }

  subscript(_ key: String) -> ParsedJSON? { (value as? [String: Any])?[key].map { ParsedJSON(value: $0) } }
  var array: [ParsedJSON]? { (value as? [Any])?.map { ParsedJSON(value: $0) } }
  var string: String? { value as? String }
  var number: Double? { (value as? NSNumber)?.doubleValue }
}
