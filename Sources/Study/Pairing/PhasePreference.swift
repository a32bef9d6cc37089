internal import DICOM
internal import Errors
internal import Imaging

/// Selects the excretory phase by the words of its description where a mask fits several series by geometry.
enum PhasePreference {
  /// The only one whose Series Description or Protocol Name matches the pattern; nil where none or several do.
  static func choose(_ fits: [MaskFit], pattern: String) -> MaskFit? {
    guard let pattern = RegionName.pattern(pattern) else { return nil }
    let matching = fits.filter {
      RegionName.matches($0.series.series.description.text, pattern)
        || RegionName.matches($0.series.series.protocolName.text, pattern)
    }
    return matching.count == 1 ? matching[0] : nil
  }
}
