/// A document or a part of one that is written as `json` says, keys in the documented order and absent facts as null where
/// readers expect the key, and that is read with a decoder.
package protocol DocumentValue: Codable {
  var json: JSONValue { get }
}

extension DocumentValue {
  package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

extension JSONValue: Codable {
  package init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: JSONName.self) {
      // A decoder gives the names in no order.
      let names = object.allKeys.sorted { $0.stringValue < $1.stringValue }
      self = .object(
        JSONObject(
          try names.map { JSONObject.Member($0.stringValue, try object.decode(JSONValue.self, forKey: $0)) }))
    } else if var array = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
      self = .array(elements)
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let text = try? value.decode(String.self) {
        self = .string(text)
      } else if let truth = try? value.decode(Bool.self) {
        self = .bool(truth)
      } else if let integer = try? value.decode(Int.self) {
        self = .integer(integer)
      } else {
        self = .number(try value.decode(Double.self))
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var members = encoder.container(keyedBy: JSONName.self)
      for member in object.members { try members.encode(member.value, forKey: JSONName(member.name)) }
    case .array(let array):
      var elements = encoder.unkeyedContainer()
      for element in array { try elements.encode(element) }
    default:
      var value = encoder.singleValueContainer()
      switch self {
      case .bool(let truth): try value.encode(truth)
      case .integer(let integer): try value.encode(integer)
      case .number(let number) where number.isFinite: try value.encode(number)
      case .string(let text): try value.encode(text)
      default: try value.encodeNil()
      }
    }
  }
}

extension JSONObject: Codable {
  package init(from decoder: any Decoder) throws {
    guard case .object(let object) = try JSONValue(from: decoder) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an object is expected"))
    }
    self = object
  }

  package func encode(to encoder: any Encoder) throws { try JSONValue.object(self).encode(to: encoder) }
}

/// Any name of a member.
private struct JSONName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
