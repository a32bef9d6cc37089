internal import DICOM

/// The references of a DICOM mask to its source.
package struct MaskReferences: Sendable {
  /// (0010,0020) as bytes: compared, never shown.
  package var patientID: [UInt8]
  /// (0020,000D)
  package var studyUID: String
  /// Frames of reference of its coordinates. Empty where it names none.
  package var framesOfReference: Set<String>
  /// SOP instances it was drawn on, by Series Instance UID. A series may be named without instances.
  package var series: [String: Set<String>]
  /// SOP instances that its frames name as their source, whose series need not be named.
  package var images: Set<String>

  package init(
    patientID: [UInt8], studyUID: String, framesOfReference: Set<String>, series: [String: Set<String>],
    images: Set<String> = []
  ) {
    self.patientID = patientID
    self.studyUID = studyUID
    self.framesOfReference = framesOfReference
    self.series = series
    self.images = images
  }

  /// Images that are listed only under other series. Pairing reports what is known of those series.
  package func images(besides seriesUID: String) -> Set<String> {
    series.filter { $0.key != seriesUID }.values.reduce(into: Set()) { $0.formUnion($1) }
      .subtracting(series[seriesUID] ?? [])
  }
}
