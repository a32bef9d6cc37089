import Imaging

/// Images made by a formula, so that reference programs can make the same ones.
enum SyntheticImage {
  /// Value ((37 x + 91 y + 53 z + x y z) mod 2000) - 1000.
  static func values(_ size: SIMD3<Int>) -> [Int] {
    var values: [Int] = []
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x { values.append((37 * x + 91 * y + 53 * z + x * y * z) % 2000 - 1000) }
      }
    }
    return values
  }

  static func geometry(
    _ size: SIMD3<Int>, spacing: Vector3 = Vector3(0.75, 0.8, 3.25), direction: Matrix3 = .identity
  ) -> Geometry {
    Geometry(size: size, spacing: spacing, origin: Vector3(-12.5, 30.25, -101), direction: direction)
  }

  static let size = SIMD3(23, 19, 9)

  static func int16(_ geometry: Geometry = geometry(size)) -> Volume {
    Volume(geometry: geometry, int16: values(geometry.size).map { Int16($0) })
  }

  /// The values times 0.37.
  static func float64(_ geometry: Geometry = geometry(size)) -> Volume {
    Volume(geometry: geometry, float64: values(geometry.size).map { Double($0) * 0.37 })
  }

  /// The values times 0.37, rounded to single precision.
  static func float32(_ geometry: Geometry = geometry(size)) -> Volume {
    Volume(
      geometry: geometry, pixelType: .float32, voxels: .float32(values(geometry.size).map { Float(Double($0) * 0.37) }))
  }

  /// A box of voxels and, in an image of the default size, voxel (9, 5, 4) beside it.
  static func mask(
    _ geometry: Geometry = geometry(size), x: Range<Int> = 8..<17, y: Range<Int> = 6..<12, z: Range<Int> = 3..<6
  ) -> Mask {
    var voxels = [UInt8](repeating: 0, count: geometry.count)
    for k in z {
      for j in y {
        for i in x { voxels[geometry.offset(i, j, k)] = 1 }
      }
    }
    if geometry.size == size { voxels[geometry.offset(9, 5, 4)] = 1 }
    return Mask(geometry: geometry, voxels: voxels)
  }

  /// Sum of every value's bits (an integer's two's complement) times 1, 3, 5 …, modulo 2^64: one wrong bit changes it.
  static func checksum(_ voxels: Voxels) -> UInt64 {
    func sum<T>(_ values: [T], _ bits: (T) -> UInt64) -> UInt64 {
      var weight: UInt64 = 1
      return values.reduce(into: 0) { total, value in
        total &+= bits(value) &* weight
        weight &+= 2
      }
    }
    switch voxels {
    case .int16(let values): return sum(values) { UInt64(bitPattern: Int64($0)) }
    case .int32(let values): return sum(values) { UInt64(bitPattern: Int64($0)) }
    case .float32(let values): return sum(values) { UInt64($0.bitPattern) }
    case .float64(let values): return sum(values) { $0.bitPattern }
    }
  }

  static func checksum(_ mask: Mask) -> UInt64 { checksum(.int16(mask.voxels.map { Int16($0) })) }
}
