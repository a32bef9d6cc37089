package import Errors
package import Imaging

/// A CT series as one volume in HU.
package struct LoadedSeries: Sendable {
  /// HU: int16 where every value is an integer in range, otherwise float32.
  package var volume: Volume
  /// The slices of the volume, in order, the dropped files, and warnings.
  package var stack: SliceStack
  /// How the first slice was acquired.
  package var acquisition: Acquisition
  /// Number of voxels with the Pixel Padding Value (0028,0120). They are kept unchanged.
  package var paddingVoxels: Int
  /// The padding value in HU, where the series has one value for all slices.
  package var paddingHU: Double?

  package var slices: [ImageHeader] { stack.slices }
  package var warnings: [Note] { stack.warnings }
}

/// Reads a CT series into a volume in HU, in the order of its rows, columns and slices along the normal.
///
/// The values are the same for any number of threads.
///
/// - Throws: the errors of `checkGeometry`, `E_LIMIT`, `E_IO`, `E_DECODE`; each names the file and the slice.
package func loadVolume(_ series: Series, threads: Int = defaultThreadCount) throws(StudyError) -> LoadedSeries {
  try loadVolume(try checkGeometry(series), threads: threads)
}

/// Reads a stack that `checkGeometry` has passed.
///
/// - Throws: `E_LIMIT`, `E_IO`, `E_TRUNCATED`, `E_DECODE`; each names the file and the slice.
package func loadVolume(_ stack: SliceStack, threads: Int = defaultThreadCount) throws(StudyError) -> LoadedSeries {
  let reader = StackReader(stack: stack, threads: threads)
  guard stack.geometry.count <= StackReader.mostVoxels else {
    throw StudyError(
      .limit, "a volume of \(stack.geometry.count) voxels", hint: "the most is \(StackReader.mostVoxels)")
  }
  var loaded = LoadedSeries(
    volume: Volume(geometry: Geometry(size: SIMD3(1, 1, 1)), int16: [0]), stack: stack,
    acquisition: stack.slices[0].acquisition, paddingVoxels: 0, paddingHU: reader.paddingHU)
  let differing: Int
  let stray: (voxels: Int, slices: Int)
  let zerosAtEnd: [Int]
  if let read = try reader.int16() {
    loaded.volume = Volume(geometry: stack.geometry, int16: read.voxels)
    loaded.paddingVoxels = read.padding
    (differing, stray, zerosAtEnd) = (read.differingCodestreams, read.strayBits, read.zerosAtEnd)
  } else {
    let read = try reader.float32()
    loaded.volume = Volume(geometry: stack.geometry, pixelType: .float32, voxels: .float32(read.voxels))
    loaded.paddingVoxels = read.padding
    (differing, stray, zerosAtEnd) = (read.differingCodestreams, read.strayBits, read.zerosAtEnd)
  }
  if let note = unfinishedCopy(stack, zerosAtEnd) { loaded.stack.warnings.append(note) }
  if stray.voxels > 0 {
    loaded.stack.warnings.append(
      Note(
        code: "BITS_BEYOND_STORED",
        message:
          "\(stray.voxels) voxel(s) in \(stray.slices) slice(s) have bits set beyond Bits Stored, and no overlay is there; "
          + "they were left out, as the standard says: a value that was too large (metal) is wrong there"))
  }
  if differing > 0 {
    loaded.stack.warnings.append(
      Note(
        code: "JPEG2000_DEPTH",
        message:
          "the JPEG 2000 codestream of \(differing) slice(s) says another depth or sign than the header, which decides")
    )
  }
  return loaded
}
