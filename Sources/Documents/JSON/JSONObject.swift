/// The members of a JSON object in the order in which they are written.
///
/// Names are expected to be unique; nothing here looks for duplicates except `subscript`, which reads the first.
package struct JSONObject: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var members: [Member]

  package init(_ members: [Member] = []) { self.members = members }

  /// Adds a member at the end.
  package mutating func append(_ name: String, _ value: JSONValue) { members.append(Member(name, value)) }

  /// Adds a member at the end if there is a value: an absent fact gets no key.
  package mutating func append(_ name: String, ifPresent value: JSONValue?) {
    if let value { append(name, value) }
  }

  /// The first member of that name.
  package subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.map { Member($0.0, $0.1) })
  }
}
