/// The settings of PyRadiomics' section `voxelSetting`, which apply to maps of features by voxel, with its defaults.
package struct VoxelSettings: Sendable, Equatable {
  /// Voxels from a kernel's centre to its side: 1 is a kernel of 3 x 3 x 3.
  package var kernelRadius = 1
  /// Whether a kernel contains only the region's voxels; otherwise all of the image's voxels in it.
  package var maskedKernel = true
  /// The maps' value outside the region.
  package var initValue = 0.0
  /// Voxels that PyRadiomics computes at once; nil: all. Here it bounds no memory, but two features of PyRadiomics
  /// depend on it (`CooccurrenceBatches`).
  package var voxelBatch: Int?

  package init() {}
}
