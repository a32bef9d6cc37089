internal import Imaging

/// Where the voxels of an output grid lie in an input grid, as continuous indices of the input: the arithmetic of
/// `itk::ResampleImageFilter` for the identity transform, which interpolates between a row's first voxel and the one past
/// its last.
struct SamplePositions: Sendable {
  let size: SIMD3<Int>
  private let output: IndexMatrix
  private let input: IndexMatrix
  /// Continuous indices along x, y and z where each depends on only one output index, otherwise nil.
  let axes: [[Double]]?

  /// - Returns: nil where the input's direction matrix is singular.
  init?(output: Geometry, input: Geometry) {
    let size = output.size
    let output = IndexMatrix(output)
    let input = IndexMatrix(input)
    guard input.inverseRows != nil else { return nil }
    self.size = size
    self.output = output
    self.input = input
    if output.isDiagonal && input.isDiagonal {
      let row = Self.row(y: 0, z: 0, size: size, output, input)
      axes = [
        (0..<size.x).map { row.position($0, size.x).x },
        (0..<size.y).map { Self.row(y: $0, z: 0, size: size, output, input).start.y },
        (0..<size.z).map { Self.row(y: 0, z: $0, size: size, output, input).start.z },
      ]
    } else {
      axes = nil
    }
  }

  /// One row of the output along x.
  struct Row: Sendable {
    let start: Vector3
    let step: Vector3

    /// Continuous input index of voxel x of `width`.
    func position(_ x: Int, _ width: Int) -> Vector3 {
      let alpha = Double(x) / Double(width)
      return start + alpha * step
    }
  }

  func row(y: Int, z: Int) -> Row { Self.row(y: y, z: z, size: size, output, input) }

  private static func row(
    y: Int, z: Int, size: SIMD3<Int>, _ output: IndexMatrix, _ input: IndexMatrix
  ) -> Row {
    let start = input.continuousIndex(of: output.point(voxel: SIMD3(0, y, z))) ?? Vector3()
    let end = input.continuousIndex(of: output.point(voxel: SIMD3(size.x, y, z))) ?? Vector3()
    return Row(start: start, step: end - start)
  }

  /// Smallest and largest continuous index along each axis.
  var range: (low: Vector3, high: Vector3) {
    if let axes {
      return (
        Vector3(axes[0].min() ?? 0, axes[1].min() ?? 0, axes[2].min() ?? 0),
        Vector3(axes[0].max() ?? 0, axes[1].max() ?? 0, axes[2].max() ?? 0)
      )
    }
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    for (y, z) in [(0, 0), (size.y - 1, 0), (0, size.z - 1), (size.y - 1, size.z - 1)] {
      let row = row(y: y, z: z)
      for p in [row.position(0, size.x), row.position(size.x - 1, size.x)] {
        low = pointwiseMin(low, p)
        high = pointwiseMax(high, p)
      }
    }
    return (low, high)
  }
}
