internal import Errors

extension DiscretisedRegion {
  /// Grey levels by IBSI's formulas: FBS counts from the lower bound of re-segmentation, so that a level means the same
  /// intensities in every image; FBN puts the largest value into the last bin.
  ///
  /// - Throws: `E_NOT_FINITE`, `E_GREY_LEVELS`.
  init(_ values: [Double], ibsi settings: IBSISettings) throws {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    guard values.allSatisfy(\.isFinite) else {
      throw StudyError(
        .notFinite, "the region holds values that are not finite numbers",
        hint: "check the image: NaN or infinite voxels")
    }
    let levels = values.map { value -> Double in
      switch settings.discretisation {
      case .none: return value
      case .fixedBinSize(let width): return ((value - (settings.range?.lowerBound ?? low)) / width).rounded(.down) + 1
      case .fixedBinNumber(let count):
        guard value < high else { return high > low ? Double(count) : 1 }
        return (Double(count) * (value - low) / (high - low)).rounded(.down) + 1
      }
    }
    guard levels.allSatisfy({ $0 >= 1 && $0 <= Double(Self.limit) && $0 == $0.rounded() }) else {
      throw StudyError(
        .tooManyGreyLevels, "values from \(low) to \(high) give no grey levels from 1 to \(Self.limit)",
        hint: "use another discretisation")
    }
    var histogram = [Int](repeating: 0, count: Int(levels.max() ?? 1) + 1)
    for level in levels { histogram[Int(level)] += 1 }
    self.init(numbering: levels.map { UInt16($0) }, histogram: histogram, minimum: low, maximum: high)
  }
}
