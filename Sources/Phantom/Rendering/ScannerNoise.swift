internal import Random

/// Noise as after filtered back projection: correlated over about two pixels, with little of the lowest
/// frequencies.
enum ScannerNoise {
  /// Adds noise of the given standard deviation to a square slice.
  static func add(to values: inout [Float], matrix: Int, deviation: Double, random: inout RandomSource) {
    var white = [Float](repeating: 0, count: values.count)
    for i in white.indices { white[i] = random.roughNormal() }
    let near = smoothed(smoothed(white, matrix, stride: 1), matrix, stride: matrix)
    let far = smoothed(
      smoothed(smoothed(smoothed(near, matrix, stride: 2), matrix, stride: 2 * matrix), matrix, stride: 2), matrix,
      stride: 2 * matrix)
    // The deviation of near - 0.6 far for white noise of deviation 1, from the kernel's sum of squares.
    let scale = Float(deviation) / kernelDeviation
    for i in values.indices { values[i] += scale * (near[i] - 0.6 * far[i]) }
  }

  /// Weights 1 2 1 along one axis (`stride` apart in storage), wrapping around at the ends of the slice.
  private static func smoothed(_ values: [Float], _ matrix: Int, stride: Int) -> [Float] {
    let count = values.count
    var out = [Float](repeating: 0, count: count)
    values.withUnsafeBufferPointer { values in
      out.withUnsafeMutableBufferPointer { out in
        for i in 0..<count {
          let before = i >= stride ? i &- stride : i &- stride &+ count
          let after = i &+ stride < count ? i &+ stride : i &+ stride &- count
          out[i] = 0.25 * values[before] + 0.5 * values[i] + 0.25 * values[after]
        }
      }
    }
    return out
  }

  private static let kernelDeviation: Float = {
    let matrix = 64
    var impulse = [Float](repeating: 0, count: matrix * matrix)
    impulse[matrix * matrix / 2 + matrix / 2] = 1
    let near = smoothed(smoothed(impulse, matrix, stride: 1), matrix, stride: matrix)
    let far = smoothed(
      smoothed(smoothed(smoothed(near, matrix, stride: 2), matrix, stride: 2 * matrix), matrix, stride: 2), matrix,
      stride: 2 * matrix)
    var sum: Float = 0
    for i in near.indices {
      let weight = near[i] - 0.6 * far[i]
      sum += weight * weight
    }
    return sum.squareRoot()
  }()
}
