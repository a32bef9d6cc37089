internal import DICOM
import Errors
import Imaging

/// The slice of each contour of a region.
struct ContourPlanes {
  /// Up to this fraction of a slice, or this many mm, a contour lies in its slice.
  static let snap = (slices: 0.05, millimetres: 0.1)
  /// A common offset of all contours beyond this fraction of a slice may belong to either neighbour.
  static let ambiguous = 0.49

  /// A contour in the grid's indices, and its heights in slices.
  private struct Placed {
    var line: ContourLine
    var height: Double
    var span: Double

    init(_ contour: StructureSet.Contour, on grid: Geometry) {
      var low = Double.infinity
      var high = -Double.infinity
      var sum = 0.0
      line = ContourLine(x: [], y: [], isXOR: contour.isXOR)
      line.x.reserveCapacity(contour.points.count)
      line.y.reserveCapacity(contour.points.count)
      for point in contour.points {
        let offset = point - grid.origin
        line.x.append(offset.dot(grid.direction[0]) / grid.spacing.x)
        line.y.append(offset.dot(grid.direction[1]) / grid.spacing.y)
        let height = offset.dot(grid.direction[2]) / grid.spacing.z
        sum += height
        low = min(low, height)
        high = max(high, height)
      }
      height = sum / Double(contour.points.count)
      span = high - low
    }
  }

  private(set) var lines: [ContourLine] = []
  /// Contours of one or two points that lie in a slice of the grid.
  private(set) var crumbs: [ContourLine] = []
  private(set) var notes: [Note] = []

  /// - Throws: `E_CONTOUR_OFF_PLANE`, `E_CONTOUR_OUTSIDE`, `E_IMAGE_REFERENCE`.
  init(
    _ region: StructureSet.Region, on grid: Geometry, images: ImagePositions?, file: String?
  ) throws(StudyError) {
    let name = "ROI \(region.number)"
    let tolerance = max(Self.snap.slices, Self.snap.millimetres / grid.spacing.z)
    func offPlane(_ what: String, _ slice: Double, _ details: [String: String]) -> StudyError {
      StudyError(
        .contourOffPlane, "\(name): \(what)", file: file,
        slice: slice >= 0 && slice < Double(grid.size.z) ? Int(slice) : nil,
        hint: "use the structure set that was drawn on this series, contoured slice by slice", details: details)
    }

    let placed = region.contours.map { Placed($0, on: grid) }
    if let slanted = placed.first(where: { !($0.span <= 2 * tolerance) }) {
      let span = slanted.span * grid.spacing.z
      throw offPlane(
        "a contour spans \(rounded(span)) mm across the slices", slanted.height.rounded(), ["millimetres": "\(span)"])
    }
    guard let first = placed.first?.height else { return }

    // In their slices, or all equally offset: a structure set of a series whose origin was rounded, or that stores
    // the slices' faces instead of their centres.
    var shift = 0.0
    let heights = placed.map(\.height)
    let offsets = heights.map { $0 - $0.rounded() }
    let worst = offsets.map { abs($0) }.max() ?? 0
    if worst > tolerance {
      shift = first - first.rounded()
      let spread = heights.map { abs(($0 - shift) - ($0 - shift).rounded()) }.max() ?? 0
      let index = offsets.firstIndex { abs($0) == worst } ?? 0
      guard spread <= tolerance, abs(shift) <= Self.ambiguous else {
        throw offPlane(
          "a contour lies \(rounded(worst * grid.spacing.z)) mm off the nearest slice of \(rounded(grid.spacing.z)) mm spacing",
          heights[index].rounded(), ["millimetres": "\(worst * grid.spacing.z)"])
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

    let check = ContourImages(name: name, file: file, slices: grid.size.z, images: images)
    try check.requireSlices(heights.map { ($0 - shift).rounded() }, region.contours)
    lines = placed.map { one in
      var line = one.line
      line.slice = Int((one.height - shift).rounded())
      return line
    }
    notes += try check.compare(lines.map(\.slice), heights, region.contours)
    crumbs = region.crumbs.compactMap { contour in
      let one = Placed(contour, on: grid)
      let slice = (one.height - shift).rounded()
      guard one.span <= 2 * tolerance, abs(one.height - shift - slice) <= tolerance, slice >= 0,
        slice < Double(grid.size.z)
      else { return nil }
      var line = one.line
      line.slice = Int(slice)
      let bounds = line.bounds
      guard bounds.left >= -0.5, bounds.top >= -0.5, bounds.right <= Double(grid.size.x) - 0.5,
        bounds.bottom <= Double(grid.size.y) - 0.5
      else { return nil }
      return line
    }
    noteGaps(name)
  }

  private mutating func noteGaps(_ name: String) {
    let slices = Set(lines.map(\.slice))
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
