/// Which values a picture shows as grey: black below, white above (DICOM Window Center and Width, 0028,1050 and 1051).
package struct DisplayWindow: Sendable, Equatable {
  /// The value shown as middle grey, in HU for a CT.
  package var level: Double
  /// The range shown, in HU for a CT; positive.
  package var width: Double

  package init(level: Double, width: Double) {
    self.level = level
    self.width = width
  }

  /// Soft tissue: 400 HU around 40 HU.
  package static let softTissue = DisplayWindow(level: 40, width: 400)

  /// Excretory phase: 1200 HU around 300 HU, so that contrast medium in the bladder is not one white area that hides a
  /// filling defect.
  package static let excretory = DisplayWindow(level: 300, width: 1200)

  /// Grey level of a value; black for NaN.
  func grey(_ value: Double) -> UInt8 {
    let share = (value - (level - width / 2)) / width
    return share > 0 ? UInt8((min(share, 1) * 255).rounded()) : 0
  }
}
