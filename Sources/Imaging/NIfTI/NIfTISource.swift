/// A NIfTI file, compressed or not: its header first, then its voxels.
struct NIfTISource: ~Copyable {
  private let file: InputFile
  /// The first bytes of the file: enough for any header, compressed or not.
  private let start: [UInt8]
  private let isCompressed: Bool

  init(_ path: String) throws {
    let file = try InputFile(path)
    let start = try file.prefix(1 << 16)
    isCompressed = start.withUnsafeBytes { GzipInflate.isGzip($0) }
    self.start = start
    self.file = file
  }

  /// The header's bytes, or fewer where the file is shorter.
  func header() throws -> [UInt8] {
    guard isCompressed else { return Array(start.prefix(NIfTIHeader.byteCount)) }
    do {
      return try start.withUnsafeBytes { try GzipInflate.prefix(of: $0, count: NIfTIHeader.byteCount) }
    } catch let failure as GzipFailure {
      throw failure.error(file: file.path, announced: NIfTIHeader.byteCount)
    }
  }

  /// The voxels that a header of this file announces, checked against the size of the file.
  ///
  /// - Parameter channel: the volume, from 0.
  consuming func voxels(_ header: NIfTIHeader, channel: Int = 0, maximumBytes: Int) throws -> VoxelFile {
    // Each dimension is at most 32767: no product overflows.
    try VoxelFile(
      file, compressedFrom: isCompressed ? 0 : nil,
      offset: header.dataOffset + channel * header.count * header.datatype.bytes, count: header.count,
      type: header.datatype, swapped: header.swapped, maximumBytes: maximumBytes)
  }
}
