import Documents
import Foundation
import Testing

struct JSONValueTests {
  @Test("Members keep their order")
  func membersKeepTheirOrder() {
    let value: JSONValue = ["z": 1, "a": [true, nil, "x"], "m": ["b": 1.5, "a": [:]], "e": []]
    #expect(value.text(.compact) == #"{"z":1,"a":[true,null,"x"],"m":{"b":1.5,"a":{}},"e":[]}"#)
    #expect(
      value.text(.pretty) == """
        {
          "z": 1,
          "a": [true, null, "x"],
          "m": {
            "b": 1.5,
            "a": {}
          },
          "e": []
        }
        """)
  }

  @Test("Numbers that are not finite are written as null")
  func nonFiniteNumbersBecomeNull() {
    #expect(JSONValue([Double.nan, .infinity, -.infinity]).text(.compact) == "[null,null,null]")
  }

  /// Foundation reads back the same doubles, bit by bit.
  @Test("Numbers are read back as they were written")
  func numbersRoundTrip() throws {
    var generator = SystemRandomNumberGenerator()
    var numbers: [Double] = [
      0, -0.0, 0.1, 1 / 3, 1e21, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude,
      9_007_199_254_740_992,
      -1e16,
      123_456_789,
    ]
    while numbers.count < 2000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    let bytes = Data(JSONValue(numbers).fileBytes(.compact))
    let read = try JSONDecoder().decode([Double].self, from: bytes)
    #expect(zip(read, numbers).allSatisfy { $0.bitPattern == $1.bitPattern })
  }

  @Test("Text is read back as it was written and cannot control a terminal")
  func textIsEscapedForTerminals() throws {
    let text = "a\"b\\c/\n\r\t\u{0}\u{1B}[31m\u{7F}\u{85}\u{202E}\u{2028}\u{FEFF}\u{E000}é漢😀\u{1D173}"
    let json = JSONValue.string(text).text()
    #expect(try JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8)) == [text])
    #expect(json.contains("é漢😀"))
    #expect(
      json.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !"\u{7F}\u{85}\u{202E}\u{2028}\u{FEFF}".unicodeScalars.contains($0)
      })
  }

  @Test("Absent facts have no key")
  func absentFactsHaveNoKey() {
    var object: JSONObject = ["a": 1]
    object.append("b", ifPresent: nil)
    object.append("c", ifPresent: "x")
    #expect(object.members.map(\.name) == ["a", "c"])
    #expect(object["c"] == "x" && object["b"] == nil)
  }
}
