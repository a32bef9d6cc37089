/// A number type that an image is read from.
protocol ImageSample: Sendable {
  /// The value, exactly.
  var real: Double { get }
}

extension ImageSample {
  /// Eight neighbours in memory.
  @inline(__always)
  static func lanes(_ s: UnsafePointer<Self>) -> Lanes {
    Lanes(s[0].real, s[1].real, s[2].real, s[3].real, s[4].real, s[5].real, s[6].real, s[7].real)
  }
}

extension Int16: ImageSample {
  @inline(__always) var real: Double { Double(self) }
}

extension Int32: ImageSample {
  @inline(__always) var real: Double { Double(self) }
}

extension Float: ImageSample {
  @inline(__always) var real: Double { Double(self) }
}

extension Double: ImageSample {
  @inline(__always) var real: Double { self }
}
