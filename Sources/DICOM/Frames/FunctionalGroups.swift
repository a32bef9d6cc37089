import Imaging

/// The functional groups of a multi-frame object (PS3.3 C.7.6.16): shared by all frames, and of each frame.
struct FunctionalGroups {
  /// (5200,9229)
  private let shared: DatasetItem?
  /// (5200,9230), one item per frame.
  private let frames: [DatasetItem]

  init(_ root: DatasetItem) {
    shared = root.item(0x5200_9229)
    frames = root.items(0x5200_9230)
  }

  var count: Int { frames.count }

  /// A group of one frame: its own, otherwise the shared one.
  func group(_ sequence: UInt32, frame: Int) -> DatasetItem? {
    frames[frame].item(sequence) ?? shared?.item(sequence)
  }

  /// Plane Position (0020,9113): Image Position (Patient), mm LPS.
  func position(frame: Int) -> Vector3? {
    guard let p = group(0x0020_9113, frame: frame)?.decimals(0x0020_0032), p.count == 3 else { return nil }
    return Vector3(p[0], p[1], p[2])
  }

  /// Plane Orientation (0020,9116): directions of growing column and row index.
  func orientation(frame: Int) -> (row: Vector3, column: Vector3)? {
    guard let o = group(0x0020_9116, frame: frame)?.decimals(0x0020_0037), o.count == 6 else { return nil }
    return (Vector3(o[0], o[1], o[2]), Vector3(o[3], o[4], o[5]))
  }

  /// Units of Real World Value Mappings (0040,9096), which are in a functional group of their own.
  func realWorldUnits(frame: Int) -> [String] {
    let own = frames[frame].realWorldUnits
    return own.isEmpty ? shared?.realWorldUnits ?? [] : own
  }

  /// Pixel Value Transformation (0028,9145).
  func rescale(frame: Int) -> (rescale: Rescale?, type: String) {
    let group = group(0x0028_9145, frame: frame)
    guard let slope = group?.decimals(0x0028_1053)?.first, let intercept = group?.decimals(0x0028_1052)?.first else {
      return (nil, group?.code(0x0028_1054) ?? "")
    }
    return (Rescale(slope: slope, intercept: intercept), group?.code(0x0028_1054) ?? "")
  }
}
