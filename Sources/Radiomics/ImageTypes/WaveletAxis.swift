/// How the stationary wavelet transform of level 1 combines samples along one axis: for each output, the source samples
/// and their weights in the order in which PyWavelets adds them (`downsampling_convolution_periodization` with step 1).
///
/// PyRadiomics first makes an odd axis even by repeating its first sample at the end; here that sample is only an index.
struct WaveletAxis<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  /// Outputs computed, of `0..<padded`.
  let outputs: Range<Int>
  let taps: Int
  /// `taps` source samples for each output, in order of addition.
  let sources: [Int]
  /// The corresponding weights.
  let weights: [Scalar]
  /// Outputs whose sources descend one by one from `output + taps / 2`, with the filter's weights in order.
  let regular: Range<Int>

  /// - Parameters:
  ///   - filter: nil leaves the axis unchanged.
  ///   - length: samples along the axis.
  init(_ filter: [Scalar]?, length: Int, outputs: Range<Int>) {
    self.outputs = outputs
    guard let filter else {
      taps = 1
      sources = outputs.map { $0 < length ? $0 : 0 }
      weights = outputs.map { _ in 1 }
      regular = outputs.lowerBound..<max(outputs.lowerBound, min(outputs.upperBound, length))
      return
    }
    let padded = Self.padded(length)
    let taps = filter.count
    self.taps = taps
    var sources: [Int] = []
    var weights: [Scalar] = []
    for output in outputs {
      Self.terms(output + taps / 2, padded, taps) { tap, source in
        sources.append(source < length ? source : 0)
        weights.append(filter[tap])
      }
    }
    self.sources = sources
    self.weights = weights
    // Sources must be samples that exist: from output + taps/2 down to output + taps/2 - taps + 1.
    let first = max(outputs.lowerBound, taps - 1 - taps / 2)
    let end = min(outputs.upperBound, length - taps / 2)
    regular = first < end ? first..<end : outputs.lowerBound..<outputs.lowerBound
  }

  static func padded(_ length: Int) -> Int { length + length % 2 }

  /// The terms of output `i - taps / 2` of a periodic signal of n samples, in PyWavelets' order.
  private static func terms(_ i: Int, _ n: Int, _ taps: Int, _ add: (_ tap: Int, _ source: Int) -> Void) {
    var j = 0
    while i - j >= n {
      var k = 0
      while k < n, i - j >= n {
        add(i - n - j, k)
        k += 1
        j += 1
      }
    }
    while j < taps, j <= i {
      add(j, i - j)
      j += 1
    }
    while j < taps {
      var k = 0
      while k < n, j < taps {
        add(j, n - 1 - k)
        k += 1
        j += 1
      }
    }
  }

  /// First source of an output.
  @inline(__always)
  func offset(of output: Int) -> Int { (output &- outputs.lowerBound) &* taps }
}
