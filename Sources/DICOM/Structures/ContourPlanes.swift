import Errors
import Imaging

/// Which slice each contour of a region belongs to.
struct ContourPlanes {
  /// A contour in continuous voxel indices of its slice.
  struct Placed {
    var slice: Int
    var x: [Double]
    var y: [Double]
  }

  /// Up to this part of a slice, or this many mm, a contour lies in its slice.
  static let snap = (slices: 0.05, millimetres: 0.1)
  /// A common offset of all contours beyond this part of a slice belongs to either neighbour.
  static let ambiguous = 0.49

  private(set) var contours: [Placed] = []
  private(set) var notes: [Note] = []

  /// - Throws: `E_CONTOUR_OFF_PLANE`, `E_CONTOUR_OUTSIDE`.
  init(_ region: StructureSet.Region, on grid: Geometry, file: String?) throws(StudyError) {
    let name = "ROI \(region.number)"
    let tolerance = max(Self.snap.slices, Self.snap.millimetres / grid.spacing.z)
    func offPlane(_ what: String, _ slice: Int, _ details: [String: String]) -> StudyError {
      StudyError(
        .contourOffPlane, "\(name): \(what)", file: file, slice: (0..<grid.size.z).contains(slice) ? slice : nil,
        hint: "use the structure set that was drawn on this series, contoured slice by slice", details: details)
    }

    var heights: [Double] = []
    for contour in region.contours {
      var low = Double.infinity
      var high = -Double.infinity
      var x: [Double] = []
      var y: [Double] = []
      x.reserveCapacity(contour.points.count)
      y.reserveCapacity(contour.points.count)
      var sum = 0.0
      for point in contour.points {
        let offset = point - grid.origin
        x.append(offset.dot(grid.direction[0]) / grid.spacing.x)
        y.append(offset.dot(grid.direction[1]) / grid.spacing.y)
        let height = offset.dot(grid.direction[2]) / grid.spacing.z
        sum += height
        low = min(low, height)
        high = max(high, height)
      }
      let height = sum / Double(contour.points.count)
      guard high - low <= 2 * tolerance else {
        throw offPlane(
          "a contour spans \(rounded((high - low) * grid.spacing.z)) mm across the slices", Int(height.rounded()),
          ["millimetres": "\((high - low) * grid.spacing.z)"])
      }
      heights.append(height)
      contours.append(Placed(slice: 0, x: x, y: y))
    }
    guard let first = heights.first else { return }

    // In their slices, or all equally beside them: a structure set of a series whose origin was rounded, or that stores
    // the slices' faces instead of their centres.
    var shift = 0.0
    let offsets = heights.map { $0 - $0.rounded() }
    let worst = offsets.map { abs($0) }.max() ?? 0
    if worst > tolerance {
      shift = first - first.rounded()
      let spread = heights.map { abs(($0 - shift) - ($0 - shift).rounded()) }.max() ?? 0
      let index = offsets.firstIndex { abs($0) == worst } ?? 0
      guard spread <= tolerance, abs(shift) <= Self.ambiguous else {
        throw offPlane(
          "a contour lies \(rounded(worst * grid.spacing.z)) mm off the nearest slice of \(rounded(grid.spacing.z)) mm spacing",
          Int(heights[index].rounded()), ["millimetres": "\(worst * grid.spacing.z)"])
      }
      notes.append(
        Note(
          code: "CONTOUR_SHIFTED",
          message:
            "\(name): all contours lie \(rounded(shift * grid.spacing.z)) mm off their slices and were moved there"))
    } else if worst > 1e-3 {
      notes.append(
        Note(
          code: "CONTOUR_SNAPPED",
          message:
            "\(name): contours lie up to \(rounded(worst * grid.spacing.z)) mm off their slices and were moved there"))
    }
    for i in contours.indices {
      let slice = (heights[i] - shift).rounded()
      guard slice >= 0, slice < Double(grid.size.z) else {
        throw StudyError(
          .contourOutside,
          "\(name): a contour lies \(abs(slice) < 1e9 ? "at slice \(Int(slice))" : "far away"), the series has slices 0 to \(grid.size.z - 1)",
          file: file, hint: "add the missing slices, or use the structure set that was drawn on this series",
          details: ["slice": "\(slice)"])
      }
      contours[i].slice = Int(slice)
    }
    noteGaps(name)
  }

  private mutating func noteGaps(_ name: String) {
    let slices = Set(contours.map(\.slice))
    guard let low = slices.min(), let high = slices.max() else { return }
    let missing = (low...high).filter { !slices.contains($0) }
    guard !missing.isEmpty else { return }
    let list = missing.prefix(20).map(String.init).joined(separator: ", ") + (missing.count > 20 ? ", ..." : "")
    notes.append(
      Note(
        code: "CONTOUR_GAP",
        message: "\(name): \(missing.count) slice(s) between the first and the last have no contour: \(list)"))
  }
}
