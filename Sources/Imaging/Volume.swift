/// A three-dimensional image: HU for a CT, otherwise the values of the file.
package struct Volume: Sendable, Equatable {
  package var geometry: Geometry
  /// The type in the file. `voxels` may be wider (a uint8 file is held as int16).
  package var pixelType: PixelType
  /// `geometry.count` values, x fastest.
  package var voxels: Voxels

  package init(geometry: Geometry, pixelType: PixelType, voxels: Voxels) {
    precondition(voxels.count == geometry.count, "a volume has one value per voxel")
    self.geometry = geometry
    self.pixelType = pixelType
    self.voxels = voxels
  }

  /// An int16 volume, as a CT in HU.
  package init(geometry: Geometry, int16 values: [Int16]) {
    self.init(geometry: geometry, pixelType: .int16, voxels: .int16(values))
  }

  /// A float64 volume.
  package init(geometry: Geometry, float64 values: [Double]) {
    self.init(geometry: geometry, pixelType: .float64, voxels: .float64(values))
  }
}
