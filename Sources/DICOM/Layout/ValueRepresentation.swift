/// Value representations as the two letters in a file, first letter high (DICOM PS3.5 section 6.2).
enum ValueRepresentation {
  static let otherByte: UInt16 = 0x4F42
  static let otherWord: UInt16 = 0x4F57
  static let sequence: UInt16 = 0x5351
  static let unknown: UInt16 = 0x554E

  /// OB OD OF OL OV OW SQ SV UC UN UR UT UV have a reserved word and a length of 32 bits (PS3.5 table 7.1-1).
  private static let long: Set<UInt16> = Set(
    ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"].map { name in
      name.utf8.reduce(0) { $0 << 8 | UInt16($1) }
    })

  static func hasLongLength(_ vr: UInt16) -> Bool { long.contains(vr) }

  /// Two capital letters.
  static func isPlausible(_ vr: UInt16) -> Bool {
    (0x41...0x5A).contains(vr >> 8) && (0x41...0x5A).contains(vr & 0xFF)
  }
}
