public import Imaging

extension ExtractionProfile {
  /// About how many bytes of address space a process needs to read a study and compute its features: an upper bound for
  /// whoever shares a machine's memory out, from what is known before an image is read.
  ///
  /// Measured with whole workers on phantoms of 4, 52 and 131 million voxels, tumours and half-filled images: 5 bytes a
  /// voxel of the series (twice that is taken, for frames that are decompressed in one piece), 25 bytes a voxel of the resampled box and thread, 150 MiB and 80 MiB a thread besides. A quarter
  /// is added.
  ///
  /// - Parameters:
  ///   - image: the grid of the series.
  ///   - box: the region's bounding box on it.
  public func memoryEstimate(image: Geometry, box: BoundingBox, threads: Int) -> Int {
    let voxels = Double(image.count)
    var computed = voxels
    if settings.resampledPixelSpacing != nil || settings.preCrop {
      computed = 1
      for axis in 0..<3 {
        let own = image.spacing[axis]
        let wanted = settings.resampledPixelSpacing.map { $0[axis] > 0 ? $0[axis] : own } ?? own
        computed *= Double(box.size[axis]) * own / wanted + 2 * Double(settings.padDistance) + 2
      }
    }
    let threads = Double(max(1, threads))
    let normalised = settings.normalize ? voxels * 8 : 0
    let bytes = 160 * 1_048_576 + threads * 80 * 1_048_576 + voxels * 10 + normalised + computed * (32 + 28 * threads)
    return Int(min(bytes * 1.25, 1e15))
  }
}
