/// How one case was scanned, as far as its files state it: to be compared with the training cases' envelope.
public struct AcquisitionFacts: Sendable, Equatable {
  public var manufacturer: String?
  public var kernel: String?
  /// kV
  public var kVp: Double?
  /// mm
  public var sliceThickness: Double?
  /// mm, by positions
  public var sliceSpacing: Double?
  /// mm
  public var pixelSpacing: Double?
  /// mm³
  public var regionVolume: Double?
  public var regionVoxels: Int?

  public init() {}
}
