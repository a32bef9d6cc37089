import Errors
import Files
import Glibc

/// Writes NIfTI-1 single files, compressed where the name ends in `.gz`.
///
/// The bytes depend on the volume alone: not on the number of threads, the clock or the host. A file appears under its
/// name only when it is complete and on disk.
package enum NIfTIWriter {
  /// Writes a volume in its `pixelType`: a CT as int16.
  ///
  /// sform and qform are equal; read back (here or by ITK) the geometry is the volume's with spacing and origin
  /// rounded to float32, and the direction to float32 precision.
  ///
  /// - Parameters:
  ///   - threads: workers for compression; nil uses one per processor.
  ///   - durable: false does not wait for the disk: the caller syncs many files at once.
  /// - Throws: `E_NIFTI_GEOMETRY`, `E_IO`; `E_INTERNAL` where a voxel does not fit `pixelType`.
  package static func write(_ volume: Volume, to path: String, threads: Int? = nil, durable: Bool = true) throws {
    let header = try NIfTIHeader(encoding: volume.geometry, type: volume.pixelType, file: path)
    try write(header, VoxelBytes(volume), to: path, threads: threads, durable: durable)
  }

  /// Writes a mask as uint8, 1 inside.
  ///
  /// - Throws: as for a volume.
  package static func write(_ mask: Mask, to path: String, threads: Int? = nil) throws {
    let header = try NIfTIHeader(encoding: mask.geometry, type: .uint8, file: path)
    try write(header, VoxelBytes(mask), to: path, threads: threads, durable: true)
  }

  private static func write(
    _ header: NIfTIHeader, _ voxels: VoxelBytes, to path: String, threads: Int?, durable: Bool
  ) throws {
    let workers = max(1, threads ?? sysconf(CInt(_SC_NPROCESSORS_ONLN)))
    let file = try OutputFile(path, durable: durable)
    let bytes = header.encoded()
    guard path.lowercased().hasSuffix(".gz") else {
      try file.append(bytes)
      try voxels.forEachPiece { try file.append($0) }
      try file.finish()
      return
    }
    // The header is a member of its own: a reader finds the geometry without expanding voxels.
    try GzipDeflate.compress(
      count: bytes.count, threads: 1,
      piece: { _, scratch in
        scratch.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(rebasing: scratch[..<bytes.count])
      }, sink: { try file.append($0) })
    try GzipDeflate.compress(
      count: voxels.byteCount, threads: workers, piece: { try voxels.piece($0, $1) }, sink: { try file.append($0) })
    try file.finish()
  }
}
