internal import DICOM
import Errors
import Imaging

/// Draws closed lines on one slice: which voxel centres they enclose, and which lie on them.
///
/// Row j is crossed by an edge where exactly one of its ends lies above j (y <= j), and columns a <= i < b lie between
/// crossings a and b. Centres on the line itself are found separately (`ContourLine.tie`), so that the side of the line
/// on which rounding puts them does not matter.
struct ContourRaster {
  /// Limit of crossings of edges and rows for one contour: more is not a drawing.
  static let mostCrossings = 10_000_000

  let columns: Int
  let rows: Int

  /// A line's voxels, within its box and the image.
  struct Drawing {
    /// The centre is inside by an odd number of crossings.
    static let inside: UInt8 = 1
    /// The centre is on the line.
    static let onLine: UInt8 = 2

    var left: Int
    var top: Int
    var width: Int
    var height: Int
    var cells: [UInt8]
    /// Centres inside and not on the line.
    var enclosed = 0
    /// Centres that the line encircles an even number of times, and not on it: it overlaps itself.
    var overlapped = 0

    /// Calls `body` with the offset in the slice and the cell, for cells that are not empty.
    func visit(columns: Int, _ body: (Int, UInt8) -> Void) {
      for row in 0..<height {
        let start = (top + row) * columns + left
        for column in 0..<width where cells[row * width + column] != 0 {
          body(start + column, cells[row * width + column])
        }
      }
    }

    /// Centres that are within both and on neither line.
    ///
    /// - Throws: `E_LIMIT`.
    func shared(_ other: Drawing, _ budget: inout ContourBudget) throws(StudyError) -> Int {
      let (from, to) = (max(left, other.left), min(left + width, other.left + other.width))
      let (first, last) = (max(top, other.top), min(top + height, other.top + other.height))
      guard from < to, first < last else { return 0 }
      try budget.spend((to - from) * (last - first) / 8)
      var count = 0
      for row in first..<last {
        let (own, its) = ((row - top) * width - left, (row - other.top) * other.width - other.left)
        for column in from..<to
        where cells[own + column] == Self.inside && other.cells[its + column] == Self.inside {
          count += 1
        }
      }
      return count
    }
  }

  /// Row and column where an edge crosses the centre line of a row, and whether it runs to higher rows.
  private struct Crossing {
    var row: Int
    var column: Double
    var turn: Int
  }

  /// - Throws: `E_LIMIT`.
  func draw(_ line: ContourLine, _ budget: inout ContourBudget) throws(StudyError) -> Drawing {
    let bounds = line.bounds
    let left = Int(max(0, min(Double(columns), bounds.left.rounded(.down))))
    let top = Int(max(0, min(Double(rows), bounds.top.rounded(.down))))
    let right = Int(max(-1, min(Double(columns - 1), bounds.right.rounded(.up))))
    let bottom = Int(max(-1, min(Double(rows - 1), bounds.bottom.rounded(.up))))
    let (width, height) = (max(0, right - left + 1), max(0, bottom - top + 1))
    try budget.hold(width * height)
    var drawing = Drawing(
      left: left, top: top, width: width, height: height, cells: [UInt8](repeating: 0, count: width * height))
    guard width > 0, height > 0 else { return drawing }
    try markLine(line, &drawing, budget.file)
    var crossings = try crossings(line, file: budget.file)
    crossings.sort { ($0.row, $0.column) < ($1.row, $1.column) }
    var turns = 0
    for index in crossings.indices.dropLast() {
      // A closed line crosses each row an even number of times, as often up as down.
      turns += crossings[index].turn
      let next = crossings[index + 1]
      guard next.row == crossings[index].row else {
        turns = 0
        continue
      }
      guard turns != 0 || index & 1 == 0 else { continue }
      let from = max(left, Int(max(0, crossings[index].column.rounded(.up))))
      let to = Int(min(Double(right + 1), next.column.rounded(.up)))
      guard from < to else { continue }
      let start = (next.row - top) * width - left
      for cell in start + from..<start + to {
        if index & 1 == 0 {
          drawing.enclosed += drawing.cells[cell] == 0 ? 1 : 0
          drawing.cells[cell] |= Drawing.inside
        } else {
          drawing.overlapped += drawing.cells[cell] == 0 ? 1 : 0
        }
      }
    }
    return drawing
  }

  /// Crossings on the image's rows.
  private func crossings(_ line: ContourLine, file: String?) throws(StudyError) -> [Crossing] {
    var crossings: [Crossing] = []
    for i in 0..<line.count {
      let j = line.next(i)
      let (x0, y0, x1, y1) = (line.x[i], line.y[i], line.x[j], line.y[j])
      guard y0 != y1 else { continue }
      // Rows r with min(y) <= r < max(y): exactly one end has y <= r.
      let first = max(0, min(y0, y1).rounded(.up))
      let last = min(Double(rows - 1), max(y0, y1).rounded(.up) - 1)
      guard first <= last else { continue }
      try Self.require(crossings.count + Int(last - first), file)
      for row in Int(first)...Int(last) {
        crossings.append(
          Crossing(row: row, column: x0 + (Double(row) - y0) * (x1 - x0) / (y1 - y0), turn: y0 < y1 ? 1 : -1))
      }
    }
    return crossings
  }

  /// Marks the centres that lie on the line.
  private func markLine(_ line: ContourLine, _ drawing: inout Drawing, _ file: String?) throws(StudyError) {
    let tie = ContourLine.tie
    var steps = 0
    for i in 0..<line.count {
      let j = line.next(i)
      let (x0, y0, dx, dy) = (line.x[i], line.y[i], line.x[j] - line.x[i], line.y[j] - line.y[i])
      let isFlat = abs(dx) >= abs(dy)
      let squared = dx * dx + dy * dy
      let (start, length) = isFlat ? (x0, dx) : (y0, dy)
      let first = max(0, (min(start, start + length) - tie).rounded(.up))
      let last = min(Double((isFlat ? columns : rows) - 1), (max(start, start + length) + tie).rounded(.down))
      guard first <= last else { continue }
      steps += Int(last - first)
      try Self.require(steps, file)
      for whole in Int(first)...Int(last) {
        let part = length == 0 ? 0 : (Double(whole) - start) / length
        let (column, row) =
          isFlat ? (Double(whole), (y0 + part * dy).rounded()) : ((x0 + part * dx).rounded(), Double(whole))
        let nearest = squared == 0 ? 0 : max(0, min(1, ((column - x0) * dx + (row - y0) * dy) / squared))
        let (x, y) = (x0 + nearest * dx - column, y0 + nearest * dy - row)
        guard x * x + y * y <= tie * tie else { continue }
        let (inX, inY) = (Int(max(-1, min(1e9, column))) - drawing.left, Int(max(-1, min(1e9, row))) - drawing.top)
        guard inX >= 0, inX < drawing.width, inY >= 0, inY < drawing.height else { continue }
        drawing.cells[inY * drawing.width + inX] |= Drawing.onLine
      }
    }
  }

  private static func require(_ crossings: Int, _ file: String?) throws(StudyError) {
    guard crossings < mostCrossings else {
      throw StudyError(.limit, "a contour crosses more than \(mostCrossings) rows or columns", file: file)
    }
  }
}
