internal import CKernels
internal import Imaging

/// Exact sums and the range of an image of 16-bit integers.
struct IntegerSummary: Sendable {
  var sum: Int64 = 0
  var squares: Int64 = 0
  var minimum = Int16.max
  var maximum = Int16.min

  init(_ values: [Int16]) {
    values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress else { return }
      Kernels.current.summarise(first, values.count, &sum, &squares, &minimum, &maximum)
    }
  }

  /// - Returns: nil where the image is of another type.
  init?(of image: Volume) {
    guard case .int16(let values) = image.voxels else { return nil }
    self.init(values)
  }
}
