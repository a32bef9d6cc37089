/// A region of interest: which voxels of a grid belong to it.
public struct Mask: Sendable, Equatable {
  public var geometry: Geometry
  /// One byte per voxel, x fastest: 1 inside, 0 outside.
  public var voxels: [UInt8]
  /// The label of the voxels in the file (1 where there was none).
  public var label: Int

  public init(geometry: Geometry, voxels: [UInt8], label: Int = 1) {
    precondition(voxels.count == geometry.count, "a mask has one byte per voxel")
    self.geometry = geometry
    self.voxels = voxels
    self.label = label
  }

  /// Number of voxels inside.
  public var count: Int { voxels.reduce(0) { $0 + Int($1) } }
}
