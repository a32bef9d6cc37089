internal import CKernels
package import Errors

extension ErrorCode {
  /// Discretisation gives more grey levels than the matrices support.
  package static let tooManyGreyLevels = ErrorCode("E_GREY_LEVELS", .badInput)
  /// The region holds a value that is not a number.
  package static let notFinite = ErrorCode("E_NOT_FINITE", .badInput)
}

/// Grey levels of a region's voxels.
///
/// Levels that no voxel has are left out of the texture matrices, as PyRadiomics does, so voxels carry the number of
/// their level among the levels present (from 1), and `greyLevels` gives back the level itself.
struct DiscretisedRegion: Sendable {
  /// One number per voxel, 1...`present`, in storage order.
  let levels: [UInt16]
  /// The grey levels that occur, ascending; voxel value n stands for `greyLevels[n - 1]`.
  let greyLevels: [Int]
  /// Number of voxels of each level.
  let counts: [Int]
  /// Smallest and largest value of the region.
  let minimum: Double
  let maximum: Double

  /// The highest grey level, PyRadiomics' Ng.
  var highest: Int { greyLevels[greyLevels.count - 1] }
  /// Number of levels that occur.
  var present: Int { greyLevels.count }

  /// Above this number of bins the setting is wrong (a bin width of 0.001 HU) and the matrices are useless.
  static let limit = 60_000

  /// - Throws: `E_GREY_LEVELS` where the bin width asks for more than 60,000 levels, `E_NOT_FINITE` where a value is NaN or infinite.
  init(_ values: RegionValues, binning: Binning) throws {
    switch values {
    case .integers(let values): try self.init(integers: values, binning: binning)
    case .reals(let values, let single): try self.init(reals: values, single: single, binning: binning)
    }
  }

  private init(integers values: [Int32], binning: Binning) throws {
    var low = Int32.max
    var high = Int32.min
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    guard Int(high) - Int(low) < 1 << 22 else {
      try self.init(reals: values.map(Double.init), single: false, binning: binning)
      return
    }
    let edges = try Self.edges(binning, Double(low), Double(high), single: false)
    // A table from value to level: an integer image has few distinct values.
    let span = Int(high) - Int(low) + 1
    var table = [UInt16](repeating: 0, count: span)
    edges.withUnsafeBufferPointer { edges in
      let inverseWidth = 1 / (edges[1] - edges[0])
      for i in 0..<span {
        let value = Double(Int(low) + i)
        table[i] = UInt16(BinEdges.level(of: value, in: edges, low: edges[0], inverseWidth: inverseWidth))
      }
    }
    var levels = [UInt16](repeating: 0, count: values.count)
    var histogram = [Int](repeating: 0, count: edges.count + 1)
    levels.withUnsafeMutableBufferPointer { levels in
      table.withUnsafeBufferPointer { table in
        histogram.withUnsafeMutableBufferPointer { histogram in
          values.withUnsafeBufferPointer { values in
            for i in 0..<values.count {
              let level = table[Int(values[i] &- low)]
              levels[i] = level
              histogram[Int(level)] &+= 1
            }
          }
        }
      }
    }
    self.init(levels: &levels, histogram: histogram, minimum: Double(low), maximum: Double(high))
  }

  private init(reals values: [Double], single: Bool, binning: Binning) throws {
    var low = Double.infinity
    var high = -Double.infinity
    let odd = values.withUnsafeBufferPointer { values in
      values.baseAddress.map { Kernels.current.range($0, values.count, &low, &high) } ?? .nan
    }
    guard odd == 0 else {
      throw StudyError(
        .notFinite, "the region holds values that are not finite numbers",
        hint: "check the image: NaN or infinite voxels")
    }
    let edges = try Self.edges(binning, low, high, single: single)
    var counts = [UInt32](repeating: 0, count: 4 * (edges.count + 1))
    var levels = [UInt16](unsafeUninitializedCapacity: values.count) { levels, initialized in
      values.withUnsafeBufferPointer { values in
        edges.withUnsafeBufferPointer { edges in
          Kernels.current.discretise(
            values.baseAddress!, values.count, edges.baseAddress!, edges.count, 1 / (edges[1] - edges[0]),
            levels.baseAddress!, &counts)
        }
      }
      initialized = values.count
    }
    let histogram = (0...edges.count).map { level in
      (0..<4).reduce(0) { $0 + Int(counts[$1 * (edges.count + 1) + level]) }
    }
    self.init(levels: &levels, histogram: histogram, minimum: low, maximum: high)
  }

  private static func edges(_ binning: Binning, _ low: Double, _ high: Double, single: Bool) throws -> [Double] {
    guard let edges = BinEdges(binning, minimum: low, maximum: high, single: single, limit: limit) else {
      throw StudyError(
        .tooManyGreyLevels, "values from \(low) to \(high) need more than \(limit) grey levels with \(binning)",
        hint: "use a larger binWidth")
    }
    return edges.edges
  }

  /// Levels that were computed elsewhere.
  init(numbering levels: [UInt16], histogram: [Int], minimum: Double, maximum: Double) {
    var levels = levels
    self.init(levels: &levels, histogram: histogram, minimum: minimum, maximum: maximum)
  }

  /// Renumbers the levels without gaps.
  private init(levels: inout [UInt16], histogram: [Int], minimum: Double, maximum: Double) {
    let greyLevels = histogram.indices.filter { histogram[$0] > 0 }
    self.greyLevels = greyLevels
    self.counts = greyLevels.map { histogram[$0] }
    self.minimum = minimum
    self.maximum = maximum
    if let last = greyLevels.last, last != greyLevels.count {
      var number = [UInt16](repeating: 0, count: last + 1)
      for (i, level) in greyLevels.enumerated() { number[level] = UInt16(i + 1) }
      levels.withUnsafeMutableBufferPointer { levels in
        number.withUnsafeBufferPointer { number in
          for i in 0..<levels.count { levels[i] = number[Int(levels[i])] }
        }
      }
    }
    self.levels = levels
  }
}
