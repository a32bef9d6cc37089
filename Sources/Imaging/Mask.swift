/// A region of interest: which voxels of a grid belong to it.
package struct Mask: Sendable, Equatable {
  package var geometry: Geometry
  /// One byte per voxel, x fastest: 1 inside, 0 outside.
  package var voxels: [UInt8]
  /// The label of the voxels in the file (1 where there was none).
  package var label: Int

  package init(geometry: Geometry, voxels: [UInt8], label: Int = 1) {
    precondition(voxels.count == geometry.count, "a mask has one byte per voxel")
    self.geometry = geometry
    self.voxels = voxels
    self.label = label
  }

  /// Number of voxels inside.
  package var count: Int { voxels.reduce(0) { $0 + Int($1) } }
}
