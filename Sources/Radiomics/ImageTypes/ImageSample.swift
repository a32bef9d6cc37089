internal import CKernels

/// A number type that an image is read from.
protocol ImageSample: Sendable {
  /// The value, exactly.
  var real: Double { get }
  /// The kernels' name for the type.
  static var kernelType: ckernels_type { get }
}

extension Int16: ImageSample {
  @inline(__always) var real: Double { Double(self) }
  static var kernelType: ckernels_type { CKERNELS_INT16 }
}

extension Int32: ImageSample {
  @inline(__always) var real: Double { Double(self) }
  static var kernelType: ckernels_type { CKERNELS_INT32 }
}

extension Float: ImageSample {
  @inline(__always) var real: Double { Double(self) }
  static var kernelType: ckernels_type { CKERNELS_FLOAT32 }
}

extension Double: ImageSample {
  @inline(__always) var real: Double { self }
  static var kernelType: ckernels_type { CKERNELS_FLOAT64 }
}
