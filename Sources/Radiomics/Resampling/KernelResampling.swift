internal import Imaging
internal import Parallel

/// Resampling by a kernel that is a product of weights along the axes: windowed sinc and Gaussian, with ITK's order of
/// sums, so that an integer image truncates the same fractions.
enum KernelResampling {
  /// How the neighbours are combined.
  private enum Rule {
    /// Their weighted sum.
    case sum
    /// Their weighted mean.
    case mean
    /// The value with the largest weight.
    case vote
  }

  static func resample(
    _ volume: Volume, onto grid: Geometry, at positions: SamplePositions, interpolator: Interpolator, threads: Int
  ) -> Volume {
    let input = volume.geometry
    let rule: Rule
    let taps: @Sendable (Double, Int) -> InterpolationTaps
    if let window = interpolator.window {
      rule = .sum
      taps = { window.taps(at: $0, length: input.size[$1]) }
    } else {
      let isLabel = interpolator == .labelGaussian
      rule = isLabel ? .vote : .mean
      taps = { position, axis in
        let spacing = input.spacing[axis]
        return .gaussian(
          at: position, length: input.size[axis], sigma: isLabel ? spacing : 0.8 * spacing, alpha: isLabel ? 1 : 4,
          spacing: spacing)
      }
    }
    switch volume.voxels {
    case .int16(let v): return resample(v, volume, grid, positions, rule, taps, threads)
    case .int32(let v): return resample(v, volume, grid, positions, rule, taps, threads)
    case .float32(let v): return resample(v, volume, grid, positions, rule, taps, threads)
    case .float64(let v): return resample(v, volume, grid, positions, rule, taps, threads)
    }
  }

  private static func resample<Sample: ImageSample>(
    _ voxels: [Sample], _ volume: Volume, _ grid: Geometry, _ positions: SamplePositions, _ rule: Rule,
    _ taps: @Sendable (Double, Int) -> InterpolationTaps, _ threads: Int
  ) -> Volume {
    let input = volume.geometry.size
    let size = grid.size
    let sink = VoxelSink(grid, volume.pixelType)
    // Where the grids' axes agree, a position along one axis depends on only one index.
    let axes = positions.axes.map { axes in
      (0..<3).map { a in axes[a].map { Inside.contains($0, input[a]) ? taps($0, a) : nil } }
    }
    Parallel.forEachSlab(of: size.z, threads: threads) { planes in
      let line = UnsafeMutablePointer<Double>.allocate(capacity: size.x)
      defer { line.deallocate() }
      voxels.withUnsafeBufferPointer { source in
        for k in planes {
          for j in 0..<size.y {
            let row = positions.row(y: j, z: k)
            for i in 0..<size.x {
              line[i] = 0
              if let axes {
                guard let x = axes[0][i], let y = axes[1][j], let z = axes[2][k] else { continue }
                line[i] = value(source, input, x, y, z, rule)
              } else {
                let p = row.position(i, size.x)
                guard Inside.contains(p, input) else { continue }
                line[i] = value(source, input, taps(p.x, 0), taps(p.y, 1), taps(p.z, 2), rule)
              }
            }
            sink.write(line, 0..<size.x, at: size.x * (j + size.y * k))
          }
        }
      }
    }
    return sink.volume()
  }

  private static func value<Sample: ImageSample>(
    _ source: UnsafeBufferPointer<Sample>, _ size: SIMD3<Int>, _ x: InterpolationTaps, _ y: InterpolationTaps,
    _ z: InterpolationTaps, _ rule: Rule
  ) -> Double {
    var sum = 0.0
    var weights = 0.0
    var votes: [(value: Double, weight: Double)] = []
    var winner = (value: 0.0, weight: 0.0)
    for k in z.indices.indices {
      for j in y.indices.indices {
        let row = size.x * (y.indices[j] + size.y * z.indices[k])
        for i in x.indices.indices {
          let sample = source[row + x.indices[i]].real
          switch rule {
          case .sum: sum += sample * x.weights[i] * y.weights[j] * z.weights[k]
          case .mean:
            let weight = x.weights[i] * y.weights[j] * z.weights[k]
            sum += sample * weight
            weights += weight
          case .vote:
            let weight = x.weights[i] * y.weights[j] * z.weights[k]
            let place = votes.firstIndex { $0.value == sample } ?? votes.count
            if place == votes.count { votes.append((sample, weight)) } else { votes[place].weight += weight }
            if votes[place].weight > winner.weight { winner = votes[place] }
          }
        }
      }
    }
    switch rule {
    case .sum: return sum
    case .mean: return sum / weights
    case .vote: return winner.value
    }
  }
}
