internal import Imaging

/// IBSI's digital phantom: 5 x 4 x 4 voxels of 2 mm with grey levels 1, 3, 4, 6 and 9, and a region of 74 voxels.
///
/// Source: ibsi.readthedocs.io, "Digital phantom" (CC BY 4.0).
enum DigitalPhantom {
  private static let geometry = Geometry(size: SIMD3(5, 4, 4), spacing: Vector3(2, 2, 2))

  static let image = Volume(geometry: geometry, int16: levels.map { Int16($0) })
  static let mask = Mask(geometry: geometry, voxels: inside.map { UInt8($0) })

  private static let levels: [Int] = [
    1, 4, 4, 1, 1, 1, 4, 6, 1, 1, 4, 1, 6, 4, 1, 4, 4, 6, 4, 1,
    1, 4, 4, 1, 1, 1, 1, 6, 1, 1, 1, 1, 3, 1, 1, 4, 4, 6, 1, 1,
    1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 6, 1, 1,
    1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 1, 1,
  ]

  private static let inside: [Int] = [
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  ]
}
