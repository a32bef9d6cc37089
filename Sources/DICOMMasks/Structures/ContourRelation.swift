internal import DICOM
import Errors

/// The relation of two closed lines of a slice.
enum ContourRelation {
  /// They enclose no common area; they may touch.
  case apart
  /// The second encloses the first; the reverse.
  case inner, outer
  /// Each runs partly inside and partly outside the other.
  case crossing
  /// They have the same outline.
  case same
  /// All of the first runs along the second and fills the same, and the second also runs elsewhere; the reverse.
  case part, whole

  /// In pixels: a line this close to another runs along it. Coordinates are rounded to 0.01 mm or less, and a hole
  /// that touches the outline does not cross it because of that.
  static let contact = 0.02

  /// In pixels: a hole nowhere farther than this from its outline leaves only a rim, and a line that leaves another by
  /// no more is perhaps one that was meant to lie within it.
  static let rim = 0.99

  /// Whether the points of each of two lines, and the middles of its edges, are no farther from the other than `rim`.
  ///
  /// - Throws: `E_LIMIT`.
  static func runTogether(
    _ first: ContourIndex, _ second: ContourIndex, _ budget: inout ContourBudget
  ) throws(StudyError) -> Bool {
    for (one, other) in [(first, second), (second, first)] {
      guard try sides(of: one.line, to: other, &budget) == [.on] else { return false }
    }
    return true
  }

  /// Whether the points of a line, and the middles of its edges, lie within another or no farther from it than `rim`.
  ///
  /// - Throws: `E_LIMIT`.
  static func barelyLeaves(
    _ line: ContourIndex, _ other: ContourIndex, _ budget: inout ContourBudget
  ) throws(StudyError) -> Bool {
    try !sides(of: line.line, to: other, &budget).contains(.outside)
  }

  /// On which sides of another the points of a line and the middles of its edges lie; on it up to `rim`.
  private static func sides(
    of line: ContourLine, to other: ContourIndex, _ budget: inout ContourBudget
  ) throws(StudyError) -> Set<ContourIndex.Side> {
    var sides: Set<ContourIndex.Side> = []
    for i in 0..<line.count {
      let j = line.next(i)
      for (x, y) in [(line.x[i], line.y[i]), ((line.x[i] + line.x[j]) / 2, (line.y[i] + line.y[j]) / 2)] {
        try budget.spend(1)
        sides.insert(try other.side(x, y, rim, &budget))
      }
    }
    return sides
  }

  /// - Throws: `E_LIMIT`.
  static func of(
    _ first: ContourIndex, _ second: ContourIndex, _ budget: inout ContourBudget
  ) throws(StudyError) -> ContourRelation {
    try budget.spend(1)
    guard first.bounds.meets(second.bounds) else { return .apart }
    let ofSecond = try Course(of: second, along: first, &budget)
    if ofSecond.isBoth { return .crossing }
    let ofFirst = try Course(of: first, along: second, &budget)
    if ofFirst.isBoth || (ofFirst.isInside && ofSecond.isInside) { return .crossing }
    if ofSecond.isInside { return .outer }
    if ofFirst.isInside { return .inner }
    // Neither has a point within the other. Where all of one runs along the other, it fills the same, or a gap.
    switch (ofFirst.isOutside, ofSecond.isOutside) {
    case (false, false): return .same
    case (false, true): return try holdsInnerPoint(second, of: first, &budget) ? .part : .apart
    case (true, false): return try holdsInnerPoint(first, of: second, &budget) ? .whole : .apart
    case (true, true): return .apart
    }
  }

  private static func holdsInnerPoint(
    _ whole: ContourIndex, of part: ContourIndex, _ budget: inout ContourBudget
  ) throws(StudyError) -> Bool {
    guard let point = try part.innerPoint(&budget) else { return false }
    return try whole.side(point.x, point.y, 0, &budget) != .outside
  }

  /// Whether a line has points inside and outside another: its points, and the middles of the pieces into which the
  /// other cuts its edges.
  private struct Course {
    var isInside = false
    var isOutside = false
    var isBoth: Bool { isInside && isOutside }

    init(of line: ContourIndex, along other: ContourIndex, _ budget: inout ContourBudget) throws(StudyError) {
      let reach = ContourRelation.contact
      let (box, own) = (other.bounds, line.bounds)
      // Points beyond the other's box are outside it.
      isOutside =
        own.left < box.left - reach || own.right > box.right + reach || own.top < box.top - reach
        || own.bottom > box.bottom + reach
      var cuts: [Double] = []
      let points = line.line
      for i in 0..<points.count {
        let j = points.next(i)
        let (x0, y0, x1, y1) = (points.x[i], points.y[i], points.x[j], points.y[j])
        try budget.spend(1)
        guard max(x0, x1) >= box.left - reach, min(x0, x1) <= box.right + reach, max(y0, y1) >= box.top - reach,
          min(y0, y1) <= box.bottom + reach
        else { continue }
        let start = try other.side(x0, y0, reach, &budget)
        note(start)
        try other.cuts(x0, y0, x1, y1, into: &cuts, &budget)
        // An uncut edge stays on its side.
        if cuts.isEmpty, start != .on { continue }
        if isBoth { return }
        cuts.append(1)
        cuts.sort()
        var from = 0.0
        for to in cuts where to - from > 1e-9 {
          let middle = (from + to) / 2
          note(try other.side(x0 + middle * (x1 - x0), y0 + middle * (y1 - y0), reach, &budget))
          from = to
        }
        if isBoth { return }
      }
    }

    private mutating func note(_ side: ContourIndex.Side) {
      switch side {
      case .inside: isInside = true
      case .outside: isOutside = true
      case .on: break
      }
    }
  }
}

extension ContourIndex {
  /// Where the line cuts a segment, as fractions of its length: crossings, and points of the line that lie on it.
  ///
  /// - Throws: `E_LIMIT`.
  func cuts(
    _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, into cuts: inout [Double], _ budget: inout ContourBudget
  ) throws(StudyError) {
    cuts.removeAll(keepingCapacity: true)
    let (dx, dy) = (x1 - x0, y1 - y0)
    let length = dx * dx + dy * dy
    guard length > 0 else { return }
    let tie = ContourLine.tie
    let (left, right) = (min(x0, x1) - tie, max(x0, x1) + tie)
    let near = edges(min(y0, y1) - tie, max(y0, y1) + tie)
    try budget.spend(near.count)
    for edge in near {
      let i = Int(edge)
      let j = line.next(i)
      let (ax, ay, bx, by) = (line.x[i], line.y[i], line.x[j], line.y[j])
      guard max(ax, bx) >= left, min(ax, bx) <= right, max(ay, by) >= min(y0, y1) - tie,
        min(ay, by) <= max(y0, y1) + tie
      else { continue }
      let (ox, oy) = (ax - x0, ay - y0)
      let along = (ox * dx + oy * dy) / length
      let beside = ox * dy - oy * dx
      if along > 0, along < 1, beside * beside <= tie * tie * length { cuts.append(along) }
      let (ex, ey) = (bx - ax, by - ay)
      let turn = dx * ey - dy * ex
      guard abs(turn) > 1e-12 * (length * (ex * ex + ey * ey)).squareRoot() else { continue }
      let part = (ox * ey - oy * ex) / turn
      let other = (ox * dy - oy * dx) / turn
      if part > 0, part < 1, other >= -1e-9, other <= 1 + 1e-9 { cuts.append(part) }
    }
  }
}
