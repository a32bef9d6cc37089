internal import DICOM
import Errors
import Imaging

/// Frames of a mask at the positions of the next slices of a series, before its first or after its last: the sign of an
/// interrupted copy.
struct MissingSlices {
  private let grid: Geometry
  private var there: Set<Int> = []
  private var missing: Set<Int> = []

  /// Slices farther away than this do not continue a series.
  private static let farthest = 10_000.0

  init(_ grid: Geometry) { self.grid = grid }

  mutating func noteThere(_ match: GridMatch) {
    if match.axes.z == 2 { there.insert(match.start.z) }
  }

  /// Records whether a frame that lies on no slice would continue the series.
  mutating func noteMissing(_ frame: Geometry) -> Bool {
    guard let index = grid.index(of: frame.origin), abs(index.z) < Self.farthest else { return false }
    let slice = Int(index.z.rounded())
    guard !(0..<grid.size.z).contains(slice) else { return false }
    var longer = grid
    if slice < 0 { longer.origin = grid.point(at: Vector3(0, 0, Double(slice))) }
    longer.size.z = slice < 0 ? grid.size.z - slice : slice + 1
    guard (try? GridMatch(mask: frame, image: longer, file: nil)) != nil else { return false }
    missing.insert(slice)
    return true
  }

  /// - Throws: `E_SLICES_MISSING`; `E_GEOM_MISMATCH` where none of the mask's slices are present, so that the mask may
  ///   belong to something else.
  func requireNone(_ name: String, file: String) throws(StudyError) {
    guard !missing.isEmpty else { return }
    guard !there.isEmpty else {
      throw StudyError(
        .geometryMismatch,
        "\(name) lies wholly beyond the series' \(grid.size.z) slices, on \(missing.count) that would be slices \(span)",
        file: file, hint: "add the missing slices, or use the mask drawn on this series")
    }
    throw StudyError(
      .slicesMissing,
      "\(name) spans \(there.count + missing.count) slices, of which \(there.count) are here; "
        + "\(missing.count) slice\(missing.count == 1 ? " is" : "s are") missing (\(span), the series has 0 to \(grid.size.z - 1))",
      file: file, hint: "copy the whole series",
      details: ["there": "\(there.count)", "spans": "\(there.count + missing.count)"])
  }

  private var span: String { "\(missing.min() ?? 0) to \(missing.max() ?? 0)" }
}
