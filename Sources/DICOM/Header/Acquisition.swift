/// How a slice was acquired: for the record and for checks against a model's training data. No names, no dates.
public struct Acquisition: Sendable, Equatable, Codable {
  /// (0008,0070)
  public var manufacturer: String
  /// (0008,1090)
  public var model: String
  /// (0018,0060), kV
  public var kVp: Double?
  /// (0018,1210), separated by `\` where there are several
  public var kernel: String
  /// (0018,0050), mm
  public var sliceThickness: Double?
  /// (0018,0088), mm
  public var spacingBetweenSlices: Double?
  /// (0018,0010)
  public var contrastAgent: String
  /// (0018,1120), degrees, as declared; the geometry check uses positions
  public var gantryTilt: Double?
  /// (0018,1151), mA
  public var tubeCurrent: Double?
  /// (0018,1100), mm
  public var reconstructionDiameter: Double?
}
