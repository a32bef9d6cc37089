/// Reads three-dimensional NRRD files with an attached header (`.nrrd`, `.seg.nrrd` of one layer), raw or gzip, in LPS or
/// RAS, as ITK does.
public enum NRRDReader {
  /// Whether a file is NRRD, by its content. False where it cannot be read.
  public static func isNRRD(_ path: String) -> Bool {
    guard let file = try? InputFile(path), let bytes = try? file.prefix(16) else { return false }
    return NRRDHeader.isNRRD(bytes)
  }

  /// The grid of a file, from its header alone.
  ///
  /// - Throws: as `read`.
  public static func readGeometry(_ path: String) throws -> Geometry {
    let file = try InputFile(path)
    return try NRRDHeader(file.prefix(NRRDHeader.maximumBytes), file: path).geometry
  }

  /// Reads a volume.
  ///
  /// - Parameter maximumBytes: refuse a larger volume (bytes of the file's type).
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_NOT_NRRD`, `E_NRRD_UNSUPPORTED`, `E_NRRD_HEADER`, `E_TRUNCATED`, `E_CORRUPT`,
  ///   `E_LIMIT`, `E_PIXEL_TYPE`.
  public static func read(_ path: String, maximumBytes: Int = NIfTIReader.defaultMaximumBytes) throws -> Volume {
    let file = try InputFile(path)
    let header = try NRRDHeader(file.prefix(NRRDHeader.maximumBytes), file: path)
    let voxels = try VoxelFile(
      file, compressedFrom: header.isGzip ? header.dataOffset : nil, offset: header.isGzip ? 0 : header.dataOffset,
      count: header.geometry.count, type: header.type, swapped: header.swapped, maximumBytes: maximumBytes)
    return Volume(geometry: header.geometry, pixelType: header.type.pixelType, voxels: try voxels.voxels(header.type))
  }
}
