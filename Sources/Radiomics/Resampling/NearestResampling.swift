internal import Imaging

/// Resampling by the nearest voxel (`itk::NearestNeighborInterpolateImageFunction`); half-way positions round up.
enum NearestResampling {
  /// The input voxel nearest to a position (`itk::Math::RoundHalfIntegerUp`), kept in the line.
  static func index(_ position: Double, length: Int) -> Int {
    let doubled = Int((2 * position + 0.5).rounded(.toNearestOrEven))
    return min(max(doubled >> 1, 0), length - 1)
  }

  /// Calls `body(output offset, input offset)` for every output voxel that lies in the input.
  static func forEach(
    onto size: SIMD3<Int>, from input: Geometry, at positions: SamplePositions, _ body: (Int, Int) -> Void
  ) {
    if let axes = positions.axes {
      let indices = (0..<3).map { a in
        axes[a].map { Inside.contains($0, input.size[a]) ? index($0, length: input.size[a]) : -1 }
      }
      for k in 0..<size.z where indices[2][k] >= 0 {
        for j in 0..<size.y where indices[1][j] >= 0 {
          let target = size.x * (j + size.y * k)
          let source = input.offset(0, indices[1][j], indices[2][k])
          for i in 0..<size.x where indices[0][i] >= 0 { body(target &+ i, source &+ indices[0][i]) }
        }
      }
      return
    }
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = positions.row(y: j, z: k)
        for i in 0..<size.x {
          let p = row.position(i, size.x)
          guard Inside.contains(p, input.size) else { continue }
          body(
            i + size.x * (j + size.y * k),
            input.offset(
              index(p.x, length: input.size.x), index(p.y, length: input.size.y), index(p.z, length: input.size.z)))
        }
      }
    }
  }

  static func resample(
    _ volume: Volume, onto grid: Geometry, at positions: SamplePositions, normalization: Normalization?
  ) -> Volume {
    if let normalization {
      var result = [Double](repeating: 0, count: grid.count)
      forEach(onto: grid.size, from: volume.geometry, at: positions) { result[$0] = normalization(volume.voxels[$1]) }
      return Volume(geometry: grid, float64: result)
    }
    func moved<T: Numeric>(_ values: [T]) -> [T] {
      var result = [T](repeating: 0, count: grid.count)
      forEach(onto: grid.size, from: volume.geometry, at: positions) { result[$0] = values[$1] }
      return result
    }
    let voxels: Voxels
    switch volume.voxels {
    case .int16(let values): voxels = .int16(moved(values))
    case .int32(let values): voxels = .int32(moved(values))
    case .float32(let values): voxels = .float32(moved(values))
    case .float64(let values): voxels = .float64(moved(values))
    }
    return Volume(geometry: grid, pixelType: volume.pixelType, voxels: voxels)
  }

  static func resample(_ mask: Mask, onto grid: Geometry, at positions: SamplePositions) -> Mask {
    var result = [UInt8](repeating: 0, count: grid.count)
    result.withUnsafeMutableBufferPointer { target in
      mask.voxels.withUnsafeBufferPointer { source in
        forEach(onto: grid.size, from: mask.geometry, at: positions) { target[$0] = source[$1] }
      }
    }
    return Mask(geometry: grid, voxels: result, label: mask.label)
  }
}
