internal import Foundation

/// Documents that are read, and those whose keys are written in the order of the alphabet.
package enum JSONDocument {
  /// Keys in order, indented, a line end at the end.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [0x0A]
  }

  /// A document of any layout; names that the type does not know are passed over.
  package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}
