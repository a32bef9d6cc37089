/// The precision of a wavelet transform.
protocol WaveletScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  static func taps(_ filter: Subband.Filter, of wavelet: Wavelet) -> [Self]
}

extension Double: WaveletScalar {
  static func taps(_ filter: Subband.Filter, of wavelet: Wavelet) -> [Double] {
    filter == .low ? wavelet.low : wavelet.high
  }
}

extension Float: WaveletScalar {
  static func taps(_ filter: Subband.Filter, of wavelet: Wavelet) -> [Float] {
    filter == .low ? wavelet.lowSingle : wavelet.highSingle
  }
}

/// Inner loops of the wavelet transform. Every output is a sum of `taps` products, added one by one in a fixed order;
/// eight outputs are computed side by side.
enum WaveletKernels {
  /// Filters one row along itself: `target[i]` is output `axis.outputs.lowerBound + i`; only `outputs` are computed.
  @inline(__always)
  static func along<T: WaveletScalar>(
    _ source: UnsafePointer<T>, _ axis: WaveletAxis<T>, outputs: Range<Int>, filter: UnsafePointer<T>,
    to target: UnsafeMutablePointer<T>
  ) {
    let start = axis.outputs.lowerBound
    let half = axis.taps / 2
    let wide = min(outputs.upperBound, axis.regular.upperBound) &- 8
    var x = outputs.lowerBound
    while x < outputs.upperBound {
      if x >= axis.regular.lowerBound, x <= wide {
        var sum = SIMD8<T>()
        for j in 0..<axis.taps {
          let samples = UnsafeRawPointer(source + (x &+ half &- j)).loadUnaligned(as: SIMD8<T>.self)
          sum += samples * filter[j]
        }
        UnsafeMutableRawPointer(target + (x &- start)).storeBytes(of: sum, as: SIMD8<T>.self)
        x &+= 8
      } else {
        target[x &- start] = single(source, axis, x)
        x &+= 1
      }
    }
  }

  @inline(__always)
  private static func single<T: WaveletScalar>(
    _ source: UnsafePointer<T>, _ axis: WaveletAxis<T>, _ output: Int
  ) -> T {
    let offset = axis.offset(of: output)
    var sum: T = 0
    for k in 0..<axis.taps { sum += source[axis.sources[offset &+ k]] * axis.weights[offset &+ k] }
    return sum
  }

  /// Adds up `taps` rows, each times its weight.
  @inline(__always)
  static func across<T: WaveletScalar>(
    _ rows: UnsafePointer<UnsafePointer<T>>, _ weights: UnsafePointer<T>, taps: Int, width: Int,
    to target: UnsafeMutablePointer<T>
  ) {
    var x = 0
    while x &+ 8 <= width {
      var sum = SIMD8<T>()
      for k in 0..<taps {
        sum += UnsafeRawPointer(rows[k] + x).loadUnaligned(as: SIMD8<T>.self) * weights[k]
      }
      UnsafeMutableRawPointer(target + x).storeBytes(of: sum, as: SIMD8<T>.self)
      x &+= 8
    }
    while x < width {
      var sum: T = 0
      for k in 0..<taps { sum += rows[k][x] * weights[k] }
      target[x] = sum
      x &+= 1
    }
  }
}
