import Errors
import Imaging

/// Fills closed lines on one slice: a voxel is inside where its centre is inside an odd number of lines.
///
/// Spans are half-open in both directions, so that regions that share an edge share no voxel: row j is crossed by an
/// edge where exactly one of its ends lies above j (y <= j), and columns a <= i < b lie between crossings a and b.
struct ContourRaster {
  /// Crossings of edges and rows for one contour: more is no drawing.
  static let mostCrossings = 10_000_000

  let columns: Int
  let rows: Int

  /// Row and column where an edge crosses the centre line of a row.
  private struct Crossing {
    var row: Int
    var column: Double
  }

  /// Toggles `inside` within a line and sets `touched` there.
  ///
  /// - Returns: false where the line encloses centres beyond the slice's edge.
  /// - Throws: `E_LIMIT`.
  func fill(
    _ contour: ContourPlanes.Placed, inside: UnsafeMutableBufferPointer<UInt8>,
    touched: UnsafeMutableBufferPointer<UInt8>, file: String?
  ) throws(StudyError) -> Bool {
    guard let low = contour.y.min(), let high = contour.y.max(), high >= 0, low <= Double(rows - 1) else {
      return false
    }
    var crossings = try crossings(contour, file: file)
    crossings.sort { ($0.row, $0.column) < ($1.row, $1.column) }
    var isWhole = true
    var index = 0
    while index + 1 < crossings.count {
      // A closed line crosses each row an even number of times.
      let (row, from, to) = (
        crossings[index].row, crossings[index].column.rounded(.up), crossings[index + 1].column.rounded(.up)
      )
      index += 2
      guard from < to else { continue }
      guard row >= 0, row < rows, from >= 0, to <= Double(columns) else {
        isWhole = false
        continue
      }
      for offset in row * columns + Int(from)..<row * columns + Int(to) {
        inside[offset] ^= 1
        touched[offset] = 1
      }
    }
    return isWhole
  }

  /// Crossings on the slice's rows and the one row beyond each edge, which tells that a line leaves the slice.
  private func crossings(_ contour: ContourPlanes.Placed, file: String?) throws(StudyError) -> [Crossing] {
    var crossings: [Crossing] = []
    let count = contour.x.count
    for i in 0..<count {
      let j = i + 1 == count ? 0 : i + 1
      let (x0, y0, x1, y1) = (contour.x[i], contour.y[i], contour.x[j], contour.y[j])
      guard y0 != y1 else { continue }
      // Rows r with min(y) <= r < max(y): exactly one end has y <= r.
      let first = max(-1, min(y0, y1).rounded(.up))
      let last = min(Double(rows), max(y0, y1).rounded(.up) - 1)
      guard first <= last else { continue }
      guard crossings.count + Int(last - first) < Self.mostCrossings else {
        throw StudyError(.limit, "a contour crosses more than \(Self.mostCrossings) rows", file: file)
      }
      for row in Int(first)...Int(last) {
        crossings.append(Crossing(row: row, column: x0 + (Double(row) - y0) * (x1 - x0) / (y1 - y0)))
      }
    }
    return crossings
  }
}
