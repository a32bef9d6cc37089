internal import Parallel

/// Computes the features of a class for one kernel after the other, in scratch memory of its own.
protocol KernelFeatures: AnyObject {
  /// - Parameters:
  ///   - place: number of the voxel among those for which kernels are computed.
  ///   - values: where the features are stored, in the order of the class' names.
  func compute(_ place: Int, into values: UnsafeMutablePointer<Double>)
}

/// The features of one class for every voxel of the region.
struct VoxelTable: Sendable {
  /// `values[feature * voxels + voxel]`.
  private(set) var values: [Double]
  let voxels: Int

  /// Voxels are distributed in blocks; each is computed alone, so the number of threads changes nothing.
  init(
    voxels: Int, features: Int, threads: Int, make: @Sendable () -> any KernelFeatures
  ) {
    self.voxels = voxels
    let block = 256
    values = [Double](unsafeUninitializedCapacity: voxels * features) { values, initialized in
      nonisolated(unsafe) let values = values.baseAddress!
      let blocks = (voxels + block - 1) / block
      Parallel.forEach(
        blocks, threads: threads, worker: (make(), KernelScratch<Double>(count: features, 0))
      ) { worker, number in
        let (kernel, scratch) = worker
        let first = number * block
        for place in first..<min(first + block, voxels) {
          kernel.compute(place, into: scratch.base)
          for f in 0..<features { (values + (f &* voxels &+ place)).initialize(to: scratch.base[f]) }
        }
      }
      initialized = voxels * features
    }
  }

  /// A feature's values, one per voxel.
  func feature(_ index: Int) -> ArraySlice<Double> { values[index * voxels..<(index + 1) * voxels] }

  mutating func fill(_ index: Int, _ range: Range<Int>, with value: Double) {
    for voxel in range { values[index * voxels + voxel] = value }
  }
}
