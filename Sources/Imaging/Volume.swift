/// A three-dimensional image: HU for a CT, otherwise the values of the file.
public struct Volume: Sendable, Equatable {
  public var geometry: Geometry
  /// The type in the file. `voxels` may be wider (a uint8 file is held as int16).
  public var pixelType: PixelType
  /// `geometry.count` values, x fastest.
  public var voxels: Voxels

  public init(geometry: Geometry, pixelType: PixelType, voxels: Voxels) {
    precondition(voxels.count == geometry.count, "a volume has one value per voxel")
    self.geometry = geometry
    self.pixelType = pixelType
    self.voxels = voxels
  }

  /// An int16 volume, as a CT in HU.
  public init(geometry: Geometry, int16 values: [Int16]) {
    self.init(geometry: geometry, pixelType: .int16, voxels: .int16(values))
  }

  /// A float64 volume.
  public init(geometry: Geometry, float64 values: [Double]) {
    self.init(geometry: geometry, pixelType: .float64, voxels: .float64(values))
  }
}
