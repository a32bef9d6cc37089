/// How JSON text is laid out.
package enum JSONLayout: Sendable {
  /// One line without spaces, for streams with one object per line.
  case compact
  /// Two spaces per level, one member or element per line; arrays of plain numbers and texts stay on one line.
  case pretty
}

extension JSONValue {
  /// The value as JSON text (RFC 8259), without a newline at the end.
  package func text(_ layout: JSONLayout = .pretty) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The value as UTF-8 bytes of JSON text with one newline at the end: the content of a file.
  package func fileBytes(_ layout: JSONLayout = .pretty) -> [UInt8] {
    var writer = JSONWriter(layout: layout)
    writer.write(self, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    return writer.bytes
  }
}

private struct JSONWriter {
  let layout: JSONLayout
  var bytes: [UInt8] = []

  init(layout: JSONLayout) { self.layout = layout }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: put("null")
    case .bool(let truth): put(truth ? "true" : "false")
    case .integer(let integer): put(integer.description)
    case .number(let number): put(number.isFinite ? number.description : "null")
    case .string(let text): write(text)
    case .array(let elements): write(elements, depth: depth)
    case .object(let object): write(object, depth: depth)
    }
  }

  private mutating func write(_ elements: [JSONValue], depth: Int) {
    let onOneLine = layout == .compact || elements.allSatisfy(\.isPlain)
    put("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { put(onOneLine && layout == .pretty ? ", " : ",") }
      if !onOneLine { newLine(depth + 1) }
      write(element, depth: depth + 1)
    }
    if !onOneLine { newLine(depth) }
    put("]")
  }

  private mutating func write(_ object: JSONObject, depth: Int) {
    put("{")
    for (index, member) in object.members.enumerated() {
      if index > 0 { put(",") }
      if layout == .pretty { newLine(depth + 1) }
      write(member.name)
      put(layout == .pretty ? ": " : ":")
      write(member.value, depth: depth + 1)
    }
    if layout == .pretty, !object.members.isEmpty { newLine(depth) }
    put("}")
  }

  /// A quoted text. Beyond the requirements of JSON, invisible characters and those that reorder text (categories Cc,
  /// Cf, Zl, Zp, Co, Cn) are escaped as well: text from a file then cannot control the terminal that shows the JSON.
  private mutating func write(_ text: String) {
    put("\"")
    defer { put("\"") }
    // Almost every text is plain ASCII.
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
      put(text)
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      case " "..."~": bytes.append(UInt8(scalar.value))
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
          for unit in UTF16.encode(scalar)! { putEscape(unit) }
        default:
          bytes.append(contentsOf: UTF8.encode(scalar)!)
        }
      }
    }
  }

  private mutating func putEscape(_ unit: UInt16) {
    let digits = Array("0123456789abcdef".utf8)
    put("\\u")
    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> UInt16(shift)) & 15]) }
  }

  private mutating func put(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func newLine(_ depth: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }
}

extension JSONValue {
  /// Neither an array nor an object.
  fileprivate var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
