/// How two closed lines lie to each other, by exact fractions.
struct ExactRelation {
  enum Kind { case apart, inner, outer, crossing, same }

  typealias Point = ExactContours.Point

  /// A point `(x, y) / d`, d > 0.
  private struct Fraction {
    var x: Int128
    var y: Int128
    var d: Int128
  }

  private enum Side { case inside, outside, on }

  let kind: Kind

  init(_ first: [Point], _ second: [Point]) {
    let ofFirst = Self.course(first, second)
    let ofSecond = Self.course(second, first)
    if ofFirst.inside && ofFirst.outside || ofSecond.inside && ofSecond.outside
      || ofFirst.inside && ofSecond.inside
    {
      kind = .crossing
    } else if ofSecond.inside {
      kind = .outer
    } else if ofFirst.inside {
      kind = .inner
    } else if !ofFirst.outside, !ofSecond.outside {
      kind = .same
    } else if !ofFirst.outside {
      kind = Self.holds(second, first) ? .same : .apart
    } else if !ofSecond.outside {
      kind = Self.holds(first, second) ? .same : .apart
    } else {
      kind = .apart
    }
  }

  /// Whether the points of each line, and the middles of its edges, are no farther from the other than 0.99 pixel.
  static func runTogether(_ first: [Point], _ second: [Point]) -> Bool {
    [(first, second), (second, first)].allSatisfy { sides(of: $0, to: $1) == [.on] }
  }

  /// Whether the points of a line, and the middles of its edges, lie within another or up to 0.99 pixel from it.
  static func barelyLeaves(_ line: [Point], _ other: [Point]) -> Bool { !sides(of: line, to: other).contains(.outside) }

  private static func sides(of line: [Point], to other: [Point]) -> Set<Side> {
    var sides: Set<Side> = []
    for (a, b) in edges(line) {
      sides.insert(side(Fraction(x: Int128(a.x), y: Int128(a.y), d: 1), other, reach: (39_204, 625)))
      sides.insert(side(Fraction(x: Int128(a.x + b.x), y: Int128(a.y + b.y), d: 2), other, reach: (39_204, 625)))
    }
    return sides
  }

  /// Whether the points of a line, and the middles of the pieces that another cuts its edges into, lie in and outside it.
  private static func course(_ line: [Point], _ other: [Point]) -> (inside: Bool, outside: Bool) {
    var result = (inside: false, outside: false)
    func note(_ point: Fraction) {
      switch side(point, other) {
      case .inside: result.inside = true
      case .outside: result.outside = true
      case .on: break
      }
    }
    for (a, b) in edges(line) {
      note(Fraction(x: Int128(a.x), y: Int128(a.y), d: 1))
      guard a != b else { continue }
      let cuts = cuts(a, b, other)
      for (from, to) in zip([(0, 1)] + cuts, cuts + [(1, 1)]) {
        // (from + to) / 2
        let (n, d) = (from.0 * to.1 + to.0 * from.1, 2 * from.1 * to.1)
        note(
          Fraction(
            x: Int128(a.x) * d + Int128(b.x - a.x) * n, y: Int128(a.y) * d + Int128(b.y - a.y) * n, d: d))
      }
    }
    return result
  }

  /// Parts of an edge where another line meets it, ascending, without its ends.
  private static func cuts(_ a: Point, _ b: Point, _ other: [Point]) -> [(Int128, Int128)] {
    var cuts: [(Int128, Int128)] = []
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    func add(_ n: Int, _ d: Int) {
      let (n, d) = d < 0 ? (-n, -d) : (n, d)
      if n > 0, n < d { cuts.append((Int128(n), Int128(d))) }
    }
    for (p, q) in edges(other) {
      let (ox, oy, ex, ey) = (p.x - a.x, p.y - a.y, q.x - p.x, q.y - p.y)
      if ox * dy == oy * dx { add(ox * dx + oy * dy, dx * dx + dy * dy) }
      let turn = dx * ey - dy * ex
      guard turn != 0 else { continue }
      let (part, along) = (ox * ey - oy * ex, ox * dy - oy * dx)
      if turn > 0 ? along >= 0 && along <= turn : along <= 0 && along >= turn { add(part, turn) }
    }
    cuts.sort { $0.0 * $1.1 < $1.0 * $0.1 }
    var distinct: [(Int128, Int128)] = []
    for cut in cuts {
      if let last = distinct.last, last.0 * cut.1 == cut.0 * last.1 { continue }
      distinct.append(cut)
    }
    return distinct
  }

  /// On the line up to 0.02 pixel from it, which are 4/25 eighths.
  private static func side(_ p: Fraction, _ line: [Point], reach: (Int128, Int128) = (16, 625)) -> Side {
    var isInside = false
    for (a, b) in edges(line) {
      let (dx, dy) = (Int128(b.x - a.x), Int128(b.y - a.y))
      let (ox, oy) = (p.x - Int128(a.x) * p.d, p.y - Int128(a.y) * p.d)
      let length = dx * dx + dy * dy
      let along = ox * dx + oy * dy
      let isNear: Bool
      if along <= 0 {
        isNear = reach.1 * (ox * ox + oy * oy) <= reach.0 * p.d * p.d
      } else if along >= length * p.d {
        let (qx, qy) = (p.x - Int128(b.x) * p.d, p.y - Int128(b.y) * p.d)
        isNear = reach.1 * (qx * qx + qy * qy) <= reach.0 * p.d * p.d
      } else {
        let cross = dx * oy - dy * ox
        isNear = reach.1 * cross * cross <= reach.0 * p.d * p.d * length
      }
      if isNear { return .on }
      if (Int128(a.y) * p.d <= p.y) != (Int128(b.y) * p.d <= p.y) {
        let cross = dx * oy - dy * ox
        if (dy > 0) == (cross > 0) { isInside.toggle() }
      }
    }
    return isInside ? .inside : .outside
  }

  /// Whether a line holds a point well within another: the middle of its widest span halfway between two of its rows.
  private static func holds(_ whole: [Point], _ part: [Point]) -> Bool {
    let levels = Set(part.map(\.y)).sorted()
    var best: Fraction?
    var width = 0.0
    for (low, high) in zip(levels, levels.dropFirst()) {
      // In sixteenths, so that the middle is whole.
      var columns: [(n: Int128, d: Int128)] = []
      for (a, b) in edges(part) where (2 * a.y <= low + high) != (2 * b.y <= low + high) {
        let d = b.y > a.y ? b.y - a.y : a.y - b.y
        let n = 2 * a.x * d + (low + high - 2 * a.y) * (b.x - a.x) * (b.y > a.y ? 1 : -1)
        columns.append((Int128(n), Int128(2 * d)))
      }
      columns.sort { $0.n * $1.d < $1.n * $0.d }
      for k in stride(from: 0, to: columns.count - 1, by: 2) {
        let (left, right) = (columns[k], columns[k + 1])
        let span = Double(right.n) / Double(right.d) - Double(left.n) / Double(left.d)
        if span > width + 1e-9 {
          width = span
          let d = 2 * left.d * right.d
          best = Fraction(x: left.n * right.d + right.n * left.d, y: Int128(low + high) * left.d * right.d, d: d)
        }
      }
    }
    return best.map { side($0, whole, reach: (0, 1)) != .outside } ?? false
  }
}
