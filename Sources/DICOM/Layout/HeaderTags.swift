/// The attributes that `readHeader` reads. Only these are handed to DCMTK, so that nothing else of a file is parsed by it:
/// none of them is a sequence.
enum HeaderTags {
  static let all: Set<UInt32> = [
    // Specific Character Set, Image Type, SOP class and instance, times, modality, equipment, Series Description
    0x0008_0005, 0x0008_0008, 0x0008_0016, 0x0008_0018, 0x0008_002A, 0x0008_0032, 0x0008_0033, 0x0008_0060,
    0x0008_0070, 0x0008_103E, 0x0008_1090,
    // Patient ID
    0x0010_0020,
    // contrast agent, thickness, kV, spacing, protocol, trigger time, diameter, tilt, current, kernel
    0x0018_0010, 0x0018_0050, 0x0018_0060, 0x0018_0088, 0x0018_1030, 0x0018_1060, 0x0018_1100, 0x0018_1120,
    0x0018_1151, 0x0018_1210,
    // study and series, numbers, position, orientation, frame of reference, temporal position
    0x0020_000D, 0x0020_000E, 0x0020_0011, 0x0020_0012, 0x0020_0013, 0x0020_0032, 0x0020_0037, 0x0020_0052,
    0x0020_0100,
    // pixels, rescale, lossy compression
    0x0028_0002, 0x0028_0004, 0x0028_0008, 0x0028_0010, 0x0028_0011, 0x0028_0030, 0x0028_0100, 0x0028_0101,
    0x0028_0102, 0x0028_0103, 0x0028_0120, 0x0028_1052, 0x0028_1053, 0x0028_1054, 0x0028_2110,
  ]
}
