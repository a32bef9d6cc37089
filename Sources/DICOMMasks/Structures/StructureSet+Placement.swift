internal import DICOM
public import Imaging

extension StructureSet {
  /// Whether every closed contour of a region lies in a slice of a grid: this distinguishes a structure set without
  /// references from one of another series.
  public func liesOn(_ grid: Geometry) -> Bool {
    regions.contains { region in
      guard !region.contours.isEmpty else { return false }
      return (try? ContourPlanes(region, on: grid, images: nil, file: nil)) != nil
    }
  }
}
