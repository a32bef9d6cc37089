import Errors
import Imaging
import Parallel

/// Reads the slices of a stack in parallel, each into its own place of the volume.
struct StackReader {
  let stack: SliceStack
  let threads: Int

  /// 4096 slices of 512 x 512, 2 GiB of int16: far beyond any CT.
  static let mostVoxels = 1 << 30

  /// The voxels of all slices, and counts made while reading.
  struct ReadVoxels<Value: Sendable>: Sendable {
    var voxels: [Value]
    var padding: Int
    var differingCodestreams: Int
    /// Samples with bits outside their values, and the number of slices.
    var strayBits: (voxels: Int, slices: Int)
    /// Stored values of 0 at the end of each slice.
    var zerosAtEnd: [Int]
  }

  private struct SliceResult: Sendable {
    var error: StudyError?
    var isRepresentable = true
    var padding = 0
    var zerosAtEnd = 0
    var remarks = FrameRemarks()
  }

  /// The voxels as int16; nil where HU are not all integers of 16 bits.
  func int16() throws(StudyError) -> ReadVoxels<Int16>? {
    try read(zero: Int16(0)) { HounsfieldUnits.int16($0, $1, into: $2) }
  }

  func float32() throws(StudyError) -> ReadVoxels<Float> {
    let result = try read(zero: Float(0)) { values, rescale, out in
      HounsfieldUnits.float32(values, rescale, into: out)
      return true
    }
    guard let result else { throw StudyError(.internalFault, "float32 holds every CT value") }
    return result
  }

  private func read<Value: Sendable>(
    zero: Value,
    _ convert: @Sendable (UnsafeMutableBufferPointer<Int32>, Rescale, UnsafeMutableBufferPointer<Value>) -> Bool
  ) throws(StudyError) -> ReadVoxels<Value>? {
    let count = stack.slices.count
    let sliceVoxels = stack.geometry.size.x * stack.geometry.size.y
    var results = [SliceResult](repeating: SliceResult(), count: count)
    let voxels = [Value](unsafeUninitializedCapacity: count * sliceVoxels) { space, filled in
      results.withUnsafeMutableBufferPointer { resultSpace in
        // Each slice has voxels and a result of its own.
        let space = DisjointPlaces(space)
        let results = DisjointPlaces(resultSpace)
        // Slices have one size (`E_MIXED_GRID` otherwise), but may differ in the width of their samples.
        Parallel.forEach(
          count, threads: threads, worker: FrameBuffers(pixels: sliceVoxels, bytesPerPixel: 4)
        ) { buffers, slice in
          let out = space[(slice * sliceVoxels)..<((slice + 1) * sliceVoxels)]
          let result = readSlice(slice, buffers) { convert($0, $1, out) }
          results[slice] = result
          if result.error != nil || !result.isRepresentable { out.initialize(repeating: zero) }
        }
      }
      filled = count * sliceVoxels
    }
    if let slice = results.firstIndex(where: { $0.error != nil }), var error = results[slice].error {
      error.slice = slice
      throw error
    }
    guard results.allSatisfy(\.isRepresentable) else { return nil }
    return ReadVoxels(
      voxels: voxels, padding: results.reduce(0) { $0 + $1.padding },
      differingCodestreams: results.count { $0.remarks.codestreamDiffers },
      strayBits: (results.reduce(0) { $0 + $1.remarks.strayBits }, results.count { $0.remarks.strayBits > 0 }),
      zerosAtEnd: results.map(\.zerosAtEnd))
  }

  private func readSlice(
    _ slice: Int, _ buffers: borrowing FrameBuffers, _ convert: (UnsafeMutableBufferPointer<Int32>, Rescale) -> Bool
  ) -> SliceResult {
    let header = stack.slices[slice]
    var result = SliceResult()
    guard let description = header.pixels, let rescale = header.rescale else {
      result.error = StudyError(.internalFault, "a slice was not checked", file: header.display)
      return result
    }
    do throws(StudyError) {
      result.remarks = try readFrame(header, description, into: buffers)
    } catch {
      result.error = error
      return result
    }
    result.zerosAtEnd = buffers.values.count - 1 - (buffers.values.lastIndex { $0 != 0 } ?? -1)
    if let bits = header.paddingBits {
      let padding = StoredValues.padding(bits, description)
      for value in buffers.values { result.padding &+= value == padding ? 1 : 0 }
    }
    result.isRepresentable = convert(buffers.values, rescale)
    return result
  }

  /// The padding value in HU, where all slices agree.
  var paddingHU: Double? {
    var common: Double?
    for slice in stack.slices {
      guard let bits = slice.paddingBits, let description = slice.pixels, let rescale = slice.rescale else {
        return nil
      }
      let value = Double(StoredValues.padding(bits, description)) * rescale.slope + rescale.intercept
      guard common == nil || common == value else { return nil }
      common = value
    }
    return common
  }
}
