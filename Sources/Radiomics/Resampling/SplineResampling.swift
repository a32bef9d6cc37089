internal import Imaging
internal import Parallel

/// Resampling by cubic B-spline.
enum SplineResampling {
  static func resample(
    _ volume: Volume, onto grid: Geometry, at positions: SamplePositions, normalization: Normalization?, threads: Int
  ) -> Volume {
    let pixelType = normalization == nil ? volume.pixelType : .float64
    let needed = neededVoxels(positions, in: volume.geometry.size)
    guard let needed else { return VoxelSink.empty(grid, pixelType) }
    let coefficients = SplineCoefficients(
      volume, needed: needed.low, needed.high, normalization: normalization, threads: threads)
    let sink = VoxelSink(grid, pixelType)
    guard let axes = positions.axes else {
      general(volume.geometry.size, coefficients, positions, sink, threads: threads)
      return sink.volume()
    }
    let spline = SplineInterpolation(
      coefficients: coefficients, x: taps(axes[0], 0, volume, coefficients), y: taps(axes[1], 1, volume, coefficients),
      z: taps(axes[2], 2, volume, coefficients))
    let inside = (0..<3).map { a in Inside(axes[a], length: volume.geometry.size[a]) }
    if pixelType.isInteger {
      integers(spline, inside, sink, threads: threads)
    } else {
      reals(spline, inside, sink, threads: threads)
    }
    return sink.volume()
  }

