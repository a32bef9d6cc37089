internal import Hashing
internal import Imaging

/// Columns that describe an image and a mask, as PyRadiomics' `generalinfo` does.
enum GeneralInfo {
  /// - Parameter known: the image's summary, where it was made before.
  static func image(_ volume: Volume, prefix: String, known: IntegerSummary? = nil) -> [Diagnostic] {
    var columns: [Diagnostic] = []
    let name = "diagnostics_Image-\(prefix)_"
    if prefix == "original" {
      columns.append(Diagnostic(name: name + "Hash", value: .text(VolumeHash.sha1(volume))))
      columns.append(Diagnostic(name: name + "Dimensionality", value: .text("3D")))
    }
    let (mean, minimum, maximum) =
      known.map { summary($0, count: volume.voxels.count) } ?? summary(volume.voxels)
    let geometry = volume.geometry
    columns.append(Diagnostic(name: name + "Spacing", value: .numbers(list(geometry.spacing))))
    columns.append(
      Diagnostic(name: name + "Size", value: .integers([geometry.size.x, geometry.size.y, geometry.size.z])))
    columns.append(Diagnostic(name: name + "Mean", value: .number(mean)))
    columns.append(Diagnostic(name: name + "Minimum", value: .number(minimum)))
    columns.append(Diagnostic(name: name + "Maximum", value: .number(maximum)))
    return columns
  }

  /// - Parameter values: the image's values inside the mask, where the two share a grid.
  static func mask(_ mask: Mask, region: Region, values: RegionValues?, prefix: String) -> [Diagnostic] {
    var columns: [Diagnostic] = []
    let name = "diagnostics_Mask-\(prefix)_"
    if prefix == "original" { columns.append(Diagnostic(name: name + "Hash", value: .text(VolumeHash.sha1(mask)))) }
    let geometry = mask.geometry
    let box = region.box
    let centre = centreOfMass(region)
    columns.append(Diagnostic(name: name + "Spacing", value: .numbers(list(geometry.spacing))))
    columns.append(
      Diagnostic(name: name + "Size", value: .integers([geometry.size.x, geometry.size.y, geometry.size.z])))
    columns.append(
      Diagnostic(
        name: name + "BoundingBox",
        value: .integers([box.lower.x, box.lower.y, box.lower.z, box.size.x, box.size.y, box.size.z])))
    columns.append(Diagnostic(name: name + "VoxelNum", value: .integer(region.count)))
    let runs = region.rows.map { VoxelRun(x: $0.x, y: $0.y, z: $0.z, length: $0.length) }
    columns.append(Diagnostic(name: name + "VolumeNum", value: .integer(MaskParts(runs, size: box.size).sizes.count)))
    columns.append(Diagnostic(name: name + "CenterOfMassIndex", value: .numbers(list(centre))))
    columns.append(Diagnostic(name: name + "CenterOfMass", value: .numbers(list(geometry.point(at: centre)))))
    if let values {
      let (mean, minimum, maximum) = summary(values)
      columns.append(Diagnostic(name: name + "Mean", value: .number(mean)))
      columns.append(Diagnostic(name: name + "Minimum", value: .number(minimum)))
      columns.append(Diagnostic(name: name + "Maximum", value: .number(maximum)))
    }
    return columns
  }

  private static func list(_ v: Vector3) -> [Double] { [v.x, v.y, v.z] }

  private static func centreOfMass(_ region: Region) -> Vector3 {
    var sum = SIMD3(0, 0, 0)
    for row in region.rows {
      sum &+= SIMD3(
        row.length * row.x + row.length * (row.length - 1) / 2, row.length * row.y, row.length * row.z)
    }
    return Vector3(index: sum) / Double(region.count) + Vector3(index: region.box.lower)
  }

  private static func summary(_ voxels: Voxels) -> (mean: Double, minimum: Double, maximum: Double) {
    switch voxels {
    case .int16(let values): summary(IntegerSummary(values), count: values.count)
    case .int32(let values): summary(integers: values)
    case .float32(let values): summary(reals: values) { Double($0) }
    case .float64(let values): summary(reals: values) { $0 }
    }
  }

  private static func summary(_ values: RegionValues) -> (mean: Double, minimum: Double, maximum: Double) {
    switch values {
    case .integers(let values): summary(integers: values)
    case .reals(let values, _): summary(reals: values) { $0 }
    }
  }

  private static func summary(_ summary: IntegerSummary, count: Int) -> (Double, Double, Double) {
    (Double(summary.sum) / Double(count), Double(summary.minimum), Double(summary.maximum))
  }

  @inline(__always)
  private static func summary<Value: FixedWidthInteger>(integers values: [Value]) -> (Double, Double, Double) {
    var sum = 0
    var low = Value.max
    var high = Value.min
    for value in values {
      sum &+= Int(value)
      low = min(low, value)
      high = max(high, value)
    }
    return (Double(sum) / Double(values.count), Double(low), Double(high))
  }

  @inline(__always)
  private static func summary<Value>(reals values: [Value], _ convert: (Value) -> Double) -> (Double, Double, Double) {
    // Partial sums of a thousand values keep the digits that one long sum would lose.
    var sum = 0.0
    var low = Double.infinity
    var high = -Double.infinity
    var start = 0
    while start < values.count {
      let end = min(start + 1024, values.count)
      var part = 0.0
      for i in start..<end {
        let value = convert(values[i])
        part += value
        low = min(low, value)
        high = max(high, value)
      }
      sum += part
      start = end
    }
    return (sum / Double(values.count), low, high)
  }
}
