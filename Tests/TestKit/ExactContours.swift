/// Fills contours by exact integer arithmetic, voxel by voxel and edge by edge, to compare with the raster of structure
/// sets. Only the rules in docs/inputs.md are shared with it.
///
/// Points are in eighths of a pixel and within some 16 pixels, so that no number passes 128 bits.
package struct ExactContours {
  package struct Point: Hashable, Sendable {
    package var x: Int
    package var y: Int

    package init(_ x: Int, _ y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// A line's voxels, and the contour that it belongs to.
  struct Piece {
    var points: [Point]
    var contour: Int
    var hasBridge = false
    /// By voxel: within by an odd number of crossings and not on the line.
    var inside: [Bool]
  }

  let columns: Int
  let rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// 1 where a voxel is inside; nil where the contours can be read in two ways.
  package func mask(_ contours: [[Point]]) -> [UInt8]? {
    var pieces: [Piece] = []
    var onLine = [Bool](repeating: false, count: columns * rows)
    for (index, points) in contours.enumerated() {
      let drawn = draw(points)
      for voxel in onLine.indices where drawn.on[voxel] { onLine[voxel] = true }
      if !drawn.overlaps {
        pieces.append(Piece(points: points, contour: index, inside: drawn.inside))
        continue
      }
      let (loops, hasBridge) = loops(points)
      for loop in loops {
        let drawn = draw(loop)
        if drawn.overlaps { return nil }
        pieces.append(Piece(points: loop, contour: index, hasBridge: hasBridge, inside: drawn.inside))
      }
    }
    pieces.removeAll { !$0.inside.contains(true) }
    guard let (group, enclosing) = groups(pieces) else { return nil }
    return onLine.indices.map { voxel in
      if onLine[voxel] { return 1 }
      let depths = pieces.indices.filter { pieces[$0].inside[voxel] }.map { enclosing[group[$0]]?.count ?? 0 }
      return depths.max().map { $0 % 2 == 0 ? 1 : 0 } ?? 0
    }
  }

  /// The group of each piece, and the groups that enclose each group.
  private func groups(_ pieces: [Piece]) -> (group: [Int], enclosing: [Int: Set<Int>])? {
    var group = Array(pieces.indices)
    var nested: [(inner: Int, outer: Int)] = []
    for i in pieces.indices {
      for j in pieces.indices where j > i {
        let isOne = pieces[i].contour == pieces[j].contour
        let kind = ExactRelation(pieces[i].points, pieces[j].points).kind
        if !isOne, isDoubtful(pieces[i], pieces[j], kind) { return nil }
        switch kind {
        case .apart: continue
        case .inner, .outer:
          if isOne, !pieces[i].hasBridge { return nil }
          nested.append(kind == .inner ? (i, j) : (j, i))
        case .crossing where isOne: return nil
        case .crossing, .same:
          let (a, b) = (group[i], group[j])
          for k in group.indices where group[k] == b { group[k] = a }
        }
      }
    }
    var enclosing: [Int: Set<Int>] = [:]
    for (inner, outer) in nested where group[inner] != group[outer] {
      enclosing[group[inner], default: []].insert(group[outer])
    }
    return (group, enclosing)
  }

  /// A rim of less than a pixel is a wall, or one contour twice; a line within another that leaves it by less than a
  /// pixel is a hole, or a part of a union.
  private func isDoubtful(_ first: Piece, _ second: Piece, _ kind: ExactRelation.Kind) -> Bool {
    switch kind {
    case .inner, .outer: return ExactRelation.runTogether(first.points, second.points)
    case .crossing:
      let counts = [first, second].map { $0.inside.count { $0 } }
      let isFirstSmall = counts[0] <= counts[1]
      let (low, high) = (min(counts[0], counts[1]), max(counts[0], counts[1]))
      let shared = zip(first.inside, second.inside).count { $0 && $1 }
      return 10 * shared >= 9 * low && 10 * shared < 9 * high && 100 * shared > high
        && (isFirstSmall
          ? ExactRelation.barelyLeaves(first.points, second.points)
          : ExactRelation.barelyLeaves(second.points, first.points))
    case .apart, .same: return false
    }
  }

  /// Voxel centres on a line and within it, and whether it runs round one an even number of times.
  private func draw(_ points: [Point]) -> (on: [Bool], inside: [Bool], overlaps: Bool) {
    var on = [Bool](repeating: false, count: columns * rows)
    var inside = on
    var overlapped = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let (px, py) = (8 * column, 8 * row)
        var turns = 0
        var crossings = 0
        for (a, b) in edges(points) {
          let cross = (b.x - a.x) * (py - a.y) - (b.y - a.y) * (px - a.x)
          if cross == 0, px >= min(a.x, b.x), px <= max(a.x, b.x), py >= min(a.y, b.y), py <= max(a.y, b.y) {
            on[row * columns + column] = true
          }
          guard (a.y <= py) != (b.y <= py) else { continue }
          // Right of the centre: the edge runs up and has it on its left, or down and on its right.
          if (b.y > a.y) == (cross > 0) {
            crossings += 1
            turns += b.y > a.y ? 1 : -1
          }
        }
        guard !on[row * columns + column] else { continue }
        if crossings % 2 == 1 {
          inside[row * columns + column] = true
        } else if turns != 0 {
          overlapped += 1
        }
      }
    }
    // Less than one hundredth is read by the even-odd rule.
    return (on, inside, overlapped * 100 > inside.count { $0 })
  }

  /// A line split where it returns to a point.
  private func loops(_ points: [Point]) -> (loops: [[Point]], hasBridge: Bool) {
    var loops: [[Point]] = []
    var path: [Point] = []
    for point in points {
      if let k = path.firstIndex(of: point) {
        loops.append(Array(path[k...]))
        path.removeSubrange((k + 1)...)
      } else {
        path.append(point)
      }
    }
    loops.append(path)
    return (loops.filter { $0.count > 2 }, loops.contains { $0.count == 2 })
  }
}

func edges(_ points: [ExactContours.Point]) -> [(ExactContours.Point, ExactContours.Point)] {
  points.indices.map { (points[$0], points[($0 + 1) % points.count]) }
}
