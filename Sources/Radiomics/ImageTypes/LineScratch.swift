internal import CKernels

/// Memory of one thread for lines in a recursive filter: loaded, filtered, stored.
struct LineScratch {
  /// Lines that are filtered side by side.
  static var lanes: Int { Kernels.current.lanes }

  private let lines: ckernels_lines
  private let kernels = Kernels.current

  /// - Parameter longest: samples of the longest line.
  init(longest: Int) {
    let count = Self.lanes * longest
    lines = ckernels_lines(
      data: .allocate(capacity: count), causal: .allocate(capacity: count), result: .allocate(capacity: count))
  }

  func deallocate() {
    lines.data.deallocate()
    lines.causal.deallocate()
    lines.result.deallocate()
  }

  /// Where results are stored: line i, sample k of those kept.
  struct Target {
    let pointer: UnsafeMutablePointer<Float>
    /// Floats from one sample to the next (across), or from one line to the next (along).
    let stride: Int
    var sink = CKERNELS_STORE
    var scale = 0.0
    /// If set, only samples k with `wanted[k * wantedStride]` set are stored.
    var wanted: UnsafePointer<UInt8>?
    var wantedStride = 0
  }

  /// Filters lines that run across rows of memory: sample k of line i is at `source[k * stride + i]`.
  ///
  /// - Parameters:
  ///   - count: samples of a line, at least 4.
  ///   - used: number of lines, 1...`lanes`.
  ///   - keep: samples of the result that are wanted.
  @inline(__always)
  func across<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, stride: Int, count: Int, used: Int, keep: Range<Int>,
    _ filter: RecursiveGaussian, to target: Target
  ) {
    var recursion = filter.recursion
    kernels.filter_across(
      source, Sample.kernelType, stride, count, used, keep.lowerBound, keep.upperBound, &recursion, lines,
      target.pointer, target.stride, target.sink, target.scale, target.wanted, target.wantedStride)
  }

  /// Filters lines that run along rows of memory: sample k of line i is at `source[i * stride + k]`.
  @inline(__always)
  func along<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, stride: Int, count: Int, used: Int, keep: Range<Int>,
    _ filter: RecursiveGaussian, to target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    var recursion = filter.recursion
    kernels.filter_along(
      source, Sample.kernelType, stride, count, used, keep.lowerBound, keep.upperBound, &recursion, lines, target,
      targetStride)
  }
}

extension RecursiveGaussian {
  fileprivate var recursion: ckernels_recursion {
    func four(_ v: SIMD4<Double>) -> (Double, Double, Double, Double) { (v[0], v[1], v[2], v[3]) }
    return ckernels_recursion(
      n: four(n), d: four(d), m: four(m), causal_border: four(causalBorder), anticausal_border: four(anticausalBorder))
  }
}
