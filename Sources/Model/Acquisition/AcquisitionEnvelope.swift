internal import Errors

/// `acquisition` of `cohort.json`: how the training cases were scanned and how large their regions were. A model has
/// learnt nothing about cases outside it. Each part is nil where it was not recorded.
package struct AcquisitionEnvelope: Sendable, Equatable, Codable {
  /// Manufacturer (0008,0070), as scanners write it; compared without case.
  package var manufacturers: [String]?
  /// Convolution Kernel (0018,1210); compared without case.
  package var kernels: [String]?
  /// Smallest and largest KVP (0018,0060), kV.
  package var kVp: [Double]?
  /// Slice Thickness (0018,0050), mm.
  package var sliceThickness: [Double]?
  /// Distance between adjacent slices by their positions, mm.
  package var sliceSpacing: [Double]?
  /// Pixel Spacing (0028,0030), mm; the larger of the two.
  package var pixelSpacing: [Double]?
  /// Volume of the region, mm³.
  package var regionVolume: [Double]?
  /// Voxels of the region on the image's own grid.
  package var regionVoxels: [Double]?

  enum CodingKeys: String, CodingKey {
    case manufacturers, kernels
    case kVp = "kvp"
    case sliceThickness = "slice_thickness_mm"
    case sliceSpacing = "slice_spacing_mm"
    case pixelSpacing = "pixel_spacing_mm"
    case regionVolume = "roi_volume_mm3"
    case regionVoxels = "roi_voxels"
  }

  package init() {}

  /// Fraction of a range's ends by which a case may exceed it: DICOM writes decimal strings.
  static let slack = 1e-3

  func check() throws {
    for (key, range) in [
      ("kvp", kVp), ("slice_thickness_mm", sliceThickness), ("slice_spacing_mm", sliceSpacing),
      ("pixel_spacing_mm", pixelSpacing), ("roi_volume_mm3", regionVolume), ("roi_voxels", regionVoxels),
    ] {
      guard let range else { continue }
      guard range.count == 2, range.allSatisfy(\.isFinite), range[0] <= range[1], range[0] >= 0 else {
        throw StudyError(
          .modelSchema, "cohort.json cannot be used: acquisition.\(key) must be two rising numbers",
          file: "cohort.json", hint: restoreHint)
      }
    }
  }
}
