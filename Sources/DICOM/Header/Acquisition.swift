/// How a slice was acquired: for the record and for checks against a model's training data. No names, no dates.
package struct Acquisition: Sendable, Equatable, Codable {
  /// (0008,0070)
  package var manufacturer: String
  /// (0008,1090)
  package var model: String
  /// (0018,0060), kV
  package var kVp: Double?
  /// (0018,1210), separated by `\` where there are several
  package var kernel: String
  /// (0018,0050), mm
  package var sliceThickness: Double?
  /// (0018,0088), mm
  package var spacingBetweenSlices: Double?
  /// (0018,0010)
  package var contrastAgent: String
  /// (0018,1120), degrees, as declared; the geometry check uses positions
  package var gantryTilt: Double?
  /// (0018,1151), mA
  package var tubeCurrent: Double?
  /// (0018,1100), mm
  package var reconstructionDiameter: Double?
}
