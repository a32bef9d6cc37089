/// Reads MetaImage volumes with their data in the same file (`.mha`), raw or compressed, as in ITK.
package enum MetaImageReader {
  /// Whether a file is MetaImage, by its content. False where it cannot be read.
  package static func isMetaImage(_ path: String) -> Bool {
    guard let file = try? InputFile(path), let bytes = try? file.prefix(MetaImageHeader.maximumBytes) else {
      return false
    }
    return MetaImageHeader.isMetaImage(bytes)
  }

  /// The grid of a file, from its header alone.
  ///
  /// - Throws: as `read`.
  package static func readGeometry(_ path: String, allowsPlane: Bool = false) throws -> Geometry {
    try header(path, allowsPlane).geometry
  }

  /// Whether a file contains an image of two dimensions. False where it cannot be read.
  package static func isPlane(_ path: String) -> Bool { (try? header(path, true))?.isPlane ?? false }

  private static func header(_ path: String, _ allowsPlane: Bool) throws -> MetaImageHeader {
    try MetaImageHeader(
      InputFile(path).prefix(MetaImageHeader.maximumBytes), file: path, allowsPlane: allowsPlane)
  }

  /// Reads a volume.
  ///
  /// - Parameters:
  ///   - asLabels: 64-bit labels that do not fit 32 bits are read as float64.
  ///   - allowsPlane: read an image of two dimensions as one slice.
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_METAIMAGE_HEADER`, `E_METAIMAGE_UNSUPPORTED`, `E_METAIMAGE_DETACHED`,
  ///   `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT`, `E_PIXEL_TYPE`.
  package static func read(
    _ path: String, maximumBytes: Int = NIfTIReader.defaultMaximumBytes, asLabels: Bool = false,
    allowsPlane: Bool = false
  ) throws -> Volume {
    let file = try InputFile(path)
    let header = try MetaImageHeader(
      file.prefix(MetaImageHeader.maximumBytes), file: path, allowsPlane: allowsPlane)
    let voxels = try VoxelFile(
      file, compressedFrom: header.isCompressed ? header.dataOffset : nil,
      offset: header.isCompressed ? 0 : header.dataOffset, count: header.geometry.count, type: header.type,
      swapped: header.swapped, maximumBytes: maximumBytes)
    return Volume(
      geometry: header.geometry, pixelType: header.type.pixelType,
      voxels: try voxels.voxels(header.type, asLabels: asLabels))
  }
}
