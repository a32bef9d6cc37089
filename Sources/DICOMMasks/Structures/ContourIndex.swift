internal import DICOM
import Errors

/// The edges of a contour by the rows that they span, so that edges near a point are found without testing all.
struct ContourIndex {
  let line: ContourLine
  let bounds: ContourBounds
  private let height: Double
  private let strips: Int
  /// Edges of strip s are `edges[starts[s]..<starts[s + 1]]`.
  private var starts: [Int32]
  private var edges: [Int32]

  /// - Throws: `E_LIMIT`.
  init(_ line: ContourLine, _ budget: inout ContourBudget) throws(StudyError) {
    self.line = line
    let bounds = line.bounds
    self.bounds = bounds
    let strips = max(1, min(line.count / 2, 4096))
    let height = max((bounds.bottom - bounds.top) / Double(strips), 1e-9)
    func strip(_ y: Double) -> Int { Int(max(0, min(Double(strips - 1), (y - bounds.top) / height))) }
    var starts = [Int32](repeating: 0, count: strips + 1)
    var total = 0
    for i in 0..<line.count {
      let (a, b) = (strip(min(line.y[i], line.y[line.next(i)])), strip(max(line.y[i], line.y[line.next(i)])))
      // Each is stored.
      try budget.spend(20 * (b - a + 1))
      total += b - a + 1
      for s in a...b { starts[s + 1] += 1 }
    }
    for s in 0..<strips { starts[s + 1] += starts[s] }
    var edges = [Int32](repeating: 0, count: total)
    var ends = starts
    for i in 0..<line.count {
      let (a, b) = (strip(min(line.y[i], line.y[line.next(i)])), strip(max(line.y[i], line.y[line.next(i)])))
      for s in a...b {
        edges[Int(ends[s])] = Int32(i)
        ends[s] += 1
      }
    }
    (self.height, self.strips, self.starts, self.edges) = (height, strips, starts, edges)
  }

  private func strip(_ y: Double) -> Int { Int(max(0, min(Double(strips - 1), (y - bounds.top) / height))) }

  /// Edges that may have points between two rows; some more than once.
  func edges(_ top: Double, _ bottom: Double) -> ArraySlice<Int32> {
    guard bottom >= bounds.top, top <= bounds.bottom else { return [] }
    return edges[Int(starts[strip(top)])..<Int(starts[strip(bottom) + 1])]
  }

  enum Side { case inside, outside, on }

  /// The side of the line on which a point lies; on it where it is at most `reach` away.
  ///
  /// - Throws: `E_LIMIT`.
  func side(_ px: Double, _ py: Double, _ reach: Double, _ budget: inout ContourBudget) throws(StudyError) -> Side {
    guard px >= bounds.left - reach, px <= bounds.right + reach, py >= bounds.top - reach, py <= bounds.bottom + reach
    else { return .outside }
    let near = edges(py - reach, py + reach)
    try budget.spend(near.count)
    for edge in near where squaredDistance(px, py, Int(edge)) <= reach * reach { return .on }
    var isInside = false
    for edge in edges(py, py) {
      let i = Int(edge)
      let j = line.next(i)
      let (y0, y1) = (line.y[i], line.y[j])
      guard (y0 <= py) != (y1 <= py) else { continue }
      if line.x[i] + (py - y0) * (line.x[j] - line.x[i]) / (y1 - y0) > px { isInside.toggle() }
    }
    return isInside ? .inside : .outside
  }

  private func squaredDistance(_ px: Double, _ py: Double, _ i: Int) -> Double {
    let j = line.next(i)
    let (dx, dy) = (line.x[j] - line.x[i], line.y[j] - line.y[i])
    let (ox, oy) = (px - line.x[i], py - line.y[i])
    let length = dx * dx + dy * dy
    let t = length > 0 ? max(0, min(1, (ox * dx + oy * dy) / length)) : 0
    let (rx, ry) = (ox - t * dx, oy - t * dy)
    return rx * rx + ry * ry
  }

  /// A point well inside the line: the middle of the widest span on the rows halfway between points; nil where the line
  /// encloses nothing.
  ///
  /// - Throws: `E_LIMIT`.
  func innerPoint(_ budget: inout ContourBudget) throws(StudyError) -> (x: Double, y: Double)? {
    let rows = Set(line.y).sorted()
    var best: (x: Double, y: Double)?
    var width = 0.0
    for (low, high) in zip(rows, rows.dropFirst()) {
      let row = (low + high) / 2
      var columns: [Double] = []
      let near = edges(row, row)
      try budget.spend(near.count)
      for edge in near {
        let i = Int(edge)
        let j = line.next(i)
        let (y0, y1) = (line.y[i], line.y[j])
        guard (y0 <= row) != (y1 <= row) else { continue }
        columns.append(line.x[i] + (row - y0) * (line.x[j] - line.x[i]) / (y1 - y0))
      }
      columns.sort()
      for k in stride(from: 0, to: columns.count - 1, by: 2) where columns[k + 1] - columns[k] > width {
        width = columns[k + 1] - columns[k]
        best = ((columns[k] + columns[k + 1]) / 2, row)
      }
    }
    return best
  }
}
