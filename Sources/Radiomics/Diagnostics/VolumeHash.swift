internal import Hashing
internal import Imaging

/// SHA-1 of an image's voxels as they lie in memory (little endian, x fastest, in the file's number type), equal to
/// SimpleITK's `Hash`.
enum VolumeHash {
  static func sha1(_ volume: Volume) -> String {
    var digest = Digest(.sha1)
    switch (volume.pixelType, volume.voxels) {
    case (.uint8, .int16(let values)): update(&digest, values.map { UInt8(truncatingIfNeeded: $0) })
    case (.int8, .int16(let values)): update(&digest, values.map { Int8(truncatingIfNeeded: $0) })
    case (.uint16, .int32(let values)): update(&digest, values.map { UInt16(truncatingIfNeeded: $0) })
    case (.uint32, .float64(let values)): update(&digest, values.map { UInt32($0) })
    case (_, .int16(let values)): update(&digest, values)
    case (_, .int32(let values)): update(&digest, values)
    case (_, .float32(let values)): update(&digest, values)
    case (_, .float64(let values)): update(&digest, values)
    }
    return digest.finish()
  }

  /// The mask as PyRadiomics holds it: uint32, its label inside and 0 outside.
  static func sha1(_ mask: Mask) -> String {
    let label = UInt32(truncatingIfNeeded: mask.label)
    var digest = Digest(.sha1)
    // Block by block: the whole would take four times the mask's memory.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4096) { block in
      mask.voxels.withUnsafeBufferPointer { voxels in
        for start in stride(from: 0, to: voxels.count, by: block.count) {
          let count = min(block.count, voxels.count - start)
          for i in 0..<count { block[i] = voxels[start &+ i] != 0 ? label : 0 }
          digest.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<(4 * count)]))
        }
      }
    }
    return digest.finish()
  }

  private static func update<Value: BitwiseCopyable>(_ digest: inout Digest, _ values: [Value]) {
    values.withUnsafeBytes { digest.update($0) }
  }
}
