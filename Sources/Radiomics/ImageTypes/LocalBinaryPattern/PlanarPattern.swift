internal import Glibc
internal import Imaging

/// `lbp2DMethod`: how the signs of the neighbours become a number.
package enum PatternMethod: String, Sendable, CaseIterable {
  /// The signs as bits of a number.
  case plain = "default"
  /// The smallest number of any rotation of the circle.
  case rotationInvariant = "ror"
  /// The number of samples not below the centre; samples + 1 where the circle changes sign more than twice.
  case uniform
  /// The variance of the neighbours.
  case variance = "var"
}

/// Local binary patterns slice by slice (PyRadiomics `getLBP2DImage`; scikit-image 0.24 `local_binary_pattern`): each
/// voxel is compared with points on a circle around it, interpolated linearly; values outside the slice are 0.
struct PlanarPattern: Sendable {
  /// A 32-bit number holds the default pattern of at most this number of neighbours.
  static let mostSamplesAsBits = 31

  private let method: PatternMethod
  /// Rows and columns from the centre, to five decimals as scikit-image rounds them.
  private let offsets: [SIMD2<Double>]
  /// Axes (0 = x) of the slice's rows and columns.
  private let rowAxis: Int
  private let columnAxis: Int

  /// - Parameters:
  ///   - radius: in voxels.
  ///   - axis: the axis (0 = x) across the slices.
  init(samples: Int, radius: Double, method: PatternMethod, across axis: Int) {
    self.method = method
    // PyRadiomics exchanges numpy's axis 0 (z) with the normal axis.
    rowAxis = axis == 1 ? 2 : 1
    columnAxis = axis == 0 ? 2 : 0
    let radius = Double(Float(radius))
    offsets = (0..<samples).map { i in
      let angle = 2 * Double.pi * Double(i) / Double(samples)
      return SIMD2(Self.fiveDecimals(-radius * sin(angle)), Self.fiveDecimals(radius * cos(angle)))
    }
  }

  private static func fiveDecimals(_ value: Double) -> Double { (value * 1e5).rounded(.toNearestOrEven) / 1e5 }

  /// The pattern at each voxel of a region, in its order, not yet cast to the image's type.
  func values(_ volume: Volume, in region: Region) -> [Double] {
    switch volume.voxels {
    case .int16(let voxels): values(voxels, volume.geometry, region)
    case .int32(let voxels): values(voxels, volume.geometry, region)
    case .float32(let voxels): values(voxels, volume.geometry, region)
    case .float64(let voxels): values(voxels, volume.geometry, region)
    }
  }

  private func values<Sample: ImageSample>(_ voxels: [Sample], _ grid: Geometry, _ region: Region) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(region.count)
    var neighbours = [Double](repeating: 0, count: offsets.count)
    let strides = SIMD3(1, grid.size.x, grid.size.x * grid.size.y)
    let (rows, columns) = (grid.size[rowAxis], grid.size[columnAxis])
    let (down, right) = (strides[rowAxis], strides[columnAxis])
    voxels.withUnsafeBufferPointer { source in
      for run in region.rows {
        for x in run.x..<run.x + run.length {
          let voxel = region.box.lower &+ SIMD3(x, run.y, run.z)
          let here = grid.offset(voxel.x, voxel.y, voxel.z)
          let (row, column) = (voxel[rowAxis], voxel[columnAxis])
          let slice = here - row * down - column * right
          func pixel(_ r: Int, _ c: Int) -> Double {
            r < 0 || c < 0 || r >= rows || c >= columns ? 0 : source[slice + r * down + c * right].real
          }
          for (i, offset) in offsets.enumerated() {
            let (r, c) = (Double(row) + offset.x, Double(column) + offset.y)
            let (r0, c0) = (r.rounded(.down), c.rounded(.down))
            let (r1, c1) = (Int(r.rounded(.up)), Int(c.rounded(.up)))
            let (dr, dc) = (r - r0, c - c0)
            let above = (1 - dc) * pixel(Int(r0), Int(c0)) + dc * pixel(Int(r0), c1)
            let below = (1 - dc) * pixel(r1, Int(c0)) + dc * pixel(r1, c1)
            neighbours[i] = (1 - dr) * above + dr * below
          }
          result.append(pattern(neighbours, centre: source[here].real))
        }
      }
    }
    return result
  }

  private func pattern(_ neighbours: [Double], centre: Double) -> Double {
    let count = neighbours.count
    switch method {
    case .variance:
      var sum = 0.0
      var squares = 0.0
      for value in neighbours {
        sum += value
        squares += value * value
      }
      let variance = (squares - (sum * sum) / Double(count)) / Double(count)
      return variance != 0 ? variance : .nan
    case .uniform:
      var ones = 0
      var changes = 0
      var previous = false
      for (i, value) in neighbours.enumerated() {
        let sign = value - centre >= 0
        ones += sign ? 1 : 0
        changes += i > 0 && sign != previous ? 1 : 0
        previous = sign
      }
      return Double(changes <= 2 ? ones : count + 1)
    case .plain, .rotationInvariant:
      var bits: UInt64 = 0
      for (i, value) in neighbours.enumerated() where value - centre >= 0 { bits |= 1 << UInt64(i) }
      if method == .plain { return Double(bits) }
      var smallest = bits
      for _ in 1..<max(count, 1) {
        bits = bits >> 1 | (bits & 1) << UInt64(count - 1)
        smallest = min(smallest, bits)
      }
      return Double(smallest)
    }
  }
}

extension Volume {
  /// The planar patterns of a region, cast to the image's own type as PyRadiomics stores them: for an integer image the
  /// fraction of a variance is truncated.
  func planarPatternValues(_ settings: ExtractionSettings, in region: Region) -> RegionValues {
    let pattern = PlanarPattern(
      samples: settings.lbp2DSamples, radius: settings.lbp2DRadius, method: settings.lbp2DMethod,
      across: settings.planeAxis)
    let values = pattern.values(self, in: region)
    switch pixelType {
    case .float64: return .reals(values, single: false)
    case .float32: return .reals(values.map { Double(Float($0)) }, single: true)
    case .uint8: return .integers(values.map { Int32(UInt8(truncatingIfNeeded: Self.word($0))) })
    case .int8: return .integers(values.map { Int32(Int8(truncatingIfNeeded: Self.word($0))) })
    case .uint16: return .integers(values.map { Int32(UInt16(truncatingIfNeeded: Self.word($0))) })
    case .int16: return .integers(values.map { Int32(Int16(truncatingIfNeeded: Self.word($0))) })
    case .int32: return .integers(values.map { Int32(truncatingIfNeeded: Self.word($0)) })
    case .uint32: return .reals(values.map { Double(UInt32(truncatingIfNeeded: Self.word($0))) }, single: false)
    }
  }

  /// A number as numpy casts it to an integer: the fraction is truncated, NaN becomes the smallest integer.
  private static func word(_ value: Double) -> Int64 {
    value.magnitude < 0x1p31 ? Int64(value) : Int64(Int32.min)
  }
}
