/// Room for eight lines on their way through a recursive filter: loaded, filtered, stored. One for each thread.
struct LineScratch {
  private let data: UnsafeMutablePointer<Lanes>
  private let causal: UnsafeMutablePointer<Lanes>
  private let result: UnsafeMutablePointer<SIMD8<Float>>

  /// - Parameter longest: samples of the longest line.
  init(longest: Int) {
    data = .allocate(capacity: longest)
    causal = .allocate(capacity: longest)
    result = .allocate(capacity: longest)
  }

  func deallocate() {
    data.deallocate()
    causal.deallocate()
    result.deallocate()
  }

  /// Filters lines that run across rows of memory: sample k of line i is at `source[k * stride + i]`.
  ///
  /// - Parameters:
  ///   - used: lines that exist, 1...8.
  ///   - keep: samples of the result that are wanted; `body` gets for each its number from the first kept and the lanes.
  @inline(__always)
  func across<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, stride: Int, count: Int, used: Int, keep: Range<Int>, _ filter: RecursiveGaussian,
    _ body: (Int, SIMD8<Float>) -> Void
  ) {
    if used == 8 {
      for k in 0..<count { data[k] = Sample.lanes(source + k &* stride) }
    } else {
      for k in 0..<count {
        let row = source + k &* stride
        var lanes = Lanes()
        for i in 0..<used { lanes[i] = row[i].real }
        data[k] = lanes
      }
    }
    filter.filter(data, causal, result, count: count, keep: keep)
    for k in keep { body(k &- keep.lowerBound, result[k]) }
  }

  /// Filters up to eight lines that run along rows of memory: sample k of line i is at `source[i * stride + k]`. Stores
  /// the samples in `keep` at `target[i * targetStride]` onwards.
  @inline(__always)
  func along<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, stride: Int, count: Int, used: Int, keep: Range<Int>, _ filter: RecursiveGaussian,
    to target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    data.withMemoryRebound(to: Double.self, capacity: 8 * count) { scalars in
      for i in 0..<8 {
        // Lanes past the last row repeat it: their results are not kept.
        let row = source + min(i, used &- 1) &* stride
        for k in 0..<count { scalars[8 &* k &+ i] = row[k].real }
      }
    }
    filter.filter(data, causal, result, count: count, keep: keep)
    result.withMemoryRebound(to: Float.self, capacity: 8 * count) { scalars in
      for i in 0..<used {
        let row = target + i &* targetStride
        for k in keep { row[k &- keep.lowerBound] = scalars[8 &* k &+ i] }
      }
    }
  }
}
