internal import Imaging

/// The image's values at a region's voxels, in storage order.
enum RegionValues: Sendable {
  /// An integer image (a CT in HU).
  case integers([Int32])
  /// A floating point image; `single` where its type is float32, by which histogram edges are rounded.
  case reals([Double], single: Bool)

  var count: Int {
    switch self {
    case .integers(let values): values.count
    case .reals(let values, _): values.count
    }
  }

  /// Reads the region from a volume whose voxel (0, 0, 0) is voxel `origin` of the grid of the region's box.
  init(_ volume: Volume, origin: SIMD3<Int> = SIMD3(0, 0, 0), region: Region) {
    let size = volume.geometry.size
    let corner = region.box.lower &- origin
    func start(_ row: RegionRow) -> Int {
      (row.x + corner.x) + size.x * ((row.y + corner.y) + size.y * (row.z + corner.z))
    }
    switch volume.voxels {
    case .int16(let voxels):
      self = .integers(Self.gather(region, voxels, start) { Int32($0) })
    case .int32(let voxels):
      self = .integers(Self.gather(region, voxels, start) { $0 })
    case .float32(let voxels):
      self = .reals(Self.gather(region, voxels, start) { Double($0) }, single: true)
    case .float64(let voxels):
      // uint32 images are held as doubles but are integers: no histogram edge is rounded to single.
      self = .reals(Self.gather(region, voxels, start) { $0 }, single: false)
    }
  }

  @inline(__always)
  private static func gather<Source, Target>(
    _ region: Region, _ voxels: [Source], _ start: (RegionRow) -> Int, _ convert: (Source) -> Target
  ) -> [Target] {
    [Target](unsafeUninitializedCapacity: region.count) { target, initialized in
      voxels.withUnsafeBufferPointer { source in
        for row in region.rows {
          let from = start(row)
          for x in 0..<row.length {
            target.initializeElement(at: row.first &+ x, to: convert(source[from &+ x]))
          }
        }
      }
      initialized = region.count
    }
  }
}

extension RegionValues {
  /// Every value as a double: exact.
  var doubles: [Double] {
    switch self {
    case .integers(let values): values.map(Double.init)
    case .reals(let values, _): values
    }
  }
}
