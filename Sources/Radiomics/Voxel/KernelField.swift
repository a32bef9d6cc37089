internal import Errors
internal import Imaging

/// The voxels that kernels read, those that they are computed for, and the grid of the maps.
struct KernelField: Sendable {
  /// The voxels that kernels read: the region, or with `maskedKernel: false` the whole box of the maps; with a border
  /// as wide as a kernel's reach.
  let region: Region
  /// Offsets in `region`'s padded grid of the region's voxels, in storage order.
  let centres: [Int]
  /// Offsets in the maps of the same voxels.
  private let places: [Int]
  /// How far kernels reach along x, y, z.
  let reach: SIMD3<Int>
  /// The grid of the maps: PyRadiomics `cropToTumorMask` with `padDistance` = `kernelRadius`.
  let geometry: Geometry
  private let settings: ExtractionSettings

  var initValue: Double { settings.voxel.initValue }

  /// - Throws: `E_LIMIT` where the kernel is larger than supported.
  init(_ prepared: Preparation, settings: ExtractionSettings) throws {
    self.settings = settings
    let radius = settings.voxel.kernelRadius
    let inside = prepared.region
    let box = inside.box.padded(by: radius, within: prepared.image.geometry.size)
    geometry = prepared.image.geometry.cropped(to: box)
    // A kernel that reaches beyond the box finds nothing there.
    var reach = SIMD3(0, 0, 0)
    for a in 0..<3 where settings.fixedAxis != a { reach[a] = min(radius, box.size[a]) }
    self.reach = reach
    let margin = max(reach.x, reach.y, reach.z)
    guard (2 * reach.x + 1) * (2 * reach.y + 1) * (2 * reach.z + 1) <= Self.mostVoxels else {
      throw StudyError(
        .limit, "kernelRadius \(radius) makes kernels of more than \(Self.mostVoxels) voxels",
        hint: "use a smaller kernelRadius")
    }
    if settings.voxel.maskedKernel {
      region = Region(prepared.mask, box: inside.box, margin: margin)
    } else {
      var whole = [UInt8](repeating: 0, count: prepared.mask.geometry.count)
      for z in 0..<box.size.z {
        for y in 0..<box.size.y {
          let start = prepared.mask.geometry.offset(box.lower.x, y + box.lower.y, z + box.lower.z)
          for x in 0..<box.size.x { whole[start + x] = 1 }
        }
      }
      region = Region(Mask(geometry: prepared.mask.geometry, voxels: whole), box: box, margin: margin)
    }
    var centres: [Int] = []
    var places: [Int] = []
    centres.reserveCapacity(inside.count)
    places.reserveCapacity(inside.count)
    let toGrid = inside.box.lower &- region.box.lower &+ margin
    let toMap = inside.box.lower &- box.lower
    for row in inside.rows {
      let (gy, gz) = (row.y + toGrid.y, row.z + toGrid.z)
      for x in row.x..<row.x + row.length {
        centres.append(x + toGrid.x + region.paddedSize.x * (gy + region.paddedSize.y * gz))
        places.append(x + toMap.x + box.size.x * (row.y + toMap.y + box.size.y * (row.z + toMap.z)))
      }
    }
    self.centres = centres
    self.places = places
  }

  /// Matrices of a kernel have at most as many levels as it has voxels.
  static let mostVoxels = 4096

  /// A map of a feature's values.
  func map(_ values: ArraySlice<Double>) -> Volume {
    var voxels = [Double](repeating: initValue, count: geometry.count)
    for (place, value) in zip(places, values) { voxels[place] = value }
    return Volume(geometry: geometry, float64: voxels)
  }
}

extension MemoryBudget {
  /// The largest class' table, a map and its bytes, and the derived images.
  func requireMaps(_ field: KernelField, image: Volume, requests: [FeatureClassRequest]) throws {
    let features = requests.map { $0.featureClass.names.count + $0.featureClass.namesByRequest.count }.max() ?? 0
    let tables = Double(field.centres.count) * Double(features + 13) * 8
    let box =
      Double(field.geometry.count) * 24 + Double(field.region.count) * 32 + Double(field.region.paddedCount) * 12
    try require(
      tables + box + Double(image.geometry.count) * 8, for: "maps of \(field.centres.count) voxels",
      hint: "resample to a larger spacing, or raise --memory-limit")
    try requireDerivedImages(image, region: field.region)
  }
}
