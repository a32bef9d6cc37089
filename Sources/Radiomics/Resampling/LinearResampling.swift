internal import Imaging
internal import Parallel

/// Trilinear resampling (`itk::LinearInterpolateImageFunction`).
enum LinearResampling {
  /// Position along one axis: the voxel below and the fraction of the distance to the next; 0 where there is none.
  struct Tap: Sendable {
    var index: Int
    var fraction: Double

    init(_ position: Double, length: Int) {
      index = min(max(Int(position.rounded(.down)), 0), length - 1)
      let distance = position - Double(index)
      fraction = distance <= 0 || index + 1 >= length ? 0 : distance
    }

  }

  static func resample(
    _ volume: Volume, onto grid: Geometry, at positions: SamplePositions, normalization: Normalization?, threads: Int
  ) -> Volume {
    let input = volume.geometry
    let sink = VoxelSink(grid, normalization == nil ? volume.pixelType : .float64)
    let size = grid.size
    Parallel.forEachSlab(of: size.z, threads: threads) { planes in
      let line = UnsafeMutablePointer<Double>.allocate(capacity: size.x)
      defer { line.deallocate() }
      for k in planes {
        for j in 0..<size.y {
          let row = positions.row(y: j, z: k)
          for i in 0..<size.x {
            let p = row.position(i, size.x)
            guard Inside.contains(p, input.size) else {
              line[i] = 0
              continue
            }
            line[i] = value(
              volume.voxels, normalization, input, Tap(p.x, length: input.size.x), Tap(p.y, length: input.size.y),
              Tap(p.z, length: input.size.z))
          }
          sink.write(line, 0..<size.x, at: size.x * (j + size.y * k))
        }
      }
    }
    return sink.volume()
  }

  @inline(__always)
  private static func value(
    _ voxels: Voxels, _ normalization: Normalization?, _ input: Geometry, _ x: Tap, _ y: Tap, _ z: Tap
  ) -> Double {
    func sample(_ offset: Int) -> Double {
      let value = voxels[offset]
      return normalization.map { $0(value) } ?? value
    }
    func alongX(_ dy: Int, _ dz: Int) -> Double {
      let offset = input.offset(x.index, y.index + dy, z.index + dz)
      let first = sample(offset)
      return x.fraction == 0 ? first : first + (sample(offset + 1) - first) * x.fraction
    }
    func alongY(_ dz: Int) -> Double {
      let first = alongX(0, dz)
      return y.fraction == 0 ? first : first + (alongX(1, dz) - first) * y.fraction
    }
    let first = alongY(0)
    return z.fraction == 0 ? first : first + (alongY(1) - first) * z.fraction
  }
}
