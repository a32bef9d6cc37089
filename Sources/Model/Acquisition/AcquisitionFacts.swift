/// How one case was scanned, as far as its files state it: to be compared with the training cases' envelope.
package struct AcquisitionFacts: Sendable, Equatable {
  package var manufacturer: String?
  package var kernel: String?
  /// kV
  package var kVp: Double?
  /// mm
  package var sliceThickness: Double?
  /// mm, by positions
  package var sliceSpacing: Double?
  /// mm
  package var pixelSpacing: Double?
  /// mm³
  package var regionVolume: Double?
  package var regionVoxels: Int?

  package init() {}
}
