import Errors
import Testing

/// Names become text and come back as the bytes they were.
@Suite struct PercentEncodingTests {
  @Test("Every byte is read back")
  func everyByteRoundTrips() {
    let bytes = (0...255).map { UInt8($0) }
    let text = PercentEncoding.encoded(bytes)
    #expect(PercentEncoding.decoded(text) == bytes)
    #expect(text.utf8.allSatisfy { $0 < 0x80 && $0 > 0x20 })
    #expect(PercentEncoding.encoded(Array("a b/ü.dcm".utf8)) == "a%20b/%C3%BC.dcm")
    #expect(PercentEncoding.decoded("a%2fb%2F") == Array("a/b/".utf8), "digits in either case")
  }

  @Test("Text that is not an encoding is refused", arguments: ["%", "a%2", "%+1", "%G0", "% 1", "%0x"])
  func invalidEncodingIsRefused(text: String) { #expect(PercentEncoding.decoded(text) == nil) }
}
