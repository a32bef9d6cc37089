/// The attributes that `readHeader` reads. Only these are passed to DCMTK, so that it parses nothing else of a file:
/// none of them is a sequence, and all have a value representation with a length of 16 bits.
enum HeaderTags {
  private static let binary: Set<UInt32> = [
    // In-concatenation Number and Total Number
    0x0020_9162, 0x0020_9163,
    // samples, rows, columns, bits, sign, padding
    0x0028_0002, 0x0028_0010, 0x0028_0011, 0x0028_0100, 0x0028_0101, 0x0028_0102, 0x0028_0103, 0x0028_0120,
  ]

  private static let text: [UInt32: String] = [
    // Specific Character Set, Image Type, SOP class and instance, times, modality, equipment, Series Description
    0x0008_0005: "CS", 0x0008_0008: "CS", 0x0008_0016: "UI", 0x0008_0018: "UI", 0x0008_002A: "DT", 0x0008_0032: "TM",
    0x0008_0033: "TM", 0x0008_0060: "CS", 0x0008_0070: "LO", 0x0008_103E: "LO", 0x0008_1090: "LO",
    // Volumetric Properties, Volume Based Calculation Technique
    0x0008_9206: "CS", 0x0008_9207: "CS",
    // Patient ID
    0x0010_0020: "LO",
    // contrast agent, thickness, kV, spacing, protocol, trigger time, diameter, tilt, current, kernel
    0x0018_0010: "LO", 0x0018_0050: "DS", 0x0018_0060: "DS", 0x0018_0088: "DS", 0x0018_1030: "LO", 0x0018_1060: "DS",
    0x0018_1100: "DS", 0x0018_1120: "DS", 0x0018_1151: "IS", 0x0018_1210: "SH",
    // Multi-energy CT Acquisition
    0x0018_9361: "CS",
    // study and series, numbers, position, orientation, frame of reference, temporal position
    0x0020_000D: "UI", 0x0020_000E: "UI", 0x0020_0011: "IS", 0x0020_0012: "IS", 0x0020_0013: "IS", 0x0020_0032: "DS",
    0x0020_0037: "DS", 0x0020_0052: "UI", 0x0020_0100: "IS",
    // Images in Acquisition, Concatenation UID, Concatenation Frame Offset Number
    0x0020_1002: "IS", 0x0020_9161: "UI", 0x0020_9228: "UL",
    // pixels, rescale, lossy compression
    0x0028_0004: "CS", 0x0028_0008: "IS", 0x0028_0030: "DS", 0x0028_1052: "DS", 0x0028_1053: "DS", 0x0028_1054: "LO",
    0x0028_2110: "CS",
  ]

  static func contains(_ tag: UInt32) -> Bool { binary.contains(tag) || text[tag] != nil || isOverlay(tag) }

  /// Groups of the overlays that an image may have (PS3.3 C.9.2).
  static let overlayGroups = stride(from: UInt32(0x6000), through: 0x601E, by: 2)

  /// Overlay Bits Allocated and Overlay Bit Position, of any overlay.
  private static func isOverlay(_ tag: UInt32) -> Bool {
    tag & 0xFFE1_0000 == 0x6000_0000 && (tag & 0xFFFF == 0x0100 || tag & 0xFFFF == 0x0102)
  }

  /// The value representation under which a value is passed on: the file's where it is one of short text or numbers
  /// (some programs write numbers as text), otherwise the standard's (implicit VR, UN, or invalid).
  static func representation(_ tag: UInt32, found: UInt16) -> UInt16 {
    if ValueRepresentation.isShort(found) { return found }
    return ValueRepresentation.code(text[tag] ?? "US")
  }
}
