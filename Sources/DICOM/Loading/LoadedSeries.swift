public import Errors
public import Imaging

/// A CT series as one volume in HU.
public struct LoadedSeries: Sendable {
  /// HU: int16 where every value is an integer in range, otherwise float32.
  public var volume: Volume
  /// The slices of the volume, in order, the dropped files, and warnings.
  public var stack: SliceStack
  /// How the first slice was acquired.
  public var acquisition: Acquisition
  /// Number of voxels with the Pixel Padding Value (0028,0120). They are kept unchanged.
  public var paddingVoxels: Int
  /// The padding value in HU, where the series has one value for all slices.
  public var paddingHU: Double?

  public var slices: [ImageHeader] { stack.slices }
  public var warnings: [Note] { stack.warnings }
}
