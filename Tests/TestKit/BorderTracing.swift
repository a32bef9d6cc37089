/// Traces the borders of a bitmap as OpenCV's findContours does (Suzuki and Abe 1985): outlines and outlines of holes, both
/// through the centres of voxels that are inside.
package enum BorderTracing {
  /// Neighbours in clockwise order on the screen, from the right: columns, rows.
  private static let steps = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]

  /// - Parameter bitmap: columns fastest.
  /// - Returns: each border's voxels (column, row), every one, in order.
  package static func borders(_ bitmap: [UInt8], columns: Int, rows: Int) -> [[(Int, Int)]] {
    // One column and row of nothing around it.
    let width = columns + 2
    var labels = [Int](repeating: 0, count: width * (rows + 2))
    for row in 0..<rows {
      for column in 0..<columns where bitmap[row * columns + column] != 0 {
        labels[(row + 1) * width + column + 1] = 1
      }
    }
    var borders: [[(Int, Int)]] = []
    var number = 1
    for row in 1...rows {
      for column in 1...columns {
        let place = row * width + column
        guard labels[place] != 0 else { continue }
        let isOutline = labels[place] == 1 && labels[place - 1] == 0
        let isHole = labels[place] >= 1 && labels[place + 1] == 0
        guard isOutline || isHole else { continue }
        number += 1
        let traced = trace(&labels, width, place, from: isOutline ? 4 : 0, number)
        borders.append(traced.map { ($0 % width - 1, $0 / width - 1) })
      }
    }
    return borders
  }

  private static func trace(
    _ labels: inout [Int], _ width: Int, _ start: Int, from direction: Int, _ number: Int
  ) -> [Int] {
    func neighbour(_ place: Int, _ k: Int) -> Int {
      let (dx, dy) = steps[(k % 8 + 8) % 8]
      return place + dy * width + dx
    }
    guard let first = (0..<8).map({ direction + $0 }).first(where: { labels[neighbour(start, $0)] != 0 }) else {
      labels[start] = -number
      return [start]
    }
    let last = neighbour(start, first)
    var places: [Int] = []
    var (place, back) = (start, first)
    while true {
      places.append(place)
      // Counterclockwise from behind where it came from.
      var k = back - 1
      var sawRight = false
      while labels[neighbour(place, k)] == 0 {
        if (k % 8 + 8) % 8 == 0 { sawRight = true }
        k -= 1
      }
      if sawRight {
        labels[place] = -number
      } else if labels[place] == 1 {
        labels[place] = number
      }
      let next = neighbour(place, k)
      if next == start, place == last { return places }
      (place, back) = (next, k + 4)
    }
  }

  /// Without the points in the middle of straight runs, as CHAIN_APPROX_SIMPLE.
  package static func shortened(_ border: [(Int, Int)]) -> [(Int, Int)] {
    let count = border.count
    guard count > 2 else { return border }
    return (0..<count).filter { i in
      let (a, b, c) = (border[(i + count - 1) % count], border[i], border[(i + 1) % count])
      return (b.0 - a.0, b.1 - a.1) != (c.0 - b.0, c.1 - b.1)
    }.map { border[$0] }
  }
}