  /// Rows of an integer image: the quick sum, and ITK's own where the quick sum is too near a whole number to decide on
  /// which side of it ITK's sum lies.
  private static func integers(
    _ spline: SplineInterpolation, _ inside: [Inside], _ sink: VoxelSink, threads: Int
  ) {
    let size = sink.geometry.size
    // Both sums are within 64 roundings of the true value, of terms no larger in total than about 3.4 magnitudes.
    let doubt = max(1e-12, spline.coefficients.magnitude * 1e-13)
    Parallel.forEachSlab(of: size.z, threads: threads) { planes in
      spline.coefficients.withPointer { base in
        var separable = SeparableSpline(spline)
        let row = UnsafeMutablePointer<Double>.allocate(capacity: size.x)
        defer {
          row.deallocate()
          separable.deallocate()
        }
        for k in planes where inside[2].contains(k) {
          separable.plane(k, base, row: row) { j, row in
            guard inside[1].contains(j) else { return }
            settle(row, doubt: doubt, spline, base, inside[0].range, j, k)
            sink.write(row, inside[0].range, at: (j + size.y * k) * size.x)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func settle(
    _ row: UnsafeMutablePointer<Double>, doubt: Double, _ spline: SplineInterpolation, _ base: UnsafePointer<Double>,
    _ range: Range<Int>, _ j: Int, _ k: Int
  ) {
    // Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number.
    let shift = 6_755_399_441_055_744.0
    var nearest = Double.infinity
    for i in range {
      let v = row[i]
      let distance = abs(v - ((v + shift) - shift))
      nearest = distance < nearest ? distance : nearest
    }
    guard nearest <= doubt else { return }
    for i in range {
      let v = row[i]
      if abs(v - ((v + shift) - shift)) <= doubt { row[i] = spline.exact(base, i, j, k) }
    }
  }

  private static func reals(_ spline: SplineInterpolation, _ inside: [Inside], _ sink: VoxelSink, threads: Int) {
    let size = sink.geometry.size
    Parallel.forEachSlab(of: size.y, threads: threads) { rows in
      spline.coefficients.withPointer { base in
        var exact = ExactSpline(spline)
        let row = UnsafeMutablePointer<Double>.allocate(capacity: exact.pitch)
        defer {
          row.deallocate()
          exact.deallocate()
        }
        for j in rows where inside[1].contains(j) {
          for k in 0..<size.z where inside[2].contains(k) {
            exact.row(j, k, base, row)
            sink.write(row, inside[0].range, at: (j + size.y * k) * size.x)
          }
        }
      }
    }
  }

  /// Grids that are rotated against the image: every voxel separately.
  private static func general(
    _ input: SIMD3<Int>, _ coefficients: SplineCoefficients, _ positions: SamplePositions, _ sink: VoxelSink,
    threads: Int
  ) {
    let size = sink.geometry.size
    let lower = coefficients.lower
    Parallel.forEachSlab(of: size.z, threads: threads) { planes in
      coefficients.withPointer { base in
        let value = UnsafeMutablePointer<Double>.allocate(capacity: 1)
        defer { value.deallocate() }
        for k in planes {
          for j in 0..<size.y {
            let row = positions.row(y: j, z: k)
            for i in 0..<size.x {
              let p = row.position(i, size.x)
              guard Inside.contains(p, input) else { continue }
              var tx = CubicBSpline.taps(at: p.x, length: input.x)
              var ty = CubicBSpline.taps(at: p.y, length: input.y)
              var tz = CubicBSpline.taps(at: p.z, length: input.z)
              tx.index &-= SIMD4(repeating: Int32(lower.x))
              ty.index &-= SIMD4(repeating: Int32(lower.y))
              tz.index &-= SIMD4(repeating: Int32(lower.z))
              value.pointee = SplineInterpolation.exact(
                base, coefficients.rowStride, coefficients.sliceStride, tx, ty, tz)
              sink.write(value, 0..<1, at: i + size.x * (j + size.y * k))
            }
          }
        }
      }
    }
  }

  private static func taps(
    _ positions: [Double], _ axis: Int, _ volume: Volume, _ coefficients: SplineCoefficients
  ) -> [CubicBSpline.Taps] {
    let length = volume.geometry.size[axis]
    let lower = SIMD4(repeating: Int32(coefficients.lower[axis]))
    return positions.map { position in
      // Positions outside are never written; their taps only need valid indices.
      guard Inside.contains(position, length) else { return CubicBSpline.Taps(index: .zero, weight: .zero) }
      var taps = CubicBSpline.taps(at: position, length: length)
      taps.index &-= lower
      return taps
    }
  }

  /// First and last voxel whose coefficient a position inside the image uses; nil where all are outside.
  private static func neededVoxels(
    _ positions: SamplePositions, in size: SIMD3<Int>
  ) -> (low: SIMD3<Int>, high: SIMD3<Int>)? {
    let range = positions.range
    var low = SIMD3<Int>()
    var high = SIMD3<Int>()
    for a in 0..<3 {
      let end = Double(size[a]) - 0.5
      guard range.high[a] >= -0.5 - 1e-6, range.low[a] <= end + 1e-6 else { return nil }
      let first = Int(max(range.low[a], -1).rounded(.down)) - 3
      let last = Int(min(range.high[a], end + 1).rounded(.up)) + 3
      // Mirrored indices lie within three voxels of the end.
      low[a] = first < 0 ? 0 : min(first, max(0, size[a] - 5))
      high[a] = last > size[a] - 1 ? size[a] - 1 : max(last, min(size[a] - 1, 4))
    }
    return (low, high)
  }
}

/// Which positions along an axis lie in the image: from half a voxel before the first centre to half a voxel past the
/// last (`itk::ImageFunction::IsInsideBuffer`).
struct Inside: Sendable {
  /// The output voxels inside: one range, because positions along an axis only rise or only fall.
  let range: Range<Int>

  init(_ positions: [Double], length: Int) {
    let first = positions.firstIndex { Self.contains($0, length) }
    let last = positions.lastIndex { Self.contains($0, length) }
    if let first, let last { range = first..<last + 1 } else { range = 0..<0 }
  }

  func contains(_ index: Int) -> Bool { range.contains(index) }

  static func contains(_ position: Double, _ length: Int) -> Bool {
    position >= -0.5 && position < Double(length - 1) + 0.5
  }

  static func contains(_ position: SIMD3<Double>, _ size: SIMD3<Int>) -> Bool {
    contains(position.x, size.x) && contains(position.y, size.y) && contains(position.z, size.z)
  }
}
