package import Imaging

/// IBSI's digital phantom: 5 x 4 x 4 voxels of 2 mm with grey levels 1, 3, 4, 6 and 9, and a region of 74 voxels.
///
/// Source: ibsi.readthedocs.io, "Digital phantom" (CC BY 4.0).
package enum DigitalPhantom {
  private static let geometry = Geometry(size: SIMD3(5, 4, 4), spacing: Vector3(2, 2, 2))

  package static let image = Volume(
    geometry: geometry,
    int16: [
      1, 4, 4, 1, 1, 1, 4, 6, 1, 1, 4, 1, 6, 4, 1, 4, 4, 6, 4, 1,
      1, 4, 4, 1, 1, 1, 1, 6, 1, 1, 1, 1, 3, 1, 1, 4, 4, 6, 1, 1,
      1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 6, 1, 1,
      1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 1, 1,
    ])

  package static let mask = Mask(
    geometry: geometry,
    voxels: [
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ])
}
