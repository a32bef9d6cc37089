/// Applies a slice's rescale in double precision.
enum HounsfieldUnits {
  /// Writes HU as int16. False where a value is not an integer or out of range: then the volume must be float32.
  static func int16(
    _ values: UnsafeMutableBufferPointer<Int32>, _ rescale: Rescale, into out: UnsafeMutableBufferPointer<Int16>
  ) -> Bool {
    var least = Int32.max
    var most = Int32.min
    for value in values {
      least = Swift.min(least, value)
      most = Swift.max(most, value)
    }
    // The rescale is monotonic: the ends give the range of all values.
    let ends = [Double(least) * rescale.slope + rescale.intercept, Double(most) * rescale.slope + rescale.intercept]
    guard ends.allSatisfy({ $0 >= -32768 && $0 <= 32767 }) else { return false }
    if rescale.isIntegral {
      // In range at both ends, so that wrapping 32-bit arithmetic gives the exact low 16 bits.
      let slope = Int32(rescale.slope)
      let intercept = Int32(rescale.intercept)
      for i in 0..<values.count { out[i] = Int16(truncatingIfNeeded: values[i] &* slope &+ intercept) }
      return true
    }
    for i in 0..<values.count {
      let hu = Double(values[i]) * rescale.slope + rescale.intercept
      guard hu == hu.rounded() else { return false }
      out[i] = Int16(hu)
    }
    return true
  }

  /// Writes HU as float32.
  static func float32(
    _ values: UnsafeMutableBufferPointer<Int32>, _ rescale: Rescale, into out: UnsafeMutableBufferPointer<Float>
  ) {
    for i in 0..<values.count { out[i] = Float(Double(values[i]) * rescale.slope + rescale.intercept) }
  }
}
