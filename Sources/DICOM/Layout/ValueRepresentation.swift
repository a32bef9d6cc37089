/// Value representations as the two letters in a file, first letter high (DICOM PS3.5 section 6.2).
enum ValueRepresentation {
  static let otherByte: UInt16 = 0x4F42
  static let otherWord: UInt16 = 0x4F57
  static let sequence: UInt16 = 0x5351
  static let unknown: UInt16 = 0x554E

  /// Representations with a length of 16 bits (PS3.5 table 7.1-2).
  private static let short = set(
    "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US")

  private static func set(_ names: String) -> Set<UInt16> {
    Set(names.split(separator: " ").map { code(String($0)) })
  }

  /// Two letters as a number.
  static func code(_ name: String) -> UInt16 { name.utf8.reduce(0) { $0 << 8 | UInt16($1) } }

  /// Whether it has a length of 16 bits.
  static func isShort(_ vr: UInt16) -> Bool { short.contains(vr) }

  /// All others have a reserved word and a length of 32 bits, including those that the standard has not named yet
  /// (PS3.5 7.1.2).
  static func hasLongLength(_ vr: UInt16) -> Bool { !short.contains(vr) }

  /// Two capital letters.
  static func isPlausible(_ vr: UInt16) -> Bool {
    (0x41...0x5A).contains(vr >> 8) && (0x41...0x5A).contains(vr & 0xFF)
  }
}
